import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseGrade } from '../access/grading.ts';
import { WaymarkError } from '../base/errors.ts';
import { listExhibits } from '../intake/exhibits.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import type { ExportTable } from '../store/queries/views.ts';
import { assertPurpose } from './authorities.ts';
import { act, decisionsInForce, viewOfAct } from './decided.ts';
import { gradesInForce } from './decisions.ts';
import { type ExportFormat, writeExport } from './export.ts';
import { type Approval, assertTwoPersons, carriedOut } from './two-persons.ts';

export interface ExportRequest {
  readonly table: ExportTable;
  readonly format: ExportFormat;
  readonly purpose: string;
  /** Who permitted it, where handling codes ask for that. */
  readonly permission?: string | undefined;
}

/** A table that was written out and recorded, in a temporary file. */
export interface Exported {
  readonly sha256: string;
  readonly bytes: number;
  /** The file; it is removed once it was read. */
  readonly read: () => fs.ReadStream;
}

let next = 0;

/**
 * Writes a table out as an act: after the second person, the purposes of the authorities and the handling codes allow
 * it; recorded with its hash before a byte leaves. Throws WaymarkError 'denied' where one of them does not.
 */
export async function exportWhole(
  operation: Operation,
  engine: Engine,
  request: ExportRequest,
  record: (act: () => void) => Promise<void>,
): Promise<Exported> {
  const approval = assertExport(operation, request);
  const folder = operation.path('tmp', `aside-${process.pid}`);
  fs.mkdirSync(folder, { recursive: true });
  const file = `${folder}/export-${next++}.${request.format}`;
  const hash = createHash('sha256');
  let bytes = 0;
  const hashing = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  const written = pipeline(hashing, fs.createWriteStream(file, { mode: 0o600 }));
  try {
    await writeExport(operation, engine, request.table, request.format, hashing as Writable);
    hashing.end();
    await written;
    const sha256 = hash.digest('hex');
    await record(() => recordExport(operation, request, approval, sha256));
    return { sha256, bytes, read: () => readOnce(file) };
  } catch (error) {
    hashing.destroy();
    await written.catch(() => {});
    fs.rmSync(file, { force: true });
    throw error;
  }
}

/** What an export asks for when two persons are needed: the table and the format. */
export function matterOf({ table, format }: Pick<ExportRequest, 'table' | 'format'>) {
  return { act: 'export', what: [`format ${format}`, `table ${table}`] } as const;
}

function assertExport(operation: Operation, request: ExportRequest): Approval {
  const exhibits = listExhibits(operation).filter(({ status }) => status !== 'excluded');
  assertPurpose(operation, exhibits, request.purpose);
  const codes = conditionsOf(operation);
  if (codes.length > 0 && !request.permission?.trim()) {
    throw new WaymarkError('denied', `what is exported is handled under conditions (${codes.join(', ')})`, {
      remedy: 'Ask those who gave it, and say who permitted it (--permission): it is recorded.',
    });
  }
  return assertTwoPersons(operation, matterOf(request), operation.time());
}

/** Handling codes in force that bind what leaves the operation: 3x5x2 C, 4x4 H1 to H3. */
function conditionsOf(operation: Operation): string[] {
  const markings = [
    ...gradesInForce(operation).values(),
    ...decisionsInForce(operation).map((decision) => viewOfAct(decision).marking),
  ];
  const codes = markings.flatMap((marking) =>
    marking?.grade ? parseGrade(marking.grade).handling.filter((code) => code !== 'P' && code !== 'H0') : [],
  );
  return [...new Set(codes)].sort();
}

function recordExport(
  operation: Operation,
  request: ExportRequest,
  approval: Approval,
  sha256: string,
): void {
  const by = { reason: request.purpose, time: operation.time() };
  const permission = request.permission?.trim();
  const details = { sha256, persons: approval.persons, ...(permission && { permission }) };
  act(operation, { kind: 'export', subject: [...matterOf(request).what], value: 'done', details }, by);
  carriedOut(operation, approval, by);
}

function readOnce(file: string): fs.ReadStream {
  const stream = fs.createReadStream(file);
  stream.on('close', () => fs.rmSync(file, { force: true }));
  return stream;
}
