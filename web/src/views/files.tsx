import { type Answer, api } from '../api.ts';
import { changeParts, numberIn, useParts } from '../parts.ts';
import { AccountName } from '../ui/account-name.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count, counted } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Turning } from '../ui/turning.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import './footprint.css';

type Files = Answer<'listFiles'>;
type FileRecord = Files['files'][number];

const limit = 100;
const names: Readonly<Record<FileRecord['standing'], string>> = {
  listed: 'on a list',
  both: 'on a list and on one of known-good files',
  'known-good': 'on a list of known-good files',
  'on no list': 'on no list',
  'no hash': 'no hash known',
};

/** Counts and hashes. A file is never opened, and nothing of what it shows is ever drawn. */
export function FilesPage() {
  const parts = useParts();
  const standing = parts.get('standing') ?? '';
  const offset = numberIn(parts, 'offset', 0);
  const answer = useAnswer(`files ${standing} ${offset}`, () => api.files({ standing, limit, offset }), {
    keep: true,
  });
  return (
    <Page
      title="Files"
      settled={answer.state !== 'asking'}
      lead={
        <p className="muted">
          Counted by what lists say of their hashes. Waymark never opens or shows a file.
        </p>
      }
    >
      <Asked answer={answer} what="files">
        {(files) =>
          files.total === 0 ? (
            <Empty>
              <p>No record names a file.</p>
            </Empty>
          ) : (
            <>
              <Standings files={files} chosen={standing} />
              <Listed files={files} />
              <Section
                id="files"
                title={standing === '' ? 'All records of files' : names[standing as FileRecord['standing']]}
              >
                {files.files.length === 0 ? <Unknown text="none" /> : <Table files={files.files} />}
                <Turning offset={offset} limit={limit} more={files.more} what="files" />
              </Section>
            </>
          )
        }
      </Asked>
    </Page>
  );
}

function Standings({ files, chosen }: { readonly files: Files; readonly chosen: string }) {
  const sum = files.standings.reduce((total, each) => total + each.files, 0);
  return (
    <>
      <fieldset className="chips">
        <legend>{counted(files.total, 'record')} of files =</legend>
        {files.standings.map((each) => (
          <button
            key={each.standing}
            type="button"
            className="chip"
            aria-pressed={each.standing === chosen}
            title={`${counted(each.hashes, 'hash', 'hashes')} of ${counted(each.accounts, 'account')}`}
            onClick={() =>
              changeParts({ standing: each.standing === chosen ? null : each.standing, offset: null })
            }
          >
            {names[each.standing]} <span className="count">{count(each.files)}</span>
          </button>
        ))}
      </fieldset>
      {sum !== files.total && <strong className="bad">does not add up</strong>}
      <p className="note">
        What a list says of a hash. Whether that bears on priority is decided by the rules, with the
        categories they name. Without a hash nothing can be said.
      </p>
    </>
  );
}

function Listed({ files }: { readonly files: Files }) {
  return (
    <div className="for-against">
      <div>
        <p className="side">Lists</p>
        {files.lists.length === 0 && <Unknown text="no file stands on any" />}
        <ul className="plain">
          {files.lists.map((each) => (
            <li key={keyOf(each.list, each.disposition)}>
              <EvidenceText value={each.list} />{' '}
              <span className="muted">
                ({each.disposition}): {counted(each.files, 'record')},{' '}
                {counted(each.matched, 'hash', 'hashes')} of the list
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <p className="side">Types as stated</p>
        <ul className="plain">
          {files.kinds.slice(0, 12).map((each) => (
            <li key={keyOf(each.media_type)}>
              <EvidenceText value={each.media_type} /> <span className="count">{count(each.files)}</span>
            </li>
          ))}
        </ul>
        {files.kinds.length > 12 && <p className="note">{files.kinds.length - 12} further types</p>}
      </div>
    </div>
  );
}

function Table({ files }: { readonly files: Files['files'] }) {
  return (
    <Rows
      caption="Records of files"
      heads={['Name', 'Account', 'Standing', 'Hash', 'Size', 'Time', 'Sources']}
      rows={files}
      first={limit}
      row={(file, index) => (
        <tr key={keyOf(file.pointer, index)}>
          <th scope="row">
            <EvidenceText value={file.name ?? file.stored_name} />
            <div className="muted">
              <EvidenceText value={file.state} />
            </div>
          </th>
          <td>
            {file.account === null ? (
              <Unknown text="no account" />
            ) : (
              <AccountName handle={file.handle} account={file.account} person={file.person} />
            )}
          </td>
          <td>
            <span className={file.list === null ? '' : 'tag fact'}>{names[file.standing]}</span>
            {file.list !== null && (
              <div>
                <EvidenceText value={file.list} />{' '}
                <EvidenceText value={file.category} otherwise="no category" />
              </div>
            )}
            {file.known_good !== null && (
              <div>
                known-good: <EvidenceText value={file.known_good} />
              </div>
            )}
          </td>
          <td>
            <code className="hash">
              {file.sha256 ?? file.sha1 ?? file.md5 ?? <Unknown text="none known" />}
            </code>
          </td>
          <td className="number">{file.size === null ? <Unknown /> : bytes(file.size)}</td>
          <td>
            <Time time={file.time} text={file.time_text} zone={file.time_zone} />
          </td>
          <td>
            <ul className="plain roomy">
              <li>
                <SourceLink pointer={file.pointer} of="the file" item />
              </li>
              {file.list_pointer !== null && (
                <li>
                  <SourceLink pointer={file.list_pointer} of="the file" label="list entry" />
                </li>
              )}
              {file.known_good_pointer !== null && (
                <li>
                  <SourceLink pointer={file.known_good_pointer} of="the file" label="known-good entry" />
                </li>
              )}
            </ul>
          </td>
        </tr>
      )}
    />
  );
}
