import type { Engine } from '../store/engine.ts';
import { registryRanges } from '../store/queries/place.ts';
import { addressNumber, Ranges } from './place-ranges.ts';

/** Where an address was registered on a day, as a registry's table shows it. */
export interface Registered {
  /** ISO 3166 code; null where the registry states no country (regions such as EU, available ranges). */
  readonly country: string | null;
  readonly registry: string;
  readonly status: string;
  /** Opaque id of the holder, and the AS number where the same table gives the holder exactly one. */
  readonly holder: string | null;
  readonly asNumber: string | null;
  /** The table's day, and days from there to the day that was asked about: negative where the table is younger. */
  readonly snapshot: string;
  readonly distanceDays: number;
  readonly pointer: string;
}

interface Snapshot {
  readonly day: number;
  readonly text: string;
  readonly rows: Row[];
  readonly asNumbers: Map<string, string | null>;
  ranges: Ranges | null;
}

interface Row {
  readonly country: string | null;
  readonly status: string;
  readonly holder: string | null;
  readonly from: bigint;
  readonly to: bigint;
  readonly pointer: string;
}

/** Codes that registries use for regions: they name no country. */
const regions = new Set(['EU', 'AP', 'ZZ']);
const dayMicros = 86_400_000_000;

/**
 * Registry tables by registry and day. Of each registry the table nearest before the asked day is used, or its
 * first one where all are younger; the distance is part of the answer.
 */
export class Registries {
  private readonly byRegistry = new Map<string, Snapshot[]>();

  add(range: {
    readonly registry: string;
    readonly snapshot: string;
    readonly family: string;
    readonly country: string | null;
    readonly first: string;
    readonly last: string;
    readonly status: string | null;
    readonly holder: string | null;
    readonly pointer: string;
  }): void {
    const day = Date.parse(`${range.snapshot}T00:00:00Z`) / 86_400_000;
    if (!Number.isInteger(day)) return;
    const snapshot = this.snapshotOf(range.registry, range.snapshot, day);
    const { country, holder, pointer } = range;
    const status = range.status ?? '';
    if (range.family === 'asn') {
      if (holder === null) return;
      const number = range.first === range.last && !snapshot.asNumbers.has(holder) ? range.first : null;
      snapshot.asNumbers.set(holder, number);
      return;
    }
    const [from, to] = [addressNumber(range.first), addressNumber(range.last)];
    if (from === null || to === null || to < from) return;
    snapshot.rows.push({ country, status, holder, from, to, pointer });
    snapshot.ranges = null;
  }

  get isEmpty(): boolean {
    return this.byRegistry.size === 0;
  }

  /**
   * What the tables say of an address (see `addressNumber`) at a time in UTC microseconds: of several registries that
   * hold it the one whose table lies nearest, of equally near ones the first by name. Null where none does.
   */
  find(address: bigint, time: number): Registered | null {
    const day = Math.floor(time / dayMicros);
    let best: Registered | null = null;
    for (const [registry, snapshots] of this.byRegistry) {
      const snapshot = nearest(snapshots, day);
      snapshot.ranges ??= new Ranges(snapshot.rows.map(({ from, to }, row) => ({ from, to, row })));
      const row = snapshot.rows[snapshot.ranges.find(address)];
      if (!row) continue;
      const distanceDays = day - snapshot.day;
      if (best && !isNearer(distanceDays, registry, best)) continue;
      const { holder, status, pointer } = row;
      const isHeld = status !== 'available' && status !== 'reserved';
      best = {
        country: isHeld && row.country !== null && !regions.has(row.country) ? row.country : null,
        registry,
        status,
        holder,
        asNumber: holder === null ? null : (snapshot.asNumbers.get(holder) ?? null),
        snapshot: snapshot.text,
        distanceDays,
        pointer,
      };
    }
    return best;
  }

  private snapshotOf(registry: string, text: string, day: number): Snapshot {
    const known = this.byRegistry.get(registry) ?? [];
    this.byRegistry.set(registry, known);
    let snapshot = known.find((each) => each.day === day);
    if (!snapshot) {
      snapshot = { day, text, rows: [], asNumbers: new Map(), ranges: null };
      known.push(snapshot);
      known.sort((a, b) => a.day - b.day);
    }
    return snapshot;
  }
}

function nearest(snapshots: readonly Snapshot[], day: number): Snapshot {
  let best = snapshots[0]!;
  for (const snapshot of snapshots) if (snapshot.day <= day) best = snapshot;
  return best;
}

function isNearer(distance: number, registry: string, than: Registered): boolean {
  const [a, b] = [Math.abs(distance), Math.abs(than.distanceDays)];
  return a < b || (a === b && registry < than.registry);
}

/** All registry tables among the exhibits. */
export async function readRegistries(engine: Engine): Promise<Registries> {
  const registries = new Registries();
  await engine.pages(registryRanges, {}, ({ columns, rows }) => {
    const [registry, snapshot, family, country, first, last, status, holder, pointer] = columns as (
      | string
      | null
    )[][];
    for (let r = 0; r < rows; r++) {
      registries.add({
        registry: registry![r]!,
        snapshot: snapshot![r]!,
        family: family![r]!,
        country: country![r]!,
        first: first![r]!,
        last: last![r]!,
        status: status![r]!,
        holder: holder![r]!,
        pointer: pointer![r]!,
      });
    }
  });
  return registries;
}
