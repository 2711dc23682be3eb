import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { OnProgress } from '../base/progress.ts';
import { findExhibit } from '../intake/exhibits.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { linksInsidePersons } from '../store/queries/views.ts';
import { build, openGeneration } from './build.ts';
import { readQueue } from './overview.ts';

/** What fell and what changed when an exhibit was excluded. */
export interface Exclusion {
  readonly exhibit: string;
  readonly generation: string;
  readonly links: { readonly fell: string[]; readonly appeared: string[] };
  readonly queue: {
    readonly fell: string[];
    readonly moved: { person: string; from: number; to: number }[];
    readonly appeared: string[];
  };
}

/**
 * Takes an exhibit out of everything that is derived (ruled inadmissible, authority expired, wrong parcel),
 * builds a generation without it, and lists what changed. The original stays in the vault, and the act in the
 * ledger. Throws WaymarkError 'usage' without a reason.
 */
export async function excludeExhibit(
  operation: Operation,
  id: string,
  reason: string,
  onProgress: OnProgress,
): Promise<Exclusion> {
  if (reason.trim() === '') throw new WaymarkError('usage', 'excluding an exhibit needs a reason');
  const exhibit = findExhibit(operation, id);
  if (exhibit.status === 'excluded')
    throw new WaymarkError('usage', `exhibit ${exhibit.id} is excluded already`);
  return operation.exclusively(async () => {
    await build(operation, onProgress);
    const before = await snapshot(operation);
    operation.record(
      { action: 'exhibit.exclude', objects: [exhibit.id], facts: { reason: sha256Hex(reason) } },
      () => {
        operation.state.run("update exhibit set status = 'excluded', reason = $reason where id = $id", {
          id: exhibit.id,
          reason,
        });
      },
    );
    const { id: generation } = await build(operation, onProgress);
    const after = await snapshot(operation);
    return { exhibit: exhibit.id, generation, ...difference(before, after) };
  });
}

interface Snapshot {
  readonly links: ReadonlySet<string>;
  readonly ranks: ReadonlyMap<string, number>;
}

async function snapshot(operation: Operation): Promise<Snapshot> {
  const engine: Engine = await openGeneration(operation);
  try {
    const links = await engine.rows<{ account_a: string; account_b: string; same: boolean }>(
      linksInsidePersons,
    );
    const queue = await readQueue(engine);
    return {
      links: new Set(links.map((link) => `${link.account_a} = ${link.account_b}`)),
      ranks: new Map(queue.map((entry) => [entry.person, entry.rank])),
    };
  } finally {
    engine.close();
  }
}

function difference(before: Snapshot, after: Snapshot): Pick<Exclusion, 'links' | 'queue'> {
  const missing = (from: Iterable<string>, set: { has(key: string): boolean }) =>
    [...from].filter((key) => !set.has(key)).sort();
  const moved = [...before.ranks]
    .filter(([person, rank]) => after.ranks.has(person) && after.ranks.get(person) !== rank)
    .map(([person, from]) => ({ person, from, to: after.ranks.get(person)! }));
  return {
    links: { fell: missing(before.links, after.links), appeared: missing(after.links, before.links) },
    queue: {
      fell: missing(before.ranks.keys(), after.ranks),
      moved,
      appeared: missing(after.ranks.keys(), before.ranks),
    },
  };
}
