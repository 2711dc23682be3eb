import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { generateExercise } from '../../src/exercise/generate.ts';

/** Where invented evidence and working files lie; `WAYMARK_BENCH` names another folder. */
export const workFolder = process.env.WAYMARK_BENCH ?? path.join(os.tmpdir(), 'waymark-bench');

/** Members of the exercise that the figures are for: some 330 MB of dump, 5 million log lines, 50,000 mails. */
export const members = 12_500;
const seed = 1;

/** Plain files made of one exercise: what the peers can read as well. */
export interface PlainEvidence {
  /** The board's database. */
  readonly dump: string;
  /** All access logs of the board's server, oldest first, as one file. */
  readonly log: string;
  /** All seized mailboxes as one mbox. */
  readonly mailbox: string;
}

/** Writes an exercise of that size, or finds the one written before. The same for everybody, byte for byte. */
export async function plainEvidence(size: number): Promise<PlainEvidence> {
  const exercise = path.join(workFolder, `exercise-${size}`);
  const plain = path.join(workFolder, `plain-${size}`);
  const evidence = {
    dump: path.join(plain, 'board.sql'),
    log: path.join(plain, 'access.log'),
    mailbox: path.join(plain, 'mail.mbox'),
  };
  if (fs.existsSync(plain)) return evidence;
  if (!fs.existsSync(path.join(exercise, 'truth', 'summary.json'))) {
    process.stderr.write(`writing an exercise of ${size} members\n`);
    fs.rmSync(exercise, { recursive: true, force: true });
    await generateExercise(exercise, { members: size, seed });
  }
  const unfinished = `${plain}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true });
  const files = fs
    .readdirSync(exercise, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(exercise, file));
  const named = (pattern: RegExp) => files.filter((file) => pattern.test(file)).sort(byAge);
  await join(named(/board\.sql\.gz$/), path.join(unfinished, 'board.sql'));
  await join(named(/access\.log(\.\d+)?(\.gz)?$/), path.join(unfinished, 'access.log'));
  await join(named(/\.mbox$/), path.join(unfinished, 'mail.mbox'));
  fs.renameSync(unfinished, plain);
  return evidence;
}

/** Rotated logs count up as they age; other files go by name. */
function byAge(a: string, b: string): number {
  const age = (file: string) => Number(/\.log\.(\d+)/.exec(file)?.[1] ?? 0);
  return age(b) - age(a) || (a < b ? -1 : 1);
}

async function join(files: readonly string[], target: string): Promise<void> {
  if (files.length === 0) throw new Error(`the exercise has nothing for ${path.basename(target)}`);
  for (const file of files) {
    const unpacking = file.endsWith('.gz') ? [zlib.createGunzip()] : [];
    await pipeline([fs.createReadStream(file), ...unpacking, fs.createWriteStream(target, { flags: 'a' })]);
  }
}

/** An empty folder for one run. */
export function freshFolder(name: string): string {
  const folder = path.join(workFolder, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

export function countLines(file: string): number {
  const fd = fs.openSync(file, 'r');
  const piece = Buffer.allocUnsafe(4 * 1024 * 1024);
  let lines = 0;
  for (let got = fs.readSync(fd, piece); got > 0; got = fs.readSync(fd, piece)) {
    const part = piece.subarray(0, got);
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines++;
  }
  fs.closeSync(fd);
  return lines;
}
