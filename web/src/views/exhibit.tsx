import { type Answer, api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Tallies } from '../ui/tallies.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';
import { Standing } from './exhibit-exclusion.tsx';
import { OriginOf } from './exhibit-origin.tsx';

type Page = Answer<'listWarnings'>;

export function ExhibitPage({ id }: { readonly id: string }) {
  const answer = useAnswer(`exhibit ${id}`, () => api.warnings(id));
  return (
    <View title="Exhibit" answer={answer}>
      {(value) => (
        <>
          <h1 tabIndex={-1}>
            <EvidenceText value={value.exhibit.path} />
          </h1>
          <Facts exhibit={value.exhibit} />
          <Warnings page={value} />
          <OriginOf id={id} />
          <Standing
            id={id}
            act={value.exhibit.status === 'excluded' ? 'include' : 'exclude'}
            onDone={answer.again}
          />
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
