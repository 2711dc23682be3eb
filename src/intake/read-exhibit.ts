import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { Slots } from '../base/slots.ts';
import { Load } from '../evidence/load.ts';
import type { Tally } from '../evidence/records.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import type { Vault } from '../store/vault.ts';
import { isMapping, mappingBeside } from './group.ts';
import type { FileOutcome } from './read-child.ts';
import { type Attempt, type Reading, readShares, sharesOf, type Totals } from './shares.ts';
import { readChild } from './sniff.ts';
import type { Span } from './unpack.ts';

/** A file of an exhibit in the vault; the path is '' where the exhibit is one file. */
export interface ExhibitFile {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** How much is read at once. */
export interface Pace {
  /** A sandbox holds one while it reads. */
  readonly slots: Slots;
  /** Bytes of a share, at least; `limits.shareBytes` where it is not said. */
  readonly shareBytes?: number;
}

/**
 * Reads one exhibit's files in the sandbox into the lake. A file on which the sandbox dies is set aside as
 * unread, and the others are read again without it, so that one poisoned file costs nothing but itself. A large file
 * whose lines stand alone is read in shares, several at once; their number rests on its size alone, so that the same
 * bytes give the same files of the lake on every machine.
 * Throws only what is not the evidence's fault (storage, integrity).
 */
export async function readExhibit(
  operation: string,
  vault: Vault,
  exhibit: string,
  files: readonly ExhibitFile[],
  onProgress: (bytes: number) => void,
  { slots, shareBytes = limits.shareBytes }: Pace = { slots: new Slots(1) },
): Promise<Reading> {
  // A file of this exhibit alone, and given to the sandbox as a descriptor.
  const large = files.length === 1 ? largeOf(files)[0] : undefined;
  const shares = large ? sharesOf(large.bytes, shareBytes) : [];
  const shared =
    shares.length > 1
      ? await readInShares(operation, vault, exhibit, files[0]!, shares, onProgress, slots)
      : null;
  if (shared) return shared;
  const setAside: FileOutcome[] = [];
  for (;;) {
    const load = new Load(operation, exhibit);
    const remaining = files.filter((file) => !setAside.some((out) => out.path === file.path));
    const attempt = await slots
      .use(async () => {
        const sandbox = await openFor(vault, remaining);
        return attemptReading(sandbox, load, vault, remaining, onProgress).finally(() => sandbox.close());
      })
      .catch(async (error: unknown) => {
        await load.discard();
        throw error;
      });
    if ('reading' in attempt) {
      const { totals, outcomes } = attempt.reading;
      return { lake: await load.finish(), ...totals, outcomes: [...outcomes, ...setAside] };
    }
    await load.discard();
    setAside.push({ path: attempt.failed.path, reader: null, version: null, unread: attempt.reason });
  }
}

/** Reads a file in shares; null, with nothing left of it, where its lines do not stand alone or a share was not read. */
async function readInShares(
  operation: string,
  vault: Vault,
  exhibit: string,
  file: ExhibitFile,
  shares: readonly Span[],
  onProgress: (bytes: number) => void,
  slots: Slots,
): Promise<Reading | null> {
  const opened: Sandbox[] = [];
  // One after the other is read by the same sandbox: a new one would compile its readers anew.
  const idle: Sandbox[] = [];
  const borrow = async () => {
    const rested = idle.pop();
    if (rested) return rested;
    const sandbox = await openFor(vault, [file]);
    opened.push(sandbox);
    return sandbox;
  };
  const stand = async () => {
    const sandbox = await borrow();
    const alone = await standsAlone(sandbox, file);
    idle.push(sandbox);
    return alone;
  };
  try {
    if (!(await slots.use(stand))) return null;
    const loads = shares.map((_, part) => new Load(operation, exhibit, part));
    return await readShares(loads, slots, async (load, index) => {
      const sandbox = await borrow();
      const attempt = await attemptReading(sandbox, load, vault, [file], onProgress, shares[index]);
      idle.push(sandbox);
      return attempt;
    });
  } finally {
    for (const sandbox of opened) sandbox.close();
  }
}

/** A sandbox that has the larger ones of these files open; the others are sent to it. Throws WaymarkError 'sandbox'. */
function openFor(vault: Vault, files: readonly ExhibitFile[]): Promise<Sandbox> {
  return Sandbox.open({ entry: readChild, files: largeOf(files).map((file) => vault.fileOf(file.sha256)) });
}

function largeOf(files: readonly ExhibitFile[]): ExhibitFile[] {
  return files.filter((file) => file.bytes > limits.maxInlineFileBytes);
}

/** Whether a file's first bytes say that its lines can be read one by one; false where even that cannot be told. */
async function standsAlone(sandbox: Sandbox, file: ExhibitFile): Promise<boolean> {
  let alone = false;
  const request = { kind: 'stand-alone', path: file.path, name: file.name, size: file.bytes, descriptor: 3 };
  const onMessage = (message: Record<string, unknown>) => {
    alone = message.alone === true;
  };
  try {
    await sandbox.ask(request, null, { onMessage });
    return alone;
  } catch (error) {
    if (isEvidenceAtFault(error)) return false;
    throw error;
  }
}

/** Whether an error of a sandbox speaks of what it was given, and not of this machine. */
function isEvidenceAtFault(error: unknown): error is WaymarkError {
  return error instanceof WaymarkError && ['sandbox', 'unreadable', 'limit'].includes(error.code);
}

async function attemptReading(
  sandbox: Sandbox,
  load: Load,
  vault: Vault,
  files: readonly ExhibitFile[],
  onProgress: (bytes: number) => void,
  share?: Span,
): Promise<Attempt> {
  const large = largeOf(files);
  const mappings = files.filter((file) => isMapping(file.path));
  const outcomes: FileOutcome[] = [];
  let totals: Totals | undefined;
  const answer = {
    onBatch: (frame: Buffer) => load.take(frame),
    onMessage: (message: Record<string, unknown>) => {
      if (typeof message.progress === 'number') onProgress(message.progress);
      if (message.file) outcomes.push(outcomeOf(message.file));
      if (message.totals) totals = totalsOf(message.totals);
    },
  };
  let current: ExhibitFile | undefined;
  try {
    await sandbox.ask({ kind: 'begin' }, null, answer);
    for (const file of files) {
      current = file;
      const index = large.indexOf(file);
      const request = {
        kind: 'file',
        path: file.path,
        name: file.name,
        size: file.bytes,
        descriptor: index + 3,
        ...mappingOf(vault, file, mappings),
        ...(share && { share }),
      };
      const attached = index < 0 ? readBlob(vault, file) : null;
      await sandbox.ask(request, attached, answer);
    }
    await sandbox.ask({ kind: 'finish' }, null, answer);
    if (!totals) throw new WaymarkError('sandbox', 'the sandboxed reader ended without its totals');
    return { reading: { totals, outcomes } };
  } catch (error) {
    if (!isEvidenceAtFault(error) || !current) throw error;
    return { failed: current, reason: error.message };
  }
}

/** The text of the file that names a list's columns, where one lies beside it: longer ones are none. */
function mappingOf(vault: Vault, file: ExhibitFile, mappings: readonly ExhibitFile[]): { mapping?: string } {
  const name = mappingBeside(
    file.path,
    mappings.map((each) => each.path),
  );
  const beside = mappings.find((each) => each.path === name);
  if (beside === undefined || beside.bytes > limits.sniffBytes) return {};
  return { mapping: readBlob(vault, beside).toString('utf8') };
}

function readBlob(vault: Vault, file: ExhibitFile): Buffer {
  const fd = vault.open(file.sha256);
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function outcomeOf(value: unknown): FileOutcome {
  const { path: inner, reader, version, unread, told } = value as Record<string, unknown>;
  if (typeof inner !== 'string') throw new WaymarkError('sandbox', 'the sandboxed reader named no file');
  return {
    path: inner,
    reader: typeof reader === 'string' ? reader : null,
    version: typeof version === 'number' ? version : null,
    unread: typeof unread === 'string' ? unread : null,
    ...(Array.isArray(told) && { told: told.filter(isTold).slice(0, 10) }),
  };
}

/** Numbers that the sandbox tells, of which nothing is believed but that they are numbers. */
function totalsOf(value: unknown): Totals {
  const { counts, tallies, warnings } = value as Record<string, unknown>;
  if (areCounts(counts) && isCount(warnings) && Array.isArray(tallies) && tallies.every(isTally)) {
    return { counts, tallies, warnings };
  }
  throw new WaymarkError('sandbox', 'the sandboxed reader told no totals');
}

function isTally(value: unknown): value is Tally {
  const { unit, rows, read, skipped } = (value ?? {}) as Record<string, unknown>;
  return typeof unit === 'string' && isCount(rows) && isCount(read) && areCounts(skipped);
}

function areCounts(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isCount);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTold(value: unknown): value is readonly [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** Bytes of one file of an exhibit: `length` of them from `offset` on. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * The original bytes of places in one file of an exhibit, read in one pass in the sandbox, which unpacks what is
 * packed. `onBytes` gets them piece by piece with the index of the place; pieces of overlapping places alternate.
 * Throws WaymarkError 'not-found' when a place does not exist.
 */
export async function readPlaces(
  vault: Vault,
  files: readonly ExhibitFile[],
  inner: string,
  places: readonly Place[],
  onBytes: (place: number, bytes: Buffer) => void,
): Promise<void> {
  const file =
    files.find((each) => each.path === inner) ??
    files.find((each) => each.path === '' || inner.startsWith(`${each.path}/`));
  if (!file) throw notThere(inner);
  const order = places.map((_, index) => index).sort((a, b) => places[a]!.offset - places[b]!.offset);
  const got = new Float64Array(places.length);
  const sandbox = await Sandbox.open({ entry: readChild, files: [vault.fileOf(file.sha256)] });
  let current = 0;
  try {
    const request = {
      kind: 'places',
      path: file.path,
      name: path.posix.basename(file.name),
      size: file.bytes,
      descriptor: 3,
      inner,
      places: order.map((index) => [places[index]!.offset, places[index]!.length]),
    };
    await sandbox.ask(request, null, {
      onMessage: (message) => {
        if (typeof message.place === 'number') current = order[message.place] ?? 0;
      },
      onBytes: (bytes) => {
        got[current]! += bytes.length;
        onBytes(current, Buffer.from(bytes));
      },
    });
  } finally {
    sandbox.close();
  }
  if (places.some((place, index) => got[index] !== place.length)) throw notThere(inner);
}

function notThere(inner: string): WaymarkError {
  return new WaymarkError('not-found', 'the exhibit has no such place', {
    ...(inner === '' ? {} : { where: inner }),
    remedy: 'Check the pointer: it must stand exactly as an export or page shows it.',
  });
}
