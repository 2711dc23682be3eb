import { type Answer, api } from '../api.ts';
import { changeParts, numberIn, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { draftOf } from '../ui/draft.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { Empty } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Turning } from '../ui/turning.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import './footprint.css';

type Lead = Answer<'listLeads'>['leads'][number];
const limit = 25;

/** What providers could be asked: drafts that a human checks and sends. Waymark sends nothing. */
export function LeadsPage() {
  const parts = useParts();
  const person = parts.get('person') ?? '';
  const offset = numberIn(parts, 'offset', 0);
  const answer = useAnswer(`leads ${person} ${offset}`, () => api.leads(person, limit, offset));
  return (
    <Page
      title="Leads"
      settled={answer.state !== 'asking'}
      lead={<p className="muted">Drafts of requests to providers. Waymark sends nothing to anybody.</p>}
    >
      {person !== '' && (
        <p>
          Only those about <Link href={addressOf.person(person)}>{person}</Link>{' '}
          <button
            type="button"
            className="quiet small"
            onClick={() => changeParts({ person: null, offset: null })}
          >
            Show all
          </button>
        </p>
      )}
      <Asked answer={answer} what="leads">
        {({ leads, total, left_out, cap, more }) =>
          leads.length === 0 ? (
            <Empty>
              <p>Nothing is known that a provider could be asked about here.</p>
            </Empty>
          ) : (
            <>
              <p className="note">
                {counted(total, 'lead')} in this generation
                {left_out > 0 && `; ${count(left_out)} beyond the first ${count(cap)} are left out`}.
              </p>
              <ol className="stories leads">
                {leads.map((lead) => (
                  <Item key={lead.lead} lead={lead} />
                ))}
              </ol>
              <Turning offset={offset} limit={limit} more={more} what="leads" />
            </>
          )
        }
      </Asked>
    </Page>
  );
}

function Item({ lead }: { readonly lead: Lead }) {
  const draft = draftOf(lead);
  return (
    <li id={lead.lead} className={lead.cannot === null ? '' : 'cannot'}>
      <h2>
        {lead.selector_kind} <EvidenceText value={lead.selector} />,{' '}
        <EvidenceText value={lead.provider} otherwise="provider not known: find out first" />
      </h2>
      {lead.cannot !== null && (
        <p className="cannot-say">
          <strong>Cannot be asked:</strong> {lead.cannot}
        </p>
      )}
      <p className="note">
        <EvidenceText value={lead.why} /> Seen in {counted(lead.count, 'place')}.
      </p>
      <ul className="plain inline">
        {lead.persons.map(({ person, handles }) => (
          <li key={person}>
            <Link href={addressOf.person(person)}>
              <EvidenceText value={handles[0] ?? null} otherwise={person} />
            </Link>
          </li>
        ))}
        {lead.persons.length === 0 && (
          <li>
            <Unknown text="nobody in a person" />
          </li>
        )}
      </ul>
      {lead.cannot === null && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="text draft" tabIndex={0} data-item={lead.lead}>
            <EvidenceText value={draft} lines />
          </pre>
          <p className="acts">
            <CopyButton text={draft} what="the draft" />
          </p>
        </>
      )}
      <SourceLinks pointers={lead.pointers} of="the lead" items={lead.cannot !== null} />
    </li>
  );
}
