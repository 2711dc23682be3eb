import type { Answer } from '../api.ts';
import { count } from './numbers.ts';
import { Unknown } from './unknown.tsx';
import { t } from './words.ts';

type Tally = Answer<'listExhibits'>['exhibits'][number]['rows'][number];

/** Parts listed one by one in a row of a table. */
const briefParts = 3;

/** rows = read + skipped, with every reason; and a warning should they ever not add up. */
export function Tallies({ tallies }: { readonly tallies: readonly Tally[] }) {
  if (tallies.length === 0) return <Unknown text={t('tallies.not-counted')} />;
  const empty = tallies.filter(({ rows }) => rows === 0);
  return (
    <ul className="plain tallies">
      {tallies
        .filter(({ rows }) => rows > 0)
        .map((tally) => (
          <Item key={tally.unit} tally={tally} />
        ))}
      {empty.length > 0 && (
        <li className="muted">
          {t('n.part', { n: empty.length })} {t('tallies.without-rows')}{' '}
          {empty.map(({ unit }) => unit).join(', ')}
        </li>
      )}
    </ul>
  );
}

/** The same for a row of a table: many parts as their sum, with a warning if any does not add up. */
export function BriefTallies({ tallies }: { readonly tallies: readonly Tally[] }) {
  if (tallies.length <= briefParts) return <Tallies tallies={tallies} />;
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const wrong = tallies.filter((tally) => !addsUp(tally));
  return (
    <>
      <span className="number">{count(sum(({ rows }) => rows))}</span> {t('tallies.rows')}{' '}
      <span className="number">{count(sum(({ read }) => read))}</span> {t('tallies.read')}{' '}
      <span className="number">{count(sum(skippedOf))}</span> {t('tallies.skipped')}
      <div className="muted">
        {t('say.in')} {t('n.part', { n: tallies.length })}
        {t('tallies.each-counted-on-the')}
      </div>
      {wrong.length > 0 && (
        <strong className="bad">
          {t('tallies.does-not-add-up')} {wrong.map(({ unit }) => unit).join(', ')}
        </strong>
      )}
    </>
  );
}

function skippedOf({ skipped }: Tally): number {
  return Object.values(skipped).reduce((sum, size) => sum + size, 0);
}

function addsUp(tally: Tally): boolean {
  return tally.read + skippedOf(tally) === tally.rows;
}

function Item({ tally }: { readonly tally: Tally }) {
  const skipped = Object.entries(tally.skipped);
  return (
    <li>
      <span className="number">{count(tally.rows)}</span> {tally.unit} ={' '}
      <span className="number">{count(tally.read)}</span> {t('tallies.read')}{' '}
      <span className="number">{count(skippedOf(tally))}</span> {t('tallies.skipped')}
      {!addsUp(tally) && <strong className="bad"> {t('say.does-not-add-up')}</strong>}
      {skipped.length > 0 && (
        <span className="muted">
          {' '}
          ({skipped.map(([reason, size]) => `${reason}: ${count(size)}`).join(', ')})
        </span>
      )}
    </li>
  );
}
