import * as fs from 'node:fs';
import * as path from 'node:path';
import { logName, type Skew } from './board/access-logs.ts';
import type { Board } from './board/board.ts';
import { daySeconds, isoUtc, worldStart } from './clock.ts';
import type { Accounts } from './people/accounts.ts';
import type { Story } from './people/story.ts';

/** What can be wrong with exhibits, on demand. */
export const faultKinds = [
  'truncated dump',
  'wrong zone',
  'duplicated exhibit',
  'mixed encodings',
  'clock skew',
  'late correction',
] as const;
export type FaultKind = (typeof faultKinds)[number];
export type FaultRecord = {
  readonly fault: FaultKind;
  readonly files: readonly string[];
  readonly what: string;
} & Record<string, unknown>;

const skewedFile = 20;
const skewSeconds = 437;
const otherEncoding: readonly [number, number] = [
  worldStart + 200 * daySeconds,
  worldStart + 260 * daySeconds,
];

/** Faults that must be known before the board runs. */
export function dumpFaults(faults: ReadonlySet<FaultKind>): {
  skew: Skew | undefined;
  otherEncoding: readonly [number, number] | undefined;
} {
  return {
    skew: faults.has('clock skew') ? { file: skewedFile, seconds: skewSeconds } : undefined,
    otherEncoding: faults.has('mixed encodings') ? otherEncoding : undefined,
  };
}

type Parts = { readonly board: Board; readonly story: Story; readonly accounts: Accounts };

/** Works the remaining faults into the finished files and says what was done, for truth/faults.json. */
export function settleFaults(faults: ReadonlySet<FaultKind>, folder: string, parts: Parts): FaultRecord[] {
  const settle: Record<FaultKind, () => FaultRecord> = {
    'truncated dump': () => truncateDump(folder),
    'wrong zone': () => wrongZone(folder),
    'duplicated exhibit': () => duplicate(folder),
    'mixed encodings': () => ({
      fault: 'mixed encodings',
      files: ['evidence/agency-nl/server/board.sql.gz'],
      what: 'rows of phpbb_posts written in Windows-1252 inside a UTF-8 dump',
      rows: parts.board.posts.otherEncodingRows,
      from: isoUtc(otherEncoding[0]),
      to: isoUtc(otherEncoding[1]),
    }),
    'clock skew': () => ({
      fault: 'clock skew',
      files: [`evidence/agency-nl/server/log/nginx/${logName(skewedFile)}`],
      what: 'the web server clock ran ahead of the database clock',
      seconds: skewSeconds,
    }),
    'late correction': () => lateCorrection(folder, parts),
  };
  return faultKinds.filter((fault) => faults.has(fault)).map((fault) => settle[fault]());
}

function truncateDump(folder: string): FaultRecord {
  const name = 'evidence/agency-nl/server/board.sql.gz';
  const file = path.join(folder, name);
  const size = fs.statSync(file).size;
  const kept = Math.floor(size * 0.7);
  fs.truncateSync(file, kept);
  return {
    fault: 'truncated dump',
    files: [name],
    what: 'the compressed file ends early',
    bytes: size,
    kept,
  };
}

function wrongZone(folder: string): FaultRecord {
  const root = path.join(folder, 'evidence');
  const files = allFiles(root).filter(
    (file) => file.endsWith('.csv') && fs.readFileSync(file, 'latin1').startsWith('ip_address,'),
  );
  return {
    fault: 'wrong zone',
    files: files.map((file) => path.relative(folder, file)),
    what: 'times given as UTC are the local time of the provider',
  };
}

function duplicate(folder: string): FaultRecord {
  const root = path.join(folder, 'evidence');
  const mailbox = allFiles(root).find((file) => file.endsWith('.mbox'))!;
  const log = path.join(root, 'agency-nl/server/log/nginx', logName(40));
  const copies = [
    [mailbox, path.join(root, 'agency-au', 'received-from-partner', 'mailbox-copy.mbox')],
    [log, path.join(root, 'agency-uk', 'received-from-partner', 'web-log.gz')],
  ] as const;
  for (const [from, to] of copies) {
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(from, to);
  }
  const files = copies.flat().map((file) => path.relative(folder, file));
  return {
    fault: 'duplicated exhibit',
    files,
    what: 'each second file is a byte-for-byte copy of the one before it',
  };
}

/** A provider takes back a report: the number is withdrawn after everything has been handed over. */
function lateCorrection(folder: string, { story, accounts }: Parts): FaultRecord {
  const reports = story.targets.flatMap((target) =>
    target.indicators.filter((each) => each.kind === 'provider report'),
  );
  const withdrawn = reports[0];
  const name = 'evidence/late/corrections.csv';
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const rows = withdrawn
    ? [`report,${withdrawn.reference},withdrawn,"the provider confused two customers",2020-06-02T09:00:00Z`]
    : [];
  fs.writeFileSync(file, ['kind,reference,correction,reason,received_at', ...rows, ''].join('\n'));
  return {
    fault: 'late correction',
    files: [name],
    what: 'a provider report is withdrawn after hand-over',
    reference: withdrawn?.reference ?? null,
    native_id: withdrawn ? accounts.userId[withdrawn.account]! : null,
  };
}

function allFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .sort();
}
