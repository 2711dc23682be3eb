import type { Answer } from '../api.ts';
import { keyOf } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { count } from './numbers.ts';
import { SourceLinks } from './source-link.tsx';
import { Unknown } from './unknown.tsx';
import { named, t } from './words.ts';

export type Explained = Answer<'showCertificate'>['links'][number];

/** '+4.2', '−1.0': what a piece adds or takes off. */
export function signed(bits: number): string {
  return `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`;
}

/**
 * Every piece of evidence for and against that two accounts are one human, on one scale: what speaks against
 * is drawn as large as what speaks for, and each piece opens its sources.
 */
export function Waterfall({ pair, items = false }: { readonly pair: Explained; readonly items?: boolean }) {
  const scale = Math.max(1, ...pair.bars.map(({ counted }) => Math.abs(counted)), Math.abs(pair.bits));
  return (
    <>
      {pair.bars.length === 0 ? (
        <Unknown text={t('link.nothing')} />
      ) : (
        <div className="scroll plain">
          <table className="waterfall">
            <caption className="hidden">{t('link.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('link.piece')}</th>
                <th scope="col" className="side">
                  {t('link.against')}
                </th>
                <th scope="col" className="side">
                  {t('link.for')}
                </th>
                <th scope="col">{t('link.bits')}</th>
                <th scope="col">{t('common.sources')}</th>
              </tr>
            </thead>
            <tbody>
              {pair.bars.map((bar, index) => (
                <tr key={keyOf(bar.text, index)}>
                  <th scope="row">
                    <span className={`tag ${bar.counted < 0 ? 'against' : 'fact'}`}>
                      {named('group', bar.group)}
                    </span>{' '}
                    <EvidenceText value={bar.text} />{' '}
                    <span className="muted">
                      {t('link.shared-by', { n: bar.accounts, of: count(pair.population) })}
                    </span>
                  </th>
                  <Sides bits={bar.counted} scale={scale} />
                  <td className="number">
                    {bar.counted === 0 ? (
                      <span className="muted">{t('link.counts-nothing')}</span>
                    ) : (
                      signed(bar.counted)
                    )}
                  </td>
                  <td>
                    <SourceLinks pointers={bar.pointers} of={named('group', bar.group)} items={items} />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t('link.sum', { from: pair.threshold.toFixed(1) })}</th>
                <Sides bits={pair.bits} scale={scale} />
                <td className="number">{signed(pair.bits)}</td>
                <td />
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      <p className="note">
        <strong>{pair.standing.kind}</strong>: {pair.standing.note}
      </p>
      <details className="ladder">
        <summary>{t('link.ladder', { words: pair.headline.words })}</summary>
        <ul className="plain">
          {pair.ladder.map((rung) => (
            <li key={`${rung.proposition} ${rung.against}`}>
              {rung.proposition}, {t('link.rather-than')} {rung.against}: <strong>{signed(rung.bits)}</strong>
              , {rung.words}
            </li>
          ))}
        </ul>
      </details>
      {pair.pivot !== null && (
        <p className="note">
          {t('link.pivot')} <EvidenceText value={pair.pivot.text} />: {pair.pivot.from} → {pair.pivot.to} (
          {signed(pair.pivot.bits)})
        </p>
      )}
    </>
  );
}

function Sides({ bits, scale }: { readonly bits: number; readonly scale: number }) {
  const width = { inlineSize: `${((Math.abs(bits) / scale) * 100).toFixed(1)}%` };
  return (
    <>
      <td className="side left" aria-hidden="true">
        {bits < 0 && <span className="bar against" style={width} />}
      </td>
      <td className="side" aria-hidden="true">
        {bits > 0 && <span className="bar fact" style={width} />}
      </td>
    </>
  );
}
