/**
 * Greedy correlation clustering: persons that together have the most evidence inside them. Clusters are
 * joined while the mean evidence between their accounts favours one person, the strongest first; where two
 * joins are equal, the lower accounts go first, so that the result does not depend on the order of anything.
 */

/** Scored pairs, each once. */
export interface ScoredPairs {
  readonly length: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** log2 odds for one person. */
  readonly bits: Float32Array;
}

export interface ClusterSettings {
  /** Bits of a pair that is no candidate: nothing speaks for one person. */
  readonly unseenBits: number;
  /** The same where one of the two is no person record; `unseenBits` where left out. */
  readonly unseenAccountBits?: number;
  /** Bounds within which one pair speaks. */
  readonly leastBits: number;
  readonly mostBits: number;
}

/** Pairs that human decisions fix: must be together, must not. */
export interface Constraints {
  readonly same: readonly (readonly [number, number])[];
  readonly different: readonly (readonly [number, number])[];
  /**
   * For each account 0, or 1 for a victim's and 2 for a suspect's: persons of both are never formed, save where a
   * human decided that two such accounts are the same.
   */
  readonly roles?: Uint8Array;
  /** For each account 1 where it is a person record; where left out, all are. */
  readonly records?: Uint8Array;
}

/** Clusters of before, and the accounts whose pairs have changed since: all others keep theirs. */
export interface Earlier {
  readonly clusters: Uint32Array;
  readonly touched: ReadonlySet<number>;
}

/**
 * The cluster of each account: the lowest account in it. With `earlier`, only components that hold a touched
 * account are worked out anew, from scratch; the result is that of working out all of them.
 */
export function clusterPairs(
  size: number,
  pairs: ScoredPairs,
  constraints: Constraints,
  settings: ClusterSettings,
  earlier?: Earlier,
): Uint32Array {
  const components = componentsOf(size, pairs, constraints);
  const cluster = Uint32Array.from({ length: size }, (_, i) => i);
  const changed = earlier ? changedComponents(components, earlier) : null;
  if (earlier) {
    earlier.clusters.forEach((first, account) => {
      if (!changed!.has(components[account]!)) cluster[account] = first;
    });
  }
  const byComponent = edgesByComponent(components, pairs, constraints, changed);
  for (const edges of byComponent.values()) joinComponent(edges, cluster, settings, constraints);
  return cluster;
}

/** Components with a touched account, or with accounts of what was another component's cluster. */
function changedComponents(components: Uint32Array, { clusters, touched }: Earlier): Set<number> {
  const changed = new Set<number>();
  for (const account of touched) changed.add(components[account]!);
  clusters.forEach((first, account) => {
    if (components[first] !== components[account]) changed.add(components[first]!).add(components[account]!);
  });
  return changed;
}

interface Component {
  readonly accounts: Set<number>;
  readonly edges: [number, number, number][];
  readonly same: [number, number][];
  readonly different: [number, number][];
}

/** Accounts connected by pairs that favour one person. */
function componentsOf(size: number, pairs: ScoredPairs, { same }: Constraints): Uint32Array {
  const parent = Uint32Array.from({ length: size }, (_, i) => i);
  const find = (x: number): number => {
    while (parent[x] !== x) {
      parent[x] = parent[parent[x]!]!;
      x = parent[x]!;
    }
    return x;
  };
  const join = (x: number, y: number) => {
    const [p, q] = [find(x), find(y)];
    if (p !== q) parent[Math.max(p, q)] = Math.min(p, q);
  };
  for (let i = 0; i < pairs.length; i++) if (pairs.bits[i]! > 0) join(pairs.a[i]!, pairs.b[i]!);
  for (const [a, b] of same) join(a, b);
  for (let i = 0; i < size; i++) parent[i] = find(i);
  return parent;
}

function edgesByComponent(
  component: Uint32Array,
  pairs: ScoredPairs,
  constraints: Constraints,
  wanted: ReadonlySet<number> | null,
): Map<number, Component> {
  const found = new Map<number, Component>();
  const at = (x: number): Component => {
    let held = found.get(component[x]!);
    if (!held) found.set(component[x]!, (held = { accounts: new Set(), edges: [], same: [], different: [] }));
    held.accounts.add(x);
    return held;
  };
  for (let i = 0; i < pairs.length; i++) {
    const [a, b] = [pairs.a[i]!, pairs.b[i]!];
    if (component[a] !== component[b] || (wanted && !wanted.has(component[a]!))) continue;
    const held = at(a);
    at(b);
    held.edges.push([a, b, pairs.bits[i]!]);
  }
  for (const [a, b] of constraints.same) {
    if (wanted && !wanted.has(component[a]!)) continue;
    at(a).same.push([a, b]);
    at(b);
  }
  for (const [a, b] of constraints.different)
    if (component[a] === component[b] && (!wanted || wanted.has(component[a]!))) at(a).different.push([a, b]);
  return found;
}

/** Sum of the evidence between two clusters, and how many of their pairs it comes from. */
interface Between {
  sum: number;
  count: number;
  /** Of these, pairs of two person records. */
  records: number;
  barred: boolean;
}

function joinComponent(
  component: Component,
  cluster: Uint32Array,
  settings: ClusterSettings,
  { roles, records }: Constraints,
): void {
  const accounts = [...component.accounts].sort((x, y) => x - y);
  const members = new Map<number, number[]>(accounts.map((account) => [account, [account]]));
  const near = new Map<number, Map<number, Between>>(accounts.map((account) => [account, new Map()]));
  const between = (a: number, b: number): Between => {
    let held = near.get(a)!.get(b);
    if (!held) {
      held = { sum: 0, count: 0, records: 0, barred: false };
      near.get(a)!.set(b, held);
      near.get(b)!.set(a, held);
    }
    return held;
  };
  for (const [a, b, bits] of component.edges.sort((x, y) => x[0] - y[0] || x[1] - y[1])) {
    const held = between(a, b);
    held.sum += Math.max(settings.leastBits, Math.min(settings.mostBits, bits));
    held.count++;
    if (!records || (records[a] === 1 && records[b] === 1)) held.records++;
  }
  for (const [a, b] of component.different) between(a, b).barred = true;
  const unseenAccountBits = settings.unseenAccountBits ?? settings.unseenBits;
  const recordsIn = new Map<number, number>(
    accounts.map((account) => [account, records ? records[account]! : 1]),
  );
  const meanOf = (a: number, b: number, held: Between): number => {
    const all = members.get(a)!.length * members.get(b)!.length;
    const unseenRecords = recordsIn.get(a)! * recordsIn.get(b)! - held.records;
    const unseenOthers = all - held.count - unseenRecords;
    return (held.sum + unseenRecords * settings.unseenBits + unseenOthers * unseenAccountBits) / all;
  };
  const roleOf = new Map<number, number>(roles ? accounts.map((account) => [account, roles[account]!]) : []);
  const mixesRoles = (a: number, b: number): boolean =>
    roles !== undefined &&
    ((roleOf.get(a)! & 1 && roleOf.get(b)! & 2) || (roleOf.get(a)! & 2 && roleOf.get(b)! & 1)) !== 0;
  const heap = new JoinHeap();
  const offer = (a: number, b: number, held: Between) => {
    if (held.barred || mixesRoles(a, b)) return;
    const mean = meanOf(a, b, held);
    if (mean > 0)
      heap.push(mean, Math.min(a, b), Math.max(a, b), members.get(a)!.length + members.get(b)!.length);
  };
  const join = (a: number, b: number): number => {
    const [keep, drop] = a < b ? [a, b] : [b, a];
    members.get(keep)!.push(...members.get(drop)!);
    members.delete(drop);
    recordsIn.set(keep, recordsIn.get(keep)! + recordsIn.get(drop)!);
    if (roles) roleOf.set(keep, roleOf.get(keep)! | roleOf.get(drop)!);
    const kept = near.get(keep)!;
    kept.delete(drop);
    for (const [other, held] of near.get(drop)!) {
      if (other === keep) continue;
      const back = near.get(other)!;
      back.delete(drop);
      const merged = kept.get(other);
      if (merged) {
        merged.sum += held.sum;
        merged.count += held.count;
        merged.records += held.records;
        merged.barred ||= held.barred;
      } else {
        kept.set(other, held);
        back.set(keep, held);
      }
    }
    near.delete(drop);
    return keep;
  };
  const rootOf = new Map<number, number>();
  const root = (x: number): number => {
    while (rootOf.has(x)) x = rootOf.get(x)!;
    return x;
  };
  for (const [a, b] of component.same.sort((x, y) => x[0] - y[0] || x[1] - y[1])) {
    const [p, q] = [root(a), root(b)];
    if (p !== q) rootOf.set(Math.max(p, q), join(p, q));
  }
  for (const [a, others] of near) for (const [b, held] of others) if (a < b) offer(a, b, held);
  for (let top = heap.pop(); top; top = heap.pop()) {
    const { a, b, size } = top;
    if (!members.has(a) || !members.has(b)) continue;
    if (members.get(a)!.length + members.get(b)!.length !== size) continue;
    const held = near.get(a)!.get(b);
    if (!held || held.barred || mixesRoles(a, b)) continue;
    const keep = join(a, b);
    for (const [other, each] of near.get(keep)!) offer(keep, other, each);
  }
  for (const [first, list] of members) for (const account of list) cluster[account] = first;
}

interface Join {
  readonly mean: number;
  readonly a: number;
  readonly b: number;
  /** Accounts of both at the time of the offer; an offer of other sizes is out of date. */
  readonly size: number;
}

/** Offers of joins, strongest first, ties by account. */
class JoinHeap {
  private readonly items: Join[] = [];

  push(mean: number, a: number, b: number, size: number): void {
    const { items } = this;
    const item = { mean, a, b, size };
    let i = items.length;
    items.push(item);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!isBefore(item, items[up]!)) break;
      items[i] = items[up]!;
      i = up;
    }
    items[i] = item;
  }

  pop(): Join | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && isBefore(items[down + 1]!, items[down]!)) down++;
      if (!isBefore(items[down]!, last)) break;
      items[i] = items[down]!;
      i = down;
    }
    items[i] = last;
    return top;
  }
}

function isBefore(x: Join, y: Join): boolean {
  return x.mean > y.mean || (x.mean === y.mean && (x.a < y.a || (x.a === y.a && x.b < y.b)));
}
