import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { type LakeFile, Load } from '../evidence/load.ts';
import type { Tally } from '../evidence/records.ts';
import type { TableName } from '../evidence/tables.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import type { Vault } from '../store/vault.ts';
import { isMapping, mappingBeside } from './group.ts';
import type { FileOutcome } from './read-child.ts';
import { readChild } from './sniff.ts';

/** A file of an exhibit in the vault; the path is '' where the exhibit is one file. */
export interface ExhibitFile {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Everything that reading an exhibit gave: what to record, and what was left unread and why. */
export interface Reading {
  readonly lake: LakeFile[];
  readonly outcomes: FileOutcome[];
  readonly counts: Partial<Record<TableName, number>>;
  readonly tallies: Tally[];
  readonly warnings: number;
}

interface Totals {
  readonly counts: Partial<Record<TableName, number>>;
  readonly tallies: Tally[];
  readonly warnings: number;
}

/**
 * Reads one exhibit's files in the sandbox into the lake. A file on which the sandbox dies is set aside as
 * unread, and the others are read again without it, so that one poisoned file costs nothing but itself.
 * Throws only what is not the evidence's fault (storage, integrity).
 */
export async function readExhibit(
  operation: string,
  vault: Vault,
  exhibit: string,
  files: readonly ExhibitFile[],
  onProgress: (bytes: number) => void,
): Promise<Reading> {
  const setAside: FileOutcome[] = [];
  for (;;) {
    const load = new Load(operation, exhibit);
    const remaining = files.filter((file) => !setAside.some((out) => out.path === file.path));
    const attempt = await attemptReading(load, vault, remaining, onProgress).catch(async (error: unknown) => {
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

type Attempt =
  | { readonly reading: { totals: Totals; outcomes: FileOutcome[] } }
  | { readonly failed: ExhibitFile; readonly reason: string };

async function attemptReading(
  load: Load,
  vault: Vault,
  files: readonly ExhibitFile[],
  onProgress: (bytes: number) => void,
): Promise<Attempt> {
  const large = files.filter((file) => file.bytes > limits.maxInlineFileBytes);
  const mappings = files.filter((file) => isMapping(file.path));
  const sandbox = await Sandbox.open({
    entry: readChild,
    files: large.map((file) => vault.fileOf(file.sha256)),
  });
  const outcomes: FileOutcome[] = [];
  let totals: Totals | undefined;
  const answer = {
    onBatch: (frame: Buffer) => load.take(frame),
    onMessage: (message: Record<string, unknown>) => {
      if (typeof message.progress === 'number') onProgress(message.progress);
      if (message.file) outcomes.push(outcomeOf(message.file));
      if (message.totals) totals = message.totals as Totals;
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
      };
      const attached = index < 0 ? readBlob(vault, file) : null;
      await sandbox.ask(request, attached, answer);
    }
    await sandbox.ask({ kind: 'finish' }, null, answer);
    if (!totals) throw new WaymarkError('sandbox', 'the sandboxed reader ended without its totals');
    return { reading: { totals, outcomes } };
  } catch (error) {
    const evidenceAtFault =
      error instanceof WaymarkError && ['sandbox', 'unreadable', 'limit'].includes(error.code);
    if (!evidenceAtFault || !current) throw error;
    return { failed: current, reason: (error as WaymarkError).message };
  } finally {
    sandbox.close();
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
