import type { Answer } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';

type Person = Answer<'showPerson'>;
type Contact = Person['contacts'][number];

/** Whom the person wrote to and who wrote to them. A contact by itself says nothing about anybody. */
export function Contacts({ person }: { readonly person: Person }) {
  const sent = person.contacts.filter((contact) => contact.from_person === person.person);
  const received = person.contacts.filter((contact) => contact.from_person !== person.person);
  return (
    <Section
      id="contacts"
      title={t('say.contacts')}
      count={person.contacts.length}
      note={t('say.a-contact-raises-nobodys')}
    >
      <h3>
        {t('person-contacts.wrote-to')} <span className="count">{count(sent.length)}</span>
      </h3>
      <Table contacts={sent} side="to" />
      <h3>
        {t('person-contacts.heard-from')} <span className="count">{count(received.length)}</span>
      </h3>
      <Table contacts={received} side="from" />
    </Section>
  );
}

function Table({ contacts, side }: { readonly contacts: readonly Contact[]; readonly side: 'to' | 'from' }) {
  if (contacts.length === 0) {
    return (
      <p>
        <Unknown text={t('say.none-known')} />
      </p>
    );
  }
  return (
    <Rows
      caption={
        side === 'to' ? t('person-contacts.accounts-written-to') : t('person-contacts.accounts-heard-from')
      }
      heads={[
        t('say.account'),
        t('person-contacts.own-account'),
        t('say.channel'),
        t('say.messages'),
        t('say.first-and-last'),
        t('say.first-source'),
      ]}
      rows={contacts}
      row={(contact) => {
        const other = side === 'to' ? contact.to_person : contact.from_person;
        const own = side === 'to' ? contact.from_account : contact.to_account;
        const name = <Other contact={contact} side={side} />;
        return (
          <tr key={keyOf(contact.from_account, contact.to_account, contact.channel)}>
            <th scope="row">
              {other === null ? (
                name
              ) : (
                <Link data-item={keyOf(contact.pointer, other, side)} href={addressOf.person(other)}>
                  {name}
                </Link>
              )}
            </th>
            <td className="muted">
              <EvidenceText value={own} />
            </td>
            <td>
              <EvidenceText value={contact.channel} />
            </td>
            <td className="number">{count(contact.messages)}</td>
            <td>
              <Span first={contact.first_time} last={contact.last_time} />
            </td>
            <td>
              <SourceLink pointer={contact.pointer} of={t('say.the-first-message')} />
            </td>
          </tr>
        );
      }}
    />
  );
}

function Other({ contact, side }: { readonly contact: Contact; readonly side: 'to' | 'from' }) {
  const handle = side === 'to' ? contact.to_handle : contact.from_handle;
  const account = side === 'to' ? contact.to_account : contact.from_account;
  return (
    <>
      {handle !== null && (
        <>
          <EvidenceText value={handle} />{' '}
        </>
      )}
      <span className="muted">
        <EvidenceText value={account} />
      </span>
    </>
  );
}
