import type { Answer } from '../api.ts';
import { areSame, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span, Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';

type Person = Answer<'showPerson'>;

interface Props {
  readonly person: Person;
}

export function Selectors({ person }: Props) {
  return (
    <Section id="selectors" title={t('person-tables.selectors')} count={person.selectors.length}>
      <Rows
        caption={t('person-tables.selectors-seen-with-the')}
        heads={[
          t('say.selector'),
          t('say.as-written'),
          t('person-tables.compared-as'),
          t('person-tables.basis'),
          t('say.where'),
          t('person-tables.times'),
          t('say.first-and-last'),
          t('say.source'),
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
                <span className="muted">{t('person-tables.the-same')}</span>
              ) : (
                <EvidenceText value={selector.canonical} otherwise={t('person-tables.not-comparable')} />
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
              <SourceLink pointer={selector.pointer} of={t('say.the-of', { what: selector.selector })} item />
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
      title={t('say.files')}
      count={person.files.length}
      note={t('person-tables.names-and-hashes-only')}
    >
      {person.files.length === 0 ? (
        <p>
          <Unknown text={t('say.none-known')} />
        </p>
      ) : (
        <Rows
          caption={t('person-tables.files-posted-sent-or')}
          heads={[
            t('say.name'),
            t('person-tables.stored-as'),
            t('person-tables.type-stated'),
            t('say.size'),
            t('say.time'),
            t('person-tables.state'),
            t('person-tables.hashes'),
            t('say.source'),
          ]}
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
                <SourceLink pointer={file.pointer} of={t('say.the-file')} item />
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
  if (known.length === 0) return <Unknown text={t('person-tables.in-the-source-record')} />;
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
      title={t('say.messages')}
      count={person.messages.length}
      note={t('person-tables.listed-without-their-text')}
    >
      {person.messages.length === 0 ? (
        <p>
          <Unknown text={t('say.none-known')} />
        </p>
      ) : (
        <Rows
          caption={t('person-tables.messages-sent')}
          heads={[
            t('say.time'),
            t('say.channel'),
            t('person-tables.sent-by'),
            t('say.place'),
            t('person-tables.state'),
            t('person-tables.length-of-text'),
            t('say.source'),
          ]}
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
                <SourceLink pointer={message.pointer} of={t('say.the-message')} item />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}
