import { useMemo } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts, hrefOf, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { asEvidence } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { MarkingOf } from '../ui/marking.tsx';
import { NotedFilter } from '../ui/notes.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Empty } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';
import { usePages } from '../use-pages.ts';
import './footprint.css';

type Answered = Answer<'listNotes'>;
type Line = Answered['notes'][number];

const pageRows = 100;
const things = ['', 'record', 'person'] as const;

/** Every note in force, latest first: what was marked, by whom, and the way to it. */
export function NotesPage() {
  const parts = useParts();
  const noted = parts.get('noted') ?? '';
  const what = things.find((each) => each === parts.get('what')) ?? '';
  const row = Number(parts.get('row') ?? 0) - 1;
  const pages = usePages<Answered, Line>(
    `notes ${what} ${noted}`,
    pageRows,
    (limit, offset) => api.notes({ what, noted, limit, offset }),
    ({ notes }) => notes,
  );
  const columns = useMemo(columnsOf, []);
  const { answer, error } = pages;
  return (
    <Page
      title={t('nav.notes')}
      settled={answer.state !== 'asking'}
      lead={<p className="muted">{t('note.about')}</p>}
    >
      <div className="filters">
        <label>
          {t('note.what')}{' '}
          <select value={what} onChange={(event) => changeParts({ what: event.target.value, row: null })}>
            {things.map((each) => (
              <option key={each} value={each}>
                {t(each === '' ? 'note.all-things' : `note.${each}-thing`)}
              </option>
            ))}
          </select>
        </label>
        <NotedFilter value={noted} change={(next) => changeParts({ noted: next, row: null })} />
        {answer.state === 'answered' && (
          <span className="muted" role="status">
            {t('note.counted', { n: answer.value.total })}
          </span>
        )}
      </div>
      {error && <Problem error={error} />}
      {answer.state === 'answered' && answer.value.total === 0 && (
        <Empty>
          <p>{t('note.empty')}</p>
        </Empty>
      )}
      {answer.state === 'answered' && answer.value.total > 0 && (
        <Table
          key={`${what} ${noted}`}
          caption={t('note.caption')}
          columns={columns}
          total={answer.value.total}
          rowAt={pages.rowAt}
          onSight={pages.onSight}
          keyOf={({ sequence }) => String(sequence)}
          rowHeight={52}
          current={Number.isSafeInteger(row) ? Math.min(row, answer.value.total - 1) : -1}
          onCurrent={(index) => changeParts({ row: index + 1 })}
        />
      )}
    </Page>
  );
}

const columnsOf = (): readonly Column<Line>[] => [
  {
    name: 'note',
    head: t('note.note'),
    cell: ({ kind, tag, marking }) => (
      <>
        <span className="tag fact">{t(`note.${kind}`)}</span>{' '}
        {tag !== null && (
          <strong>
            <EvidenceText value={tag} />
          </strong>
        )}{' '}
        <MarkingOf marking={marking} />
      </>
    ),
  },
  { name: 'beside', head: t('note.beside'), names: true, cell: (line) => <Beside line={line} /> },
  {
    name: 'text',
    head: t('note.text'),
    cell: ({ kind, reason }) => (kind === 'star' ? '★' : <EvidenceText value={reason} />),
  },
  {
    name: 'by',
    head: t('note.by'),
    cell: ({ author, time }) => (
      <>
        <EvidenceText value={author} />
        <div className="muted">{time.slice(0, 16).replace('T', ' ')} UTC</div>
      </>
    ),
  },
  {
    name: 'decision',
    head: t('decisions.kind'),
    cell: ({ sequence }) => (
      <Link href={addressOf.decisions([sequence])}>{t('decisions.number', { n: sequence })}</Link>
    ),
  },
];

function Beside({ line }: { readonly line: Line }) {
  if (line.pointer !== null) {
    return (
      <>
        {t('note.record-thing')} <SourceLink pointer={line.pointer} of={t('note.record-thing')} item />{' '}
        <Link
          href={hrefOf('/timeline', {
            noted: line.tag === null ? line.kind : asEvidence(['tag:', line.tag].join('')),
          })}
        >
          {t('nav.timeline')}
        </Link>
      </>
    );
  }
  if (line.persons.length === 0) return <Unknown text={t('note.gone')} />;
  return line.persons.map(({ person }) => (
    <Link key={person} className="open" data-item={person} href={addressOf.person(person)}>
      <EvidenceText value={line.accounts[0] ?? null} otherwise={person} />
    </Link>
  ));
}
