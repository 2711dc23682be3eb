import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type Child = Answer<'listChildren'>['children'][number];

/** Children whom a record or a decision links with the person, each with the basis of the link. */
export function PersonChildren({ person }: { readonly person: string }) {
  const answer = useAnswer(`children of ${person}`, () => api.childrenOf(person), { keep: true });
  return (
    <Section
      id="children"
      title={t('nav.children')}
      {...(answer.state === 'answered' && { count: answer.value.total })}
      note={t('children.of-person')}
    >
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {answer.state === 'answered' &&
        (answer.value.children.length === 0 ? (
          <p>
            <Unknown text={t('children.of-nobody')} />
          </p>
        ) : (
          <Rows
            caption={t('nav.children')}
            heads={[
              t('children.case'),
              t('children.state'),
              t('children.urgency'),
              t('children.owner'),
              t('child.basis'),
            ]}
            rows={answer.value.children}
            row={(child) => <Line key={keyOf(child.case)} child={child} person={person} />}
          />
        ))}
    </Section>
  );
}

function Line({ child, person }: { readonly child: Child; readonly person: string }) {
  return (
    <tr>
      <th scope="row">
        <Link className="open" href={addressOf.child(child.case)} data-item={keyOf(child.case)}>
          <EvidenceText value={child.case} />
        </Link>
      </th>
      <td>
        <span className="tag fact">{named('state', child.state)}</span>
      </td>
      <td>
        {child.urgency !== null ? (
          <span className="tag fact">{named('urgency', child.urgency)}</span>
        ) : child.proposed !== null ? (
          <span className="tag inference">
            {t('children.proposed', { urgency: named('urgency', child.proposed.urgency) })}
          </span>
        ) : (
          <Unknown text={t('children.no-urgency')} />
        )}
      </td>
      <td>
        {child.owner === null ? (
          <Unknown text={t('children.nobody')} />
        ) : (
          <EvidenceText value={child.owner} />
        )}
      </td>
      <td>
        <ul className="plain">
          {child.linked
            .filter((linked) => linked.person === person)
            .map((linked, index) => (
              <li key={keyOf(linked.pointer, index)}>
                <EvidenceText value={linked.basis} />{' '}
                <SourceLink pointer={linked.pointer} of={t('child.basis')} item />
              </li>
            ))}
        </ul>
      </td>
    </tr>
  );
}
