import { type ComponentType, lazy, Suspense } from 'react';
import { type Answer, api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Band, ReasonsAgainst, ReasonsFor } from '../ui/reasons.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { t, type Word } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { PersonChildren } from './person-children.tsx';
import { Contacts } from './person-contacts.tsx';
import { PersonElsewhere } from './person-elsewhere.tsx';
import { PersonGround } from './person-ground.tsx';
import { PersonHistory } from './person-history.tsx';
import { Links } from './person-links.tsx';
import { PersonNotes } from './person-notes.tsx';
import { PersonStanding } from './person-standing.tsx';
import { Files, Messages, Selectors } from './person-tables.tsx';

export type Person = Answer<'showPerson'>;

interface Slot {
  readonly id: string;
  readonly title: Word;
  readonly part: ComponentType<{ readonly person: string }>;
}

/** Parts that follow the person's footprint; fetched when a person is first looked at. */
const slots: readonly Slot[] = [
  {
    id: 'network',
    title: 'nav.network',
    part: lazy(() => import('./person-network.tsx').then((part) => ({ default: part.PersonNetwork }))),
  },
  {
    id: 'hand-offs',
    title: 'nav.hand-offs',
    part: lazy(() => import('./person-hand-offs.tsx').then((part) => ({ default: part.PersonHandOffs }))),
  },
  {
    id: 'timeline',
    title: 'nav.timeline',
    part: lazy(() => import('./person-timeline.tsx').then((part) => ({ default: part.PersonTimeline }))),
  },
  {
    id: 'place',
    title: 'nav.places',
    part: lazy(() => import('./person-place.tsx').then((part) => ({ default: part.PersonPlace }))),
  },
];

export function PersonPage({ id }: { readonly id: string }) {
  const answer = useAnswer(`person ${id}`, () => api.person(id), { keep: true });
  return (
    <View title={t('queue.person')} answer={answer}>
      {(value) => (
        <>
          <Heading person={value} />
          <div className="parts">
            <Contents person={value} />
            <div>
              <Reasons person={value} />
              <PersonStanding person={value.person} accounts={value.accounts.map(({ account }) => account)} />
              <PersonChildren person={value.person} />
              <PersonNotes person={value.person} />
              <PersonGround person={value} />
              <Accounts person={value} />
              <Links person={value} />
              <PersonHistory person={value.person} />
              {slots.map(({ id, part: Part }) => (
                <Suspense key={id} fallback={null}>
                  <Part person={value.person} />
                </Suspense>
              ))}
              <Selectors person={value} />
              <PersonElsewhere person={value.person} />
              <Contacts person={value} />
              <Files person={value} />
              <Messages person={value} />
            </div>
          </div>
        </>
      )}
    </View>
  );
}

function Heading({ person }: { readonly person: Person }) {
  const named = person.accounts.find(({ handle }) => handle !== null);
  return (
    <div className="heading person">
      <h1 tabIndex={-1}>
        <EvidenceText value={named?.handle ?? person.accounts[0]?.account ?? null} />
      </h1>
      <p>
        {person.band === null ? (
          <Unknown text={t('person.not-queued')} />
        ) : (
          <span className="bands">
            <Band band={person.band} /> {t('queue.rank')} {person.rank}
          </span>
        )}{' '}
        <span className="tag inference">{t('person.provisional', { n: person.accounts.length })}</span>{' '}
        <code className="muted">{person.person}</code>
      </p>
    </div>
  );
}

function Contents({ person }: { readonly person: Person }) {
  const parts: readonly (readonly [string, string, number | null])[] = [
    ['reasons', t('person.reasons'), person.reasons.length],
    ['standing', t('standing.title'), null],
    ['children', t('nav.children'), null],
    ['notes', t('nav.notes'), null],
    ['ground', t('ground.title'), null],
    ['accounts', t('queue.accounts'), person.accounts.length],
    ['links', t('link.title'), person.links.length],
    ['history', t('history.title'), null],
    ...slots.map(({ id, title }) => [id, t(title), null] as const),
    ['selectors', t('pairs.selectors'), person.selectors.length],
    ['contacts', t('person.contacts'), person.contacts.length],
    ['files', t('person.files'), person.files.length],
    ['messages', t('person.messages'), person.messages.length],
  ];
  return (
    <nav className="contents" aria-label={t('person.parts')}>
      {parts.map(([id, title, size]) => (
        <a key={id} href={`#${id}`}>
          <span>{title}</span> {size !== null && <span className="count">{count(size)}</span>}
        </a>
      ))}
    </nav>
  );
}

function Reasons({ person }: { readonly person: Person }) {
  return (
    <Section id="reasons" title={t('person.reasons')} count={person.reasons.length}>
      {person.reasons.length === 0 ? (
        <p>
          <Unknown text={t('person.no-reason')} />
        </p>
      ) : (
        <div className="for-against">
          <div>
            <h3>{t('person.for-first')}</h3>
            <ReasonsFor reasons={person.reasons} items />
          </div>
          <div>
            <h3>{t('queue.against')}</h3>
            <ReasonsAgainst reasons={person.reasons} items />
          </div>
        </div>
      )}
    </Section>
  );
}

function Accounts({ person }: { readonly person: Person }) {
  return (
    <Section id="accounts" title={t('queue.accounts')} count={person.accounts.length}>
      <Rows
        caption={t('person.accounts-of-this-person')}
        heads={[
          t('say.account'),
          t('person.handle'),
          t('say.kind'),
          t('person.status'),
          t('person.created'),
          t('say.source'),
        ]}
        rows={person.accounts}
        row={(account) => (
          <tr key={keyOf(account.account)}>
            <th scope="row">
              <EvidenceText value={account.account} />
            </th>
            <td>
              <EvidenceText value={account.handle} />
            </td>
            <td>
              <EvidenceText value={account.kind} />
            </td>
            <td>
              <EvidenceText value={account.status} />
            </td>
            <td>
              <Time time={account.time} text={account.time_text} zone={account.time_zone} />
            </td>
            <td>
              <SourceLink pointer={account.pointer} of={t('person.the-account')} item />
            </td>
          </tr>
        )}
      />
    </Section>
  );
}
