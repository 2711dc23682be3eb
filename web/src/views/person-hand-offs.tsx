import { type Answer, api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link } from '../router.tsx';
import { AccountName } from '../ui/account-name.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Asked } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import { HandOffList } from './hand-offs.tsx';
import './footprint.css';
import { t } from '../ui/words.ts';

type Given = Answer<'showPersonHandOffs'>['given'];

/** Selectors that a person gave or was given in private, and the contacts that moved. */
export function PersonHandOffs({ person }: { readonly person: string }) {
  const answer = useAnswer(`hand-offs of ${person}`, () => api.personHandOffs(person));
  const size = answer.state === 'answered' ? { count: answer.value.hand_offs.length } : {};
  return (
    <Section
      id="hand-offs"
      title={t('say.hand-offs')}
      {...size}
      note={t('person-hand-offs.contacts-that-moved-to')}
    >
      <Asked answer={answer} what={t('say.hand-offs-2')}>
        {({ hand_offs, given, more }) => (
          <>
            {hand_offs.length === 0 ? (
              <Unknown text={t('say.none-known')} />
            ) : (
              <HandOffList handOffs={hand_offs} />
            )}
            {more && <p className="note">{t('person-hand-offs.only-the-first-500')}</p>}
            <h3>{t('person-hand-offs.selectors-given-or-received')}</h3>
            {given.length === 0 ? (
              <Unknown text={t('say.none-known')} />
            ) : (
              <GivenTable given={given} person={person} />
            )}
            <p>
              <Link href={hrefOf('/leads', { person })}>{t('person-hand-offs.what-could-be-asked')}</Link>
            </p>
          </>
        )}
      </Asked>
    </Section>
  );
}

function GivenTable({ given, person }: { readonly given: Given; readonly person: string }) {
  return (
    <Rows
      caption={t('person-hand-offs.selectors-given-or-received')}
      heads={[
        t('say.selector'),
        t('say.as-written'),
        t('person-hand-offs.how'),
        t('say.by-2'),
        t('say.to-2'),
        t('person-hand-offs.meant-as'),
        t('person-hand-offs.when'),
        t('person-hand-offs.followed'),
        t('say.source'),
      ]}
      rows={given}
      row={(row) => (
        <tr key={row.given}>
          <th scope="row">
            {row.selector_kind} <EvidenceText value={row.selector} />
          </th>
          <td className="wide">
            <EvidenceText value={row.raw} />
          </td>
          <td className="inferred">{row.style}</td>
          <td>
            {row.from_person === person ? (
              <EvidenceText value={row.from_handle ?? row.from_account} />
            ) : (
              <AccountName handle={row.from_handle} account={row.from_account} person={row.from_person} />
            )}
          </td>
          <td>
            {row.to_person === person ? (
              <EvidenceText value={row.to_handle ?? row.to_account} />
            ) : (
              <AccountName handle={row.to_handle} account={row.to_account} person={row.to_person} />
            )}
          </td>
          <td className="inferred">
            {row.meant === 'contact' ? t('person-hand-offs.a-way-to-reach') : t('person-hand-offs.a-mention')}
          </td>
          <td>
            <Time time={row.time} text={row.time_text} zone={row.time_zone} />
          </td>
          <td>
            {row.followed ? (
              t('person-hand-offs.yes-see-above')
            ) : (
              <Unknown text={t('person-hand-offs.nothing-known')} />
            )}
          </td>
          <td>
            <SourceLinks pointers={row.pointers} of={t('person-hand-offs.the-selector')} items />
          </td>
        </tr>
      )}
    />
  );
}
