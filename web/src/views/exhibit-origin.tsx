import { type Answer, api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Asked } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type Origin = Answer<'showOrigin'>;

/** How an exhibit came here, and which reader was chosen for what is in it. */
export function OriginOf({ id }: { readonly id: string }) {
  const answer = useAnswer(`origin ${id}`, () => api.origin(id));
  return (
    <Asked answer={answer}>
      {(origin) => (
        <>
          <Custody origin={origin} />
          <Readers origin={origin} />
        </>
      )}
    </Asked>
  );
}

function Custody({ origin: { custody } }: { readonly origin: Origin }) {
  return (
    <Section id="custody" title={t('origin.title')} count={custody.length}>
      {custody.length === 0 ? (
        <p className="note">{t('origin.none')}</p>
      ) : (
        <Rows
          reachable
          caption={t('origin.title')}
          heads={[
            t('origin.time'),
            t('origin.who'),
            t('intake.how'),
            t('intake.authority'),
            t('origin.note'),
          ]}
          rows={custody}
          row={(entry, index) => (
            <tr key={keyOf(entry.path, index)}>
              <th scope="row">
                {entry.time.slice(0, 16).replace('T', ' ')}{' '}
                <abbr title="Coordinated Universal Time">UTC</abbr>
              </th>
              <td>
                <EvidenceText value={entry.author} />
              </td>
              <td>
                {named('intake', entry.how)}: <EvidenceText value={entry.path} />
              </td>
              <td>
                {entry.authority ?? <Unknown />}
                {entry.reference !== null && <div className="muted">{entry.reference}</div>}
              </td>
              <td>
                <EvidenceText value={entry.note} />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}

function Readers({ origin: { choices, files } }: { readonly origin: Origin }) {
  if (choices.length === 0) return null;
  const cut = choices.length < files ? ` ${t('origin.more', { shown: choices.length, n: files })}` : '';
  return (
    <Section
      id="readers"
      title={t('origin.readers')}
      count={files}
      note={`${t('origin.readers-note')}${cut}`}
    >
      <Rows
        reachable
        caption={t('origin.readers')}
        heads={[t('origin.file'), t('origin.chosen'), t('origin.sure')]}
        rows={choices}
        row={(choice, index) => (
          <tr key={keyOf(choice.path, index)}>
            <th scope="row">
              <EvidenceText value={choice.path} otherwise={t('origin.whole')} />
            </th>
            <td>
              {choice.reader ?? <Unknown />}
              {choice.unread !== null && (
                <div className="muted">
                  <EvidenceText value={choice.unread} />
                </div>
              )}
            </td>
            <td>
              {choice.told === null
                ? t('origin.untold')
                : choice.told.length === 0
                  ? t('origin.unknown')
                  : choice.told.map(({ reader, sure }) => `${reader} ${sure.toFixed(2)}`).join(', ')}
            </td>
          </tr>
        )}
      />
    </Section>
  );
}
