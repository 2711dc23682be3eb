import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Marking } from '../access/grading.ts';
import { WaymarkError } from '../base/errors.ts';
import type { OnProgress } from '../base/progress.ts';
import { findExhibit } from '../intake/exhibits.ts';
import type { FileOutcome } from '../intake/read-child.ts';
import { type Custody, custodyOf, type Received, receiveFiles } from '../intake/receive.ts';
import { type FoundFile, type Refused, walk } from '../intake/walk.ts';
import type { Operation } from '../store/operation.ts';
import { build } from './build.ts';
import { grade, gradesInForce } from './decisions.ts';
import { readPending } from './intake.ts';
import { viewOf } from './overview.ts';

/** Who hands over, under which authority, and how it is graded. */
export interface Handover extends Custody {
  readonly authority: string;
  readonly marking: Marking | null;
}

/** What came of handing files over together. */
export interface Delivered extends Received {
  readonly generation: string;
}

/** What lies at a path of this machine. Throws WaymarkError 'not-found', 'usage' for the operation's own folder. */
export function filesAt(operation: Operation, start: string): { found: FoundFile[]; refused: Refused[] } {
  if (!path.isAbsolute(start)) {
    throw new WaymarkError('usage', 'the path must be whole, from the root on', {
      where: start,
      remedy: 'Write it as "/evidence/forum" or "D:\\\\evidence\\\\forum".',
    });
  }
  if (fs.existsSync(start)) {
    const [own, given] = [fs.realpathSync(operation.folder), fs.realpathSync(start)];
    const isIn = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}${path.sep}`);
    if (isIn(given, own) || isIn(own, given)) {
      throw new WaymarkError('usage', 'the operation cannot take in its own folder', {
        where: start,
        remedy: 'Name a folder that lies outside the operation and does not hold it.',
      });
    }
  }
  const files = walk(start);
  if (files.found.length + files.refused.length > 0) return files;
  throw new WaymarkError('not-found', 'there are no files at this path', {
    where: start,
    remedy: 'Name the folder that holds the exhibits.',
  });
}

/** Takes files into custody, grades the new exhibits where a grade is given, reads them and builds a generation. */
export function deliver(
  operation: Operation,
  { found, refused }: { readonly found: readonly FoundFile[]; readonly refused: readonly Refused[] },
  handover: Handover,
  onProgress: OnProgress,
): Promise<Delivered> {
  const { marking, ...custody } = handover;
  return operation.exclusively(async () => {
    const received = await receiveFiles(operation, found, refused, custody, onProgress);
    if (marking) {
      const reason = custody.note?.trim() || 'graded when it was handed over';
      for (const { exhibit, how } of received.receipts) {
        if (how === 'received') {
          grade(operation, 'exhibit', exhibit, { reason, time: operation.time(), marking });
        }
      }
    }
    await readPending(operation, onProgress);
    const { id: generation } = await build(operation, onProgress);
    return { ...received, generation };
  });
}

/** How a file's reader was chosen. */
export interface Choice {
  readonly path: string;
  readonly reader: string | null;
  readonly unread: string | null;
  /** Null where it was read by an earlier Waymark, which did not say. */
  readonly told: readonly { readonly reader: string; readonly sure: number }[] | null;
}

/** Files whose reader is told one by one. */
const mostChoices = 200;

/** An exhibit's custody, and for each of its files which reader was chosen and why. */
export function exhibitOrigin(operation: Operation, id: string) {
  const exhibit = findExhibit(operation, id);
  const outcomes = exhibit.summary?.outcomes ?? [];
  return {
    exhibit: { ...viewOf(exhibit), marking: gradesInForce(operation).get(`exhibit ${exhibit.id}`) ?? null },
    custody: custodyOf(operation, exhibit.id),
    choices: outcomes.slice(0, mostChoices).map(choiceOf),
    files: outcomes.length,
  };
}

function choiceOf({ path: inner, reader, unread, told }: FileOutcome): Choice {
  return { path: inner, reader, unread, told: told?.map(([of, sure]) => ({ reader: of, sure })) ?? null };
}
