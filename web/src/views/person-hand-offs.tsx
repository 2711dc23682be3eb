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

type Given = Answer<'showPersonHandOffs'>['given'];

/** Selectors that a person gave or was given in private, and the contacts that moved. */
export function PersonHandOffs({ person }: { readonly person: string }) {
  const answer = useAnswer(`hand-offs of ${person}`, () => api.personHandOffs(person));
  const size = answer.state === 'answered' ? { count: answer.value.hand_offs.length } : {};
  return (
    <Section
      id="hand-offs"
      title="Hand-offs"
      {...size}
      note="Contacts that moved to another channel. A hand-off raises nobody's priority."
    >
      <Asked answer={answer} what="hand-offs">
        {({ hand_offs, given, more }) => (
          <>
            {hand_offs.length === 0 ? <Unknown text="none known" /> : <HandOffList handOffs={hand_offs} />}
            {more && <p className="note">Only the first 500 are listed here.</p>}
            <h3>Selectors given or received</h3>
            {given.length === 0 ? (
              <Unknown text="none known" />
            ) : (
              <GivenTable given={given} person={person} />
            )}
            <p>
              <Link href={hrefOf('/leads', { person })}>
                What could be asked of providers about this person
              </Link>
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
      caption="Selectors given or received"
      heads={['Selector', 'As written', 'How', 'By', 'To', 'Meant as', 'When', 'Followed', 'Source']}
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
          <td className="inferred">{row.meant === 'contact' ? 'a way to reach the writer' : 'a mention'}</td>
          <td>
            <Time time={row.time} text={row.time_text} zone={row.time_zone} />
          </td>
          <td>{row.followed ? 'yes, see above' : <Unknown text="nothing known" />}</td>
          <td>
            <SourceLinks pointers={row.pointers} of="the selector" items />
          </td>
        </tr>
      )}
    />
  );
}
