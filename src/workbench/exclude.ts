import * as fs from 'node:fs';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { type Exhibit, findExhibit, statusOf } from '../intake/exhibits.ts';
import { detailsOf } from '../persons/decisions.ts';
import { assertIntact, generationPath } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import { comparedTables } from '../store/queries/changes.ts';
import { build, deriveAside, nextGeneration } from './build.ts';
import { type Changes, compareSides, type Side } from './changes.ts';
import { decisionsInForce } from './decided.ts';
import { generationInForce } from './overview.ts';
import { type Notice, noticesFor, type PackageLine, packagesCiting } from './packages.ts';

export type ExclusionAct = 'exclude' | 'include';

/** What falls, moves and appears when an exhibit is taken out, or taken back in. */
export interface Exclusion {
  readonly exhibit: string;
  readonly act: ExclusionAct;
  /** The generation that stands afterwards; null for a preview, which makes none. */
  readonly generation: string | null;
  /** For a preview: whether it was compared with the generation in force, or with what a build would give. */
  readonly compared_with: 'the generation in force' | 'what a build would give';
  /** Records that were read from the exhibit, by table. */
  readonly records: Readonly<Record<string, number>>;
  readonly changes: Changes;
  /** Packages sent that cite the exhibit, with those who have them. */
  readonly packages: readonly PackageLine[];
  /** Drafts for a human to send. */
  readonly notices: readonly Notice[];
}

/** An act on an exhibit, as it stays on record. */
export interface PastExclusion {
  readonly sequence: number;
  readonly act: ExclusionAct;
  readonly reason: string;
  readonly author: string;
  readonly time: string;
  /** Null where the work was cut off before it was compared. */
  readonly result: Exclusion | null;
}

/**
 * Everything that would fall, move or appear if the exhibit were taken out (or back in), worked out by deriving
 * without (or with) it in a place of its own. Nothing is recorded and nothing in force changes. Throws
 * WaymarkError 'usage' where the exhibit stands that way already, or while exhibits are still to be read.
 */
export async function previewExclusion(
  operation: Operation,
  id: string,
  act: ExclusionAct,
  onProgress: OnProgress,
): Promise<Exclusion> {
  const exhibit = findExhibit(operation, id);
  assertCan(exhibit, act);
  const { id: next, unread } = nextGeneration(operation);
  if (unread > 0 || (act === 'include' && exhibit.summary === null)) {
    throw new WaymarkError('usage', 'some exhibits are still to be read', {
      where: exhibit.id,
      remedy: 'Run "build" first: a preview reads nothing.',
    });
  }
  const folder = operation.path('tmp', `aside-${process.pid}`, `${exhibit.id}-${act}`);
  const aside =
    (name: string): Side =>
    (table) =>
      `${folder}/${name}/${table}.parquet`;
  const isCurrent = generationInForce(operation)?.id === next;
  try {
    let before: Side;
    if (isCurrent) before = await sideOf(operation, next);
    else {
      before = aside('before');
      await deriveAside(operation, {}, comparedTables, `${folder}/before`, onProgress);
    }
    const otherwise = act === 'exclude' ? { without: exhibit.id } : { having: exhibit.id };
    await deriveAside(operation, otherwise, comparedTables, `${folder}/after`, onProgress);
    const changes = await compareSides(operation, before, aside('after'), decided(operation), onProgress);
    return {
      ...about(operation, exhibit, act, null),
      compared_with: isCurrent ? 'the generation in force' : 'what a build would give',
      changes,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Takes an exhibit out of everything that is derived (ruled inadmissible, authority expired, wrong parcel),
 * builds a generation without it, and lists what changed; the list stays on record. The original stays in the
 * vault, and the act in the ledger. Throws WaymarkError 'usage' without a reason.
 */
export function excludeExhibit(
  operation: Operation,
  id: string,
  reason: string,
  onProgress: OnProgress,
): Promise<Exclusion> {
  return change(operation, id, 'exclude', reason, onProgress);
}

/** Takes an excluded exhibit back in, and lists what changed. Throws WaymarkError 'usage' without a reason. */
export function includeExhibit(
  operation: Operation,
  id: string,
  reason: string,
  onProgress: OnProgress,
): Promise<Exclusion> {
  return change(operation, id, 'include', reason, onProgress);
}

/** Every time that the exhibit was taken out or back in, latest first, with what changed. */
export function listExclusions(operation: Operation, id: string): PastExclusion[] {
  return operation.state
    .all<Omit<PastExclusion, 'result'> & { changes: string | null }>(
      `select sequence, act, reason, author, time, changes from exclusion
       where exhibit = $id order by sequence desc`,
      { id },
    )
    .map(({ changes, ...row }) => ({
      ...row,
      result: changes === null ? null : (JSON.parse(changes) as Exclusion),
    }));
}

async function change(
  operation: Operation,
  id: string,
  act: ExclusionAct,
  reason: string,
  onProgress: OnProgress,
): Promise<Exclusion> {
  const said = reason.trim();
  if (said === '') {
    throw new WaymarkError(
      'usage',
      act === 'exclude' ? 'excluding needs a reason' : 'taking back needs a reason',
      {
        where: id,
        remedy: 'Say in a sentence why: it is what a court will read.',
      },
    );
  }
  assertCan(findExhibit(operation, id), act);
  return operation.exclusively(async () => {
    const { id: before } = await build(operation, onProgress);
    const exhibit = findExhibit(operation, id);
    const time = operation.time();
    let sequence = 0;
    const note = { reason: said };
    operation.record({ action: `exhibit.${act}`, objects: [exhibit.id], facts: {}, note }, () => {
      operation.state.run('update exhibit set status = $status, reason = $reason where id = $id', {
        id: exhibit.id,
        status: act === 'exclude' ? 'excluded' : statusOf(exhibit.summary),
        reason: act === 'exclude' ? said : null,
      });
      operation.state.run(
        `insert into exclusion (exhibit, act, reason, author, time)
         values ($exhibit, $act, $reason, $author, $time)`,
        { exhibit: exhibit.id, act, reason: said, author: operation.actor, time },
      );
      sequence = operation.state.one<{ last: number }>('select last_insert_rowid() as last')!.last;
    });
    const { id: generation } = await build(operation, onProgress);
    const sides = [await sideOf(operation, before), await sideOf(operation, generation)] as const;
    const changes = await compareSides(operation, ...sides, decided(operation), onProgress);
    const result: Exclusion = {
      ...about(operation, { ...exhibit, reason: said }, act, generation),
      compared_with: 'the generation in force',
      changes,
    };
    const kept = canonicalJson(result);
    operation.record(
      { action: 'exhibit.changes', objects: [exhibit.id, generation], facts: { changes: sha256Hex(kept) } },
      () =>
        operation.state.run('update exclusion set changes = $kept where sequence = $sequence', {
          kept,
          sequence,
        }),
    );
    return result;
  });
}

function assertCan(exhibit: Exhibit, act: ExclusionAct): void {
  const isExcluded = exhibit.status === 'excluded';
  if (act === 'exclude' && isExcluded) {
    throw new WaymarkError('usage', `exhibit ${exhibit.id} is excluded already`);
  }
  if (act === 'include' && !isExcluded) {
    throw new WaymarkError('usage', `exhibit ${exhibit.id} is not excluded`);
  }
}

/** What is known without deriving anything. */
function about(
  operation: Operation,
  exhibit: Exhibit,
  act: ExclusionAct,
  generation: string | null,
): Omit<Exclusion, 'changes' | 'compared_with'> {
  const packages = packagesCiting(operation, exhibit.id);
  const records = Object.entries(exhibit.summary?.counts ?? {}).filter(([, count]) => count > 0);
  return {
    exhibit: exhibit.id,
    act,
    generation,
    records: Object.fromEntries(records.sort(([a], [b]) => (a < b ? -1 : 1))),
    packages,
    notices: noticesFor(packages, act, [{ exhibit: exhibit.id, reason: exhibit.reason }]),
  };
}

/** The tables of a stored generation, each held to its hash. */
async function sideOf(operation: Operation, generation: string): Promise<Side> {
  const files = new Map(
    operation.state
      .all<{ path: string; sha256: string }>(
        'select path, sha256 from generation_file where generation = $generation',
        { generation },
      )
      .map(({ path, sha256 }) => [path, sha256]),
  );
  for (const table of comparedTables) {
    const stored = generationPath(generation, table);
    const sha256 = files.get(stored);
    if (sha256 === undefined) {
      throw new WaymarkError('not-found', 'the generation was built by an earlier Waymark, without a table', {
        where: stored,
        remedy: 'Run "build" again.',
      });
    }
    await assertIntact(operation.path(stored), sha256);
  }
  return (table) => operation.path(generationPath(generation, table));
}

const aboutAccounts: readonly string[] = ['link', 'fact', 'risk assessment', 'review', 'category', 'outcome'];

/** The accounts that decisions in force are about. */
function decided(operation: Operation): string[] {
  return decisionsInForce(operation).flatMap((decision) => {
    if (decision.kind === 'child') return detailsOf('child', decision).accounts ?? [];
    return aboutAccounts.includes(decision.kind) ? decision.subject : [];
  });
}
