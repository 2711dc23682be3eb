import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { exhibitOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { MarkingOf } from '../ui/marking.tsx';
import { count } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import type { Person } from './person.tsx';

/** How often each exhibit is cited by what the page shows of the person. */
function cited(person: Person): Map<string, number> {
  const pointers = [
    ...person.reasons.flatMap(({ pointer, morePointers }) => [pointer, ...morePointers]),
    ...[person.accounts, person.selectors, person.contacts, person.files, person.messages].flatMap((rows) =>
      rows.map(({ pointer }) => pointer),
    ),
  ];
  const found = new Map<string, number>();
  for (const pointer of pointers) {
    const exhibit = exhibitOf(pointer);
    if (exhibit !== null) found.set(exhibit, (found.get(exhibit) ?? 0) + 1);
  }
  return found;
}

/** On which exhibits, and under which authority, the page about a person stands. */
export function PersonGround({ person }: { readonly person: Person }) {
  const answer = useAnswer('exhibits', api.exhibits, { keep: true });
  const of = cited(person);
  return (
    <Section id="ground" title={t('ground.title')} count={of.size} note={t('ground.note')}>
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {answer.state === 'answered' && (
        <Rows
          caption={t('ground.title')}
          heads={[
            t('ground.exhibit'),
            t('ground.authority'),
            t('ground.reference'),
            t('ground.state'),
            t('ground.records'),
            t('ground.marking'),
          ]}
          rows={answer.value.exhibits.filter(({ id }) => of.has(id))}
          row={(exhibit) => <Line key={exhibit.id} exhibit={exhibit} cited={of.get(exhibit.id) ?? 0} />}
        />
      )}
    </Section>
  );
}

interface LineProps {
  readonly exhibit: Answer<'listExhibits'>['exhibits'][number];
  readonly cited: number;
}

function Line({ exhibit, cited }: LineProps) {
  return (
    <tr>
      <th scope="row">
        <Link href={addressOf.exhibit(exhibit.id)}>
          <EvidenceText value={exhibit.path} />
        </Link>{' '}
        <code className="muted">{exhibit.id}</code>
      </th>
      <td>{exhibit.authority ?? <Unknown text={t('ground.without')} />}</td>
      <td>{exhibit.reference ?? <Unknown />}</td>
      <td>{named('ground', exhibit.status)}</td>
      <td className="number">{count(cited)}</td>
      <td>
        <MarkingOf marking={exhibit.marking} />
      </td>
    </tr>
  );
}
