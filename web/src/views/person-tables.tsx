import type { Answer } from '../api.ts';
import { areSame, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span, Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';

type Person = Answer<'showPerson'>;

interface Props {
  readonly person: Person;
}

export function Selectors({ person }: Props) {
  return (
    <Section id="selectors" title="Selectors" count={person.selectors.length}>
      <Rows
        caption="Selectors seen with the accounts"
        heads={[
          'Selector',
          'As written',
          'Compared as',
          'Basis',
          'Where',
          'Times',
          'First and last',
          'Source',
        ]}
        rows={person.selectors}
        row={(selector, index) => (
          <tr key={keyOf(selector.pointer, index)}>
            <th scope="row">{selector.selector}</th>
            <td className="wide">
              <EvidenceText value={selector.raw} />
            </td>
            <td className="wide inferred">
              {areSame(selector.raw, selector.canonical) ? (
                <span className="muted">the same</span>
              ) : (
                <EvidenceText value={selector.canonical} otherwise="not comparable" />
              )}
            </td>
            <td className="short">
              <EvidenceText value={selector.basis} />
            </td>
            <td>
              <EvidenceText value={selector.context} />
            </td>
            <td className="number">{count(selector.times)}</td>
            <td>
              <Span first={selector.first_time} last={selector.last_time} />
            </td>
            <td>
              <SourceLink pointer={selector.pointer} of={`the ${selector.selector}`} item />
            </td>
          </tr>
        )}
      />
    </Section>
  );
}

/** Names and hashes. What a file shows is never shown. */
export function Files({ person }: Props) {
  return (
    <Section
      id="files"
      title="Files"
      count={person.files.length}
      note="Names and hashes only: Waymark never opens or shows a file."
    >
      {person.files.length === 0 ? (
        <p>
          <Unknown text="none known" />
        </p>
      ) : (
        <Rows
          caption="Files posted, sent or stored"
          heads={['Name', 'Stored as', 'Type stated', 'Size', 'Time', 'State', 'Hashes', 'Source']}
          rows={person.files}
          row={(file, index) => (
            <tr key={keyOf(file.pointer, index)}>
              <th scope="row">
                <EvidenceText value={file.name} />
              </th>
              <td>
                <EvidenceText value={file.stored_name} />
              </td>
              <td>
                <EvidenceText value={file.media_type} />
              </td>
              <td className="number">{file.size === null ? <Unknown /> : bytes(file.size)}</td>
              <td>
                <Time time={file.time} text={file.time_text} zone={file.time_zone} />
              </td>
              <td>
                <EvidenceText value={file.state} />
              </td>
              <td>
                <Hashes file={file} />
              </td>
              <td>
                <SourceLink pointer={file.pointer} of="the file" item />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}

function Hashes({ file }: { readonly file: Person['files'][number] }) {
  const known = [file.sha256, file.sha1, file.md5].filter((hash) => typeof hash === 'string');
  if (known.length === 0) return <Unknown text="in the source record" />;
  return known.map((hash) => (
    <code key={hash} className="hash">
      {hash}
    </code>
  ));
}

export function Messages({ person }: Props) {
  return (
    <Section
      id="messages"
      title="Messages"
      count={person.messages.length}
      note="Listed without their text. To read one, open its source: reading is recorded in the ledger."
    >
      {person.messages.length === 0 ? (
        <p>
          <Unknown text="none known" />
        </p>
      ) : (
        <Rows
          caption="Messages sent"
          heads={['Time', 'Channel', 'Sent by', 'Place', 'State', 'Length of text', 'Source']}
          rows={person.messages}
          row={(message, index) => (
            <tr key={keyOf(message.pointer, index)}>
              <td>
                <Time time={message.time} text={message.time_text} zone={message.time_zone} />
              </td>
              <td>
                <EvidenceText value={message.channel} />
              </td>
              <td>
                <EvidenceText value={message.sender} />
              </td>
              <td>
                <EvidenceText value={message.place} />
              </td>
              <td>
                <EvidenceText value={message.state} />
              </td>
              <td className="number">{bytes(message.body_bytes)}</td>
              <td>
                <SourceLink pointer={message.pointer} of="the message" item />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}
