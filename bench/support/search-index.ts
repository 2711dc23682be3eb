import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { plainEvidence, workFolder } from './evidence.ts';

/** Entries of the word index for each post. On the one board that was really run here: 62,794 for 911 posts. */
const entriesPerPost = 68;
const vocabulary = 30_000;
const statementBytes = 1024 * 1024;

const tables = `
DROP TABLE IF EXISTS \`phpbb_search_wordlist\`;
CREATE TABLE \`phpbb_search_wordlist\` (
  \`word_id\` int(10) unsigned NOT NULL AUTO_INCREMENT,
  \`word_text\` varchar(255) NOT NULL DEFAULT '',
  \`word_common\` tinyint(1) unsigned NOT NULL DEFAULT 0,
  \`word_count\` mediumint(8) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (\`word_id\`),
  UNIQUE KEY \`wrd_txt\` (\`word_text\`),
  KEY \`wrd_cnt\` (\`word_count\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;
DROP TABLE IF EXISTS \`phpbb_search_wordmatch\`;
CREATE TABLE \`phpbb_search_wordmatch\` (
  \`post_id\` int(10) unsigned NOT NULL DEFAULT 0,
  \`word_id\` int(10) unsigned NOT NULL DEFAULT 0,
  \`title_match\` tinyint(1) unsigned NOT NULL DEFAULT 0,
  UNIQUE KEY \`un_mtch\` (\`word_id\`,\`post_id\`,\`title_match\`),
  KEY \`word_id\` (\`word_id\`),
  KEY \`post_id\` (\`post_id\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;
`;

/**
 * The exercise's dump with the word index that a phpBB board keeps by default (its native full-text search):
 * the exercise leaves it out, since nobody reads it, but every real dump has it, and it is most of a dump's rows.
 */
export async function dumpWithSearchIndex(members: number): Promise<string> {
  const { dump } = await plainEvidence(members);
  const target = path.join(path.dirname(dump), 'board-with-index.sql');
  if (fs.existsSync(target)) return target;
  const summary = path.join(workFolder, `exercise-${members}`, 'truth', 'summary.json');
  const { posts } = JSON.parse(fs.readFileSync(summary, 'utf8')) as { posts: number };
  fs.copyFileSync(dump, `${target}.tmp`);
  const out = fs.createWriteStream(`${target}.tmp`, { flags: 'a' });
  out.write(tables);
  await writeRows(out, 'phpbb_search_wordlist', wordRows());
  await writeRows(out, 'phpbb_search_wordmatch', matchRows(posts));
  out.end();
  await once(out, 'finish');
  fs.renameSync(`${target}.tmp`, target);
  return target;
}

function* wordRows(): Generator<string> {
  for (let word = 1; word <= vocabulary; word++)
    yield `(${word},'word${word.toString(36)}',0,${entriesPerPost})`;
}

/** Distinct words for each post; low numbers are common, as words are. */
function* matchRows(posts: number): Generator<string> {
  let state = 1;
  for (let post = 1; post <= posts; post++) {
    const words = new Set<number>();
    while (words.size < entriesPerPost) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const share = state / 2 ** 32;
      words.add(1 + Math.floor(share * share * vocabulary));
    }
    for (const word of words) yield `(${post},${word},0)`;
  }
}

async function writeRows(out: fs.WriteStream, table: string, rows: Iterable<string>): Promise<void> {
  let values: string[] = [];
  let bytes = 0;
  const flush = async () => {
    if (values.length === 0) return;
    if (!out.write(`INSERT INTO \`${table}\` VALUES\n${values.join(',\n')};\n`)) await once(out, 'drain');
    values = [];
    bytes = 0;
  };
  for (const row of rows) {
    values.push(row);
    bytes += row.length;
    if (bytes > statementBytes) await flush();
  }
  await flush();
}
