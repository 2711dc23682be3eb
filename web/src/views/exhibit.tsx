import { type FormEvent, useState } from 'react';
import { type Answer, ApiError, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count, counted } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Tallies } from '../ui/tallies.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';

type Page = Answer<'listWarnings'>;
type Exclusion = Answer<'excludeExhibit'>;

export function ExhibitPage({ id }: { readonly id: string }) {
  const answer = useAnswer(`exhibit ${id}`, () => api.warnings(id));
  const [exclusion, setExclusion] = useState<Exclusion>();
  return (
    <View title="Exhibit" answer={answer}>
      {(value) => (
        <>
          <h1 tabIndex={-1}>
            <EvidenceText value={value.exhibit.path} />
          </h1>
          <Facts exhibit={value.exhibit} />
          <Warnings page={value} />
          {exclusion && <Fell exclusion={exclusion} />}
          {value.exhibit.status !== 'excluded' && <Exclude id={id} onDone={setExclusion} />}
        </>
      )}
    </View>
  );
}

function Facts({ exhibit }: { readonly exhibit: Page['exhibit'] }) {
  return (
    <dl className="facts">
      <dt>Exhibit</dt>
      <dd>
        <code>{exhibit.id}</code>, {exhibit.kind}, {bytes(exhibit.bytes)} ({count(exhibit.bytes)} bytes)
        {exhibit.status === 'excluded' && <strong className="tag against">excluded</strong>}
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <code className="hash">{exhibit.sha256}</code>
      </dd>
      <dt>Received as</dt>
      <dd>
        <ul className="plain">
          {exhibit.paths.map((path) => (
            <li key={keyOf(path)}>
              <EvidenceText value={path} />
            </li>
          ))}
        </ul>
      </dd>
      <dt>Authority</dt>
      <dd>
        {exhibit.authority ?? <Unknown />}
        {exhibit.reference !== null && `, exhibit reference ${exhibit.reference}`}
      </dd>
      <dt>Reader</dt>
      <dd>
        {exhibit.reader === null ? (
          <Unknown text="no reader" />
        ) : (
          `${exhibit.reader}, version ${exhibit.readerVersion}`
        )}
      </dd>
      <dt>Rows</dt>
      <dd>
        <Tallies tallies={exhibit.rows} />
      </dd>
    </dl>
  );
}

function Warnings({ page: { exhibit, warnings } }: { readonly page: Page }) {
  const cut = warnings.length < exhibit.warnings && exhibit.status !== 'excluded';
  return (
    <Section
      id="warnings"
      title="Warnings"
      count={exhibit.warnings}
      note={
        cut
          ? `The first ${count(warnings.length)} are listed; further ones of a kind are counted only.`
          : 'What the reader could not take as it stood, in its own words.'
      }
    >
      {warnings.length > 0 && (
        <Rows
          caption="Warnings"
          heads={['Kind', 'What', 'Bytes']}
          rows={warnings}
          row={(warning, index) => (
            <tr key={keyOf(warning.pointer, index)}>
              <td>
                <code>{warning.code}</code>
              </td>
              <td>
                <EvidenceText value={warning.text} />
              </td>
              <td>
                <SourceLink pointer={warning.pointer} of="the warning" label="bytes" item />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}

function Exclude({ id, onDone }: { readonly id: string; readonly onDone: (exclusion: Exclusion) => void }) {
  const [reason, setReason] = useState('');
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<ApiError>();
  const exclude = async (event: FormEvent) => {
    event.preventDefault();
    setWorking(true);
    setError(undefined);
    try {
      onDone(await api.exclude(id, reason));
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
    }
    setWorking(false);
  };
  return (
    <Section
      id="exclude"
      title="Exclude"
      note="For an exhibit that was ruled inadmissible, whose authority expired, or that is the wrong parcel. The original stays in the vault and the act in the ledger; everything derived is made anew without it."
    >
      <form className="exclude" onSubmit={exclude}>
        <label htmlFor="reason">Reason (a court will read it)</label>
        <textarea
          id="reason"
          required
          rows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="submit" disabled={working || reason.trim() === ''}>
          {working ? 'Excluding…' : 'Exclude this exhibit'}
        </button>
      </form>
      {error && <Problem error={error} />}
    </Section>
  );
}

function Fell({ exclusion }: { readonly exclusion: Exclusion }) {
  const { links, queue } = exclusion;
  return (
    <Section
      id="fell"
      title="What changed"
      note={`Generation ${exclusion.generation} stands without this exhibit.`}
    >
      <ul className="plain" role="status">
        <li>
          {counted(links.fell.length, 'link')} fell, {links.appeared.length} appeared.
        </li>
        <li>
          {counted(queue.fell.length, 'person')} left the queue, {queue.appeared.length} came in.
        </li>
        {queue.moved.map(({ person, from, to }) => (
          <li key={person}>
            <Link href={addressOf.person(person)}>{person}</Link> moved from rank {from} to {to}.
          </li>
        ))}
        {links.fell.map((link) => (
          <li key={keyOf(link)}>
            Fell: <EvidenceText value={link} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
