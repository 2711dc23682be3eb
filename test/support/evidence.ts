import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');

/** Bytes of an attachment that the garden board's dump names; stands for a picture, is none. */
export const attachment = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.from('a kettle'),
]);

/** The invented garden club: board dump, stored attachment, web log, mailbox, hash list, officers' facts. */
export const gardenFiles: Record<string, () => Buffer> = {
  'server/board.sql.gz': () => zlib.gzipSync(fixture('phpbb/board-3.3.sql')),
  'server/files/4_ffeedd': () => attachment,
  'server/access.log': () => fixture('web-log/access.log'),
  'mail/club.mbox': () => fixture('mail/club.mbox'),
  'lists/known.txt': () =>
    Buffer.from(
      ['# invented', ...['kettle', 'spade', 'hoe'].map((word) => md5(word)), md5(attachment), ''].join('\n'),
    ),
  'lists/facts.csv': () =>
    Buffer.from(
      'service,native_id,fact,reference,officer,entered_at\nphpbb:garden.example_board,3,prior record,2011/77,Officer 12,2020-05-01T10:00:00Z\n',
    ),
};

/** Writes the garden club's files, in the order given, and returns the folder. */
export function writeGarden(folder: string, names: readonly string[] = Object.keys(gardenFiles)): string {
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), gardenFiles[name]!());
  }
  return folder;
}

function fixture(name: string): Buffer {
  return fs.readFileSync(path.join(fixtures, name));
}

function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}
