import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder, writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { type CheckOptions, check } from '../ledger/check.ts';
import {
  maxCheckpointBytes,
  parseCheckpoint,
  type SignedCheckpoint,
  verifyCheckpoint,
} from '../ledger/checkpoint.ts';
import { verifyCosignatures } from '../ledger/cosignature.ts';
import { readRegularFile } from '../ledger/disk.ts';
import { parseWitnessKey } from '../ledger/key.ts';
import { formatOffer } from '../ledger/offer.ts';
import { maxTimestampBytes, requestTimestamp, type Timestamp, verifyTimestamp } from '../ledger/timestamp.ts';
import { type Accepted, Witness } from '../ledger/witness.ts';
import type { Operation } from '../store/operation.ts';

/**
 * What others have said of the ledger, kept beside it in `witness/`: `<size>.checkpoint` with the cosignatures of
 * witnesses, `<size>.tsq` and `<size>.tsr` with its time stamp, `authority/<hash>.pem` with the certificates that
 * time stamps were checked against. All of it can be checked again at any time, offline.
 */
const folderName = 'witness';

/** What a witness said: it had seen this ledger at this size at this time. */
export interface CosignedSize {
  readonly witness: string;
  readonly keyId: string;
  readonly size: number;
  /** UTC, by the witness's clock. */
  readonly time: string;
}

export interface StampedSize extends Timestamp {
  readonly size: number;
}

/** What vouches for the ledger from outside. */
export interface Vouchers {
  readonly cosigned: readonly CosignedSize[];
  readonly stamped: readonly StampedSize[];
  /** Sizes whose requests have been carried out and not come back: untimestamped until they do. */
  readonly requested: readonly number[];
  /** Kept files that do not hold: each names the file and what is wrong with it. */
  readonly problems: readonly { readonly file: string; readonly what: string }[];
}

/** Keys of the witnesses whose word counts here. */
export function listWitnessKeys(operation: Operation): string[] {
  return operation.state
    .all<{ value: string }>("select value from setting where name like 'witness %' order by name")
    .map(({ value }) => value);
}

/** Trusts a witness from now on, by the key that it handed over in person. Throws WaymarkError 'usage'. */
export async function trustWitness(operation: Operation, vkey: string): Promise<string> {
  const { name, keyId } = parseWitnessKey(vkey);
  const key = keyId.toString('hex');
  await operation.exclusively(async () => {
    operation.record({ action: 'ledger.trust', objects: [], facts: { key } }, () => {
      operation.state.run('insert or replace into setting (name, value) values ($name, $vkey)', {
        name: `witness ${key}`,
        vkey,
      });
    });
  });
  return name;
}

/**
 * The checkpoint as it is, with the proof that it extends the one that `witness` cosigned last, or that of `since`
 * entries: the text of a file to carry over. Throws WaymarkError 'usage' where it is not clear which witness.
 */
export async function offerLedger(
  operation: Operation,
  { witness, since }: { readonly witness?: string | undefined; readonly since?: number | undefined },
): Promise<{ text: string; size: number; since: number }> {
  const ledger = operation.readLedger();
  const from = since ?? (await lastCosigned(operation, witness));
  return { text: formatOffer(ledger, from), size: ledger.size, since: from };
}

async function lastCosigned(operation: Operation, witness: string | undefined): Promise<number> {
  const { cosigned } = await readVouchers(operation);
  const names = [...new Set(cosigned.map((each) => each.witness))];
  if (witness === undefined && names.length > 1) {
    throw new WaymarkError('usage', 'there are several witnesses', {
      remedy: `Say for whom the offer is with --witness: ${names.sort().join(', ')}.`,
    });
  }
  const own = cosigned.filter((each) => witness === undefined || each.witness === witness);
  return Math.max(0, ...own.map(({ size }) => size));
}

/**
 * Takes in a checkpoint that a witness cosigned and carried back. It must be one of this ledger, and a beginning of
 * what the ledger is now. Throws WaymarkError 'integrity', or 'usage' where no trusted witness signed it.
 */
export async function acceptCosigned(operation: Operation, note: string): Promise<CosignedSize[]> {
  const { origin, vkey } = operation.ledgerIdentity();
  const checkpoint = verifyCheckpoint(note, [vkey], origin);
  assertOurs(operation, checkpoint);
  const witnesses = listWitnessKeys(operation).map(parseWitnessKey);
  const found = verifyCosignatures(checkpoint, witnesses);
  if (found.length === 0) {
    throw new WaymarkError('usage', 'no witness that is trusted here has cosigned this checkpoint', {
      remedy: 'Trust its key first: "ledger trust <key>", as the witness handed it over in person.',
    });
  }
  await operation.exclusively(async () => {
    const file = operation.path(folderName, `${checkpoint.size}.checkpoint`);
    writeFileDurably(file, mergeSignatures(file, note));
    for (const { keyId, seconds } of found) {
      const facts = { size: checkpoint.size, witness: keyId, seconds };
      operation.record({ action: 'ledger.cosigned', objects: [], facts });
    }
  });
  return found.map((each) => cosignedSize(checkpoint.size, each));
}

function assertOurs(operation: Operation, { size, root }: SignedCheckpoint): void {
  const ledger = operation.readLedger();
  if (size <= ledger.size && root.equals(ledger.rootAt(size))) return;
  throw new WaymarkError(
    'integrity',
    size > ledger.size
      ? `the witness has seen ${size} entries, ${ledger.size} are left: first bad index ${ledger.size}`
      : `the first ${size} entries are not those that the witness has seen`,
    {
      where: ledger.folder,
      remedy:
        'Entries were dropped or changed: change nothing, run "ledger check --checkpoint" with this file.',
    },
  );
}

/** All signature lines that stand under the same text, each once. */
function mergeSignatures(file: string, note: string): string {
  if (!fs.existsSync(file)) return note;
  const { text } = parseCheckpoint(note);
  const kept = fs.readFileSync(file, 'utf8');
  const lines = [kept, note].flatMap((each) => each.slice(text.length + 1).split('\n'));
  return `${text}\n${[...new Set(lines)].filter((line) => line !== '').join('\n')}\n`;
}

function cosignedSize(
  size: number,
  { witness, keyId, seconds }: { witness: string; keyId: string; seconds: number },
): CosignedSize {
  return { witness, keyId, size, time: new Date(seconds * 1000).toISOString() };
}

/**
 * Writes a request for a time stamp of the checkpoint as it is (`.tsq`). The checkpoint is kept, and counts as
 * untimestamped until the answer comes.
 */
export async function requestStamp(operation: Operation): Promise<{ size: number; request: Buffer }> {
  const ledger = operation.readLedger();
  const base = operation.path(folderName, String(ledger.size));
  const request = fs.existsSync(`${base}.tsq`)
    ? fs.readFileSync(`${base}.tsq`)
    : requestTimestamp(stampedText(ledger.checkpoint));
  writeFileDurably(`${base}.checkpoint`, mergeSignatures(`${base}.checkpoint`, ledger.checkpoint));
  writeFileDurably(`${base}.tsq`, request);
  return { size: ledger.size, request };
}

/** What is stamped: origin, size and root, without signatures, which may grow. */
function stampedText(note: string): string {
  return parseCheckpoint(note).text;
}

/**
 * Takes in an authority's answer (`.tsr`): it must fit a request made here, and lead to one of the certificates
 * given. Throws WaymarkError 'not-found' where none fits, and as `verifyTimestamp`.
 */
export async function acceptStamp(
  operation: Operation,
  answer: Buffer,
  trustedPem: string,
): Promise<StampedSize> {
  const waiting = sizesOf(operation, 'tsq').filter((size) => !has(operation, `${size}.tsr`));
  let failure: unknown;
  for (const size of waiting) {
    try {
      const stamp = await verifyTimestamp(answer, ...requested(operation, size), trustedPem);
      await keepStamp(operation, size, answer, trustedPem, stamp);
      return { size, ...stamp };
    } catch (error) {
      // An answer to another request that waits; what is wrong for other reasons is told.
      const isOther = error instanceof WaymarkError && /another text|this request/.test(error.message);
      if (!isOther) failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  throw new WaymarkError('not-found', 'this answers no request that waits here', {
    remedy: 'Make one with "ledger timestamp request"; "ledger check" lists those that wait.',
  });
}

async function keepStamp(
  operation: Operation,
  size: number,
  answer: Buffer,
  pem: string,
  stamp: Timestamp,
): Promise<void> {
  const authority = sha256Hex(pem);
  await operation.exclusively(async () => {
    writeFileDurably(operation.path(folderName, 'authority', `${authority}.pem`), pem);
    writeFileDurably(operation.path(folderName, `${size}.tsr`), answer);
    const facts = { size, time: stamp.time, certificate: stamp.certificate, authority };
    operation.record({ action: 'ledger.timestamped', objects: [], facts });
  });
}

function requested(operation: Operation, size: number): [request: Buffer, text: string] {
  const folder = operation.path(folderName);
  const note = readRegularFile(folder, `${size}.checkpoint`, maxCheckpointBytes).toString('utf8');
  return [readRegularFile(folder, `${size}.tsq`, maxTimestampBytes), stampedText(note)];
}

/** Everything that others have said of the ledger, each checked again. */
export async function readVouchers(operation: Operation): Promise<Vouchers> {
  const cosigned: CosignedSize[] = [];
  const stamped: StampedSize[] = [];
  const problems: { file: string; what: string }[] = [];
  const attempt = async (file: string, step: () => void | Promise<void>) => {
    try {
      await step();
    } catch (error) {
      problems.push({ file: `${folderName}/${file}`, what: (error as Error).message });
    }
  };
  const { origin, vkey } = operation.ledgerIdentity();
  const witnesses = listWitnessKeys(operation).map(parseWitnessKey);
  for (const size of sizesOf(operation, 'checkpoint')) {
    await attempt(`${size}.checkpoint`, () => {
      const checkpoint = verifyCheckpoint(readKept(operation, size), [vkey], origin);
      if (checkpoint.size !== size)
        throw new WaymarkError('integrity', 'is not of the size that it is named by');
      assertOurs(operation, checkpoint);
      cosigned.push(...verifyCosignatures(checkpoint, witnesses).map((each) => cosignedSize(size, each)));
    });
  }
  for (const size of sizesOf(operation, 'tsr')) {
    await attempt(`${size}.tsr`, async () => {
      const answer = readRegularFile(operation.path(folderName), `${size}.tsr`, maxTimestampBytes);
      const stamp = await verifyTimestamp(answer, ...requested(operation, size), authorities(operation));
      stamped.push({ size, ...stamp });
    });
  }
  const waiting = sizesOf(operation, 'tsq').filter((size) => !has(operation, `${size}.tsr`));
  return { cosigned, stamped, requested: waiting, problems };
}

/** The checkpoints kept here: the ledger must extend each. */
export function keptCheckpoints(operation: Operation): string[] {
  return sizesOf(operation, 'checkpoint').map((size) => readKept(operation, size));
}

function readKept(operation: Operation, size: number): string {
  return readRegularFile(operation.path(folderName), `${size}.checkpoint`, maxCheckpointBytes).toString(
    'utf8',
  );
}

function authorities(operation: Operation): string {
  const folder = operation.path(folderName, 'authority');
  if (!fs.existsSync(folder)) return '';
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}

function sizesOf(operation: Operation, extension: string): number[] {
  const folder = operation.path(folderName);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .map((name) => new RegExp(`^(\\d{1,16})\\.${extension}$`).exec(name)?.[1])
    .filter((size) => size !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

function has(operation: Operation, file: string): boolean {
  return fs.existsSync(operation.path(folderName, file));
}

/** The last checkpoint as a page to print, sign and put away; `time` is that of printing. */
export async function checkpointPage(operation: Operation, time: string): Promise<string> {
  const { origin, vkey } = operation.ledgerIdentity();
  const ledger = operation.readLedger();
  const { cosigned, stamped } = await readVouchers(operation);
  const last = ledger.size === 0 ? [] : [...ledger.entries(ledger.size - 1)];
  const groups = ledger.root.toString('hex').match(/.{4}/g)!;
  const rule = '-'.repeat(72);
  return [
    'CHECKPOINT OF A WAYMARK LEDGER',
    rule,
    `Ledger       ${origin}`,
    `Entries      ${ledger.size}`,
    `Root         ${groups.slice(0, 8).join(' ')}`,
    `             ${groups.slice(8).join(' ')}`,
    `Last entry   ${last[0]?.entry.time ?? 'none'}`,
    `Printed      ${time} by ${operation.actor}`,
    `Key          ${vkey}`,
    '',
    ...(cosigned.length === 0 ? ['Cosigned     by nobody yet'] : []),
    ...cosigned.map(({ witness, size, time: at }) => `Cosigned     ${size} entries by ${witness}, ${at}`),
    ...stamped.map(({ authority, size, time: at }) => `Time stamp   ${size} entries by ${authority}, ${at}`),
    rule,
    'Whoever holds this page can show later whether any of these entries was',
    'changed, removed or moved: type the text below into a file and run',
    '"ledger check --checkpoint <file>". Keep it away from the machine.',
    rule,
    '',
    ledger.checkpoint,
    '',
    'Date ____________________   Name ______________________________________',
    '',
    'Signature _____________________________________________________________',
    '',
  ].join('\n');
}

/** What a witness did with an offer; a refusal can be looked into with a copy of the ledger. */
export async function witnessOffer(
  folder: string,
  offer: string,
  seconds: number,
  options: { readonly key?: string | undefined; readonly ledger?: string | undefined },
): Promise<Accepted> {
  const witness = Witness.open(folder);
  try {
    return witness.accept(offer, seconds, options.key);
  } catch (error) {
    if (options.ledger === undefined || !(error instanceof WaymarkError) || error.code !== 'integrity')
      throw error;
    throw new WaymarkError(
      'integrity',
      `${error.message}; ${await firstBad(witness, offer, options.ledger)}`,
      {
        where: options.ledger,
        remedy: error.remedy,
      },
    );
  }
}

async function firstBad(witness: Witness, offer: string, ledger: string): Promise<string> {
  const { origin } = parseCheckpoint(offer.slice(offer.indexOf('\n\n') + 2));
  const vkey = witness.keyOf(origin);
  if (vkey === null) return 'nothing was cosigned here to compare with';
  const kept: CheckOptions = { origin, witness: witness.witnessed(origin).map(({ note }) => note) };
  const { firstBadIndex, problems } = await check(ledger, vkey, kept);
  const what = problems.map((each) => `${each.file}: ${each.what}`).slice(0, 3);
  return firstBadIndex === null
    ? 'the copy of the ledger that was given agrees with what was cosigned here'
    : `first bad index in the copy: ${firstBadIndex} (${what.join('; ')})`;
}

/** Makes the folder of a witness. Throws as `Witness.init`. */
export function initWitness(folder: string, name: string): Witness {
  makeFolder(path.resolve(folder));
  return Witness.init(folder, name);
}
