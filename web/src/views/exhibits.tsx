import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count, counted } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { BriefTallies } from '../ui/tallies.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type Exhibit = Answer<'listExhibits'>['exhibits'][number];

/** What the records of each table are called. */
const recordNames: Readonly<Record<string, string>> = {
  account: 'accounts',
  event: 'events',
  message: 'messages',
  file: 'files',
  sighting: 'sightings',
  relation: 'relations',
  content: 'stored files',
  listed_hash: 'listed hashes',
};

export function ExhibitsPage() {
  const answer = useAnswer('exhibits', api.exhibits);
  return (
    <View title="Exhibits" answer={answer}>
      {(value) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>Exhibits</h1>
            <p className="muted">
              {counted(value.exhibits.length, 'exhibit')}. Every row of each was read, or skipped for a reason
              that is counted here. <Link href="/intake">{t('intake.link')}</Link>
            </p>
          </div>
          {value.exhibits.length === 0 ? (
            <Empty>
              <p>
                No exhibits yet. <Link href="/intake">{t('intake.link')}</Link>
              </p>
            </Empty>
          ) : (
            <Rows
              caption="Exhibits"
              heads={[
                'Exhibit',
                'Reader',
                'Size',
                'Records',
                'Rows = read + skipped',
                'Warnings',
                'Authority',
              ]}
              rows={value.exhibits}
              first={500}
              row={(exhibit) => <Row key={exhibit.id} exhibit={exhibit} />}
            />
          )}
          <Unread unread={value.unread} />
          <Excluded excluded={value.excluded} />
        </>
      )}
    </View>
  );
}

function Row({ exhibit }: { readonly exhibit: Exhibit }) {
  const records = Object.entries(exhibit.records).filter(([, size]) => size > 0);
  return (
    <tr>
      <th scope="row">
        <Link className="open" data-item={exhibit.id} href={addressOf.exhibit(exhibit.id)}>
          <EvidenceText value={exhibit.path} />
        </Link>
        <div className="muted">
          <code>{exhibit.id}</code> {exhibit.kind === 'folder' && 'folder'}
          {exhibit.paths.length > 1 && ` received under ${exhibit.paths.length} paths`}
        </div>
      </th>
      <td>
        {exhibit.reader === null ? (
          <Unknown text="no reader" />
        ) : (
          <>
            {exhibit.reader} <span className="muted">v{exhibit.readerVersion}</span>
          </>
        )}
        {exhibit.status !== 'read' && <div className="tag against">{exhibit.status}</div>}
      </td>
      <td className="number">{bytes(exhibit.bytes)}</td>
      <td>
        {records.length === 0 ? (
          <Unknown text="none" />
        ) : (
          <ul className="plain inline">
            {records.map(([table, size]) => (
              <li key={table}>
                <span className="number">{count(size)}</span> {recordNames[table] ?? table}
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>
        <BriefTallies tallies={exhibit.rows} />
      </td>
      <td className="number">
        {exhibit.warnings === 0 ? (
          '0'
        ) : (
          <Link
            href={`${addressOf.exhibit(exhibit.id)}#warnings`}
            aria-label={`${exhibit.warnings} warnings`}
          >
            {count(exhibit.warnings)}
          </Link>
        )}
      </td>
      <td className="short">
        {exhibit.authority ?? <Unknown />}
        {exhibit.reference !== null && <div className="muted">{exhibit.reference}</div>}
      </td>
    </tr>
  );
}

function Unread({ unread }: { readonly unread: Answer<'listExhibits'>['unread'] }) {
  return (
    <Section
      id="unread"
      title="Not read"
      count={unread.length}
      note="Kept in the vault and hashed, but no record was taken from them: what they hold is unknown."
    >
      {unread.length > 0 && (
        <Rows
          caption="Files that were not read"
          heads={['File', 'Why']}
          rows={unread}
          row={(file, index) => (
            <tr key={keyOf(file.path, index)}>
              <th scope="row">
                <EvidenceText value={file.path} />
              </th>
              <td>
                <EvidenceText value={file.reason} />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}

function Excluded({ excluded }: { readonly excluded: Answer<'listExhibits'>['excluded'] }) {
  if (excluded.length === 0) return null;
  return (
    <Section
      id="excluded"
      title="Excluded"
      count={excluded.length}
      note="In the vault still, and in nothing that is derived."
    >
      <Rows
        caption="Excluded exhibits"
        heads={['Exhibit', 'Id', 'Reason']}
        rows={excluded}
        row={(exhibit) => (
          <tr key={exhibit.id}>
            <th scope="row">
              <Link href={addressOf.exhibit(exhibit.id)}>
                <EvidenceText value={exhibit.path} otherwise={exhibit.id} />
              </Link>
            </th>
            <td>
              <code>{exhibit.id}</code>
            </td>
            <td>{exhibit.reason ?? <Unknown />}</td>
          </tr>
        )}
      />
    </Section>
  );
}
