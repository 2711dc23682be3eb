/**
 * `npm run bench [-- name ...] [-- --rounds n] [-- --full]`: our figure beside the peer's, in one run. Prints a table and JSON
 * lines; figures worth keeping go to docs/performance.md by hand, with the date and the command. Linux only: costs are
 * read from /proc, and peers are installed by apt-get where they are missing.
 */
import { dumpMemory, dumpToLake, dumpWithIndex } from './dump-to-lake.ts';
import { handOffs } from './hand-offs.ts';
import { hashing } from './hashing.ts';
import { interaction } from './interaction.ts';
import { journey } from './journey.ts';
import { logToLake } from './log-to-lake.ts';
import { mailToLake } from './mail-to-lake.ts';
import { networkView } from './network-view.ts';
import { parquetWriting } from './parquet-writing.ts';
import { searching } from './search.ts';
import { timeline } from './timeline.ts';

const benches: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  'dump-to-lake': dumpToLake,
  'dump-with-index': dumpWithIndex,
  'dump-memory': dumpMemory,
  'log-to-lake': logToLake,
  'mail-to-lake': mailToLake,
  'hand-offs': handOffs,
  hashing,
  journey,
  interaction,
  'network-view': networkView,
  'parquet-writing': parquetWriting,
  search: searching,
  timeline,
};
const usualRounds = 3;

const args = process.argv.slice(2);
const at = args.indexOf('--rounds');
const rounds = at < 0 ? usualRounds : Number(args.splice(at, 2)[1]);
const members = args.indexOf('--members');
if (members >= 0) args.splice(members, 2);
const names = args.filter((name) => name !== '--full');
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0 || !(rounds >= 1)) {
  process.stderr.write(
    `usage: npm run bench [-- ${Object.keys(benches).join(' | ')}] [-- --rounds <n>] [-- --full] [-- --members <n,n>]\n`,
  );
  process.exit(64);
}
for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]!(rounds);
