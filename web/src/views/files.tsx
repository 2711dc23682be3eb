import { type Answer, api } from '../api.ts';
import { changeParts, numberIn, useParts } from '../parts.ts';
import { AccountName } from '../ui/account-name.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Turning } from '../ui/turning.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import './footprint.css';
import { t } from '../ui/words.ts';

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
      title={t('say.files')}
      settled={answer.state !== 'asking'}
      lead={<p className="muted">{t('files.counted-by-what-lists')}</p>}
    >
      <Asked answer={answer} what={t('files.files')}>
        {(files) =>
          files.total === 0 ? (
            <Empty>
              <p>{t('files.no-record-names-a')}</p>
            </Empty>
          ) : (
            <>
              <Standings files={files} chosen={standing} />
              <Listed files={files} />
              <Section
                id="files"
                title={
                  standing === ''
                    ? t('files.all-records-of-files')
                    : names[standing as FileRecord['standing']]
                }
              >
                {files.files.length === 0 ? <Unknown text={t('say.none')} /> : <Table files={files.files} />}
                <Turning offset={offset} limit={limit} more={files.more} what={t('files.files')} />
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
        <legend>
          {t('n.record', { n: files.total })} {t('files.of-files')}
        </legend>
        {files.standings.map((each) => (
          <button
            key={each.standing}
            type="button"
            className="chip"
            aria-pressed={each.standing === chosen}
            title={`${t('n.hash', { n: each.hashes })} of ${t('n.account', { n: each.accounts })}`}
            onClick={() =>
              changeParts({ standing: each.standing === chosen ? null : each.standing, offset: null })
            }
          >
            {names[each.standing]} <span className="count">{count(each.files)}</span>
          </button>
        ))}
      </fieldset>
      {sum !== files.total && <strong className="bad">{t('say.does-not-add-up')}</strong>}
      <p className="note">{t('files.what-a-list-says')}</p>
    </>
  );
}

function Listed({ files }: { readonly files: Files }) {
  return (
    <div className="for-against">
      <div>
        <p className="side">{t('files.lists')}</p>
        {files.lists.length === 0 && <Unknown text={t('files.no-file-stands-on')} />}
        <ul className="plain">
          {files.lists.map((each) => (
            <li key={keyOf(each.list, each.disposition)}>
              <EvidenceText value={each.list} />{' '}
              <span className="muted">
                ({each.disposition}): {t('n.record', { n: each.files })}, {t('n.hash', { n: each.matched })}{' '}
                {t('files.of-the-list')}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <p className="side">{t('files.types-as-stated')}</p>
        <ul className="plain">
          {files.kinds.slice(0, 12).map((each) => (
            <li key={keyOf(each.media_type)}>
              <EvidenceText value={each.media_type} /> <span className="count">{count(each.files)}</span>
            </li>
          ))}
        </ul>
        {files.kinds.length > 12 && (
          <p className="note">
            {files.kinds.length - 12} {t('files.further-types')}
          </p>
        )}
      </div>
    </div>
  );
}

function Table({ files }: { readonly files: Files['files'] }) {
  return (
    <Rows
      caption={t('files.records-of-files')}
      heads={[
        t('say.name'),
        t('say.account'),
        t('say.standing'),
        t('files.hash'),
        t('say.size'),
        t('say.time'),
        t('say.sources'),
      ]}
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
              <Unknown text={t('say.no-account')} />
            ) : (
              <AccountName handle={file.handle} account={file.account} person={file.person} />
            )}
          </td>
          <td>
            <span className={file.list === null ? '' : 'tag fact'}>{names[file.standing]}</span>
            {file.list !== null && (
              <div>
                <EvidenceText value={file.list} />{' '}
                <EvidenceText value={file.category} otherwise={t('files.no-category')} />
              </div>
            )}
            {file.known_good !== null && (
              <div>
                {t('files.known-good')} <EvidenceText value={file.known_good} />
              </div>
            )}
          </td>
          <td>
            <code className="hash">
              {file.sha256 ?? file.sha1 ?? file.md5 ?? <Unknown text={t('say.none-known')} />}
            </code>
          </td>
          <td className="number">{file.size === null ? <Unknown /> : bytes(file.size)}</td>
          <td>
            <Time time={file.time} text={file.time_text} zone={file.time_zone} />
          </td>
          <td>
            <ul className="plain roomy">
              <li>
                <SourceLink pointer={file.pointer} of={t('say.the-file')} item />
              </li>
              {file.list_pointer !== null && (
                <li>
                  <SourceLink
                    pointer={file.list_pointer}
                    of={t('say.the-file')}
                    label={t('files.list-entry')}
                  />
                </li>
              )}
              {file.known_good_pointer !== null && (
                <li>
                  <SourceLink
                    pointer={file.known_good_pointer}
                    of={t('say.the-file')}
                    label={t('files.known-good-entry')}
                  />
                </li>
              )}
            </ul>
          </td>
        </tr>
      )}
    />
  );
}
