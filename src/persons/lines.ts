import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import type { PairGatherer } from './evidence.ts';
import { lineOf } from './keys.ts';
import type { Prior } from './prior.ts';
import { monotone } from './weights.ts';

/** Use of a line by one account within a window. */
interface LineUse {
  readonly account: string;
  readonly pointer: string;
  readonly days: number;
  readonly first: number;
  readonly last: number;
}

/** A line that two accounts used, how few used it then, and how many days lie between their uses. */
interface SharedLine {
  readonly text: string;
  readonly strength: number;
  readonly accounts: number;
  readonly pointers: readonly [string, string];
}

type Shared = Map<string, SharedLine[]>;

/**
 * Lines used by both: within one window, or across the bound of two within its length. An IPv6 network is one
 * customer's for long, and is one window throughout. What lines are worth is counted: how many pairs of accounts
 * share as much.
 */
export async function shareLines(
  engine: Engine,
  linkable: ReadonlySet<string>,
  prior: Prior,
  gatherer: PairGatherer,
): Promise<void> {
  const payers = new Set<string>();
  await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) if (columns[2]![r] === 'subscriber') payers.add(String(columns[0]![r]));
  });
  const lines = new Map<string, Map<number, Map<string, LineUse>>>();
  await engine.pages(sql.usedAddresses, { days: config.lineWindowDays }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const account = String(columns[0]![r]);
      const line = lineOf(String(columns[1]![r]));
      if (line === null || !linkable.has(account)) continue;
      const period = line.includes(':') ? 0 : Number(columns[2]![r]);
      let periods = lines.get(line);
      if (!periods) lines.set(line, (periods = new Map()));
      let uses = periods.get(period);
      if (!uses) periods.set(period, (uses = new Map()));
      const [days, first, last] = [3, 5, 6].map((column) => Number(columns[column]![r])) as [
        number,
        number,
        number,
      ];
      const held = uses.get(account);
      uses.set(account, {
        account,
        pointer: held?.pointer ?? String(columns[4]![r]),
        days: days + (held?.days ?? 0),
        first: Math.min(first, held?.first ?? first),
        last: Math.max(last, held?.last ?? last),
      });
    }
  });
  const [addresses, networks]: [Shared, Shared] = [new Map(), new Map()];
  for (const line of [...lines.keys()].sort())
    shareLine(line, lines.get(line)!, payers, gatherer, line.includes(':') ? networks : addresses);
  addShared(addresses, networks, prior, gatherer);
}

function strengthOf(shared: readonly SharedLine[]): number {
  return shared.reduce((sum, each) => sum + each.strength, 0);
}

interface Band {
  readonly from: number;
  readonly bits: number;
  readonly counted: number;
}

/** What each band of strength is worth, by how many of the pairs of all accounts fall into it: rising throughout. */
function bandsOf(all: Shared, shares: readonly (readonly [number, number])[], prior: Prior): Band[] {
  const strengths = [...all.values()].map(strengthOf);
  const counts = shares.map(([from], i) => {
    const to = shares[i + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    return strengths.reduce((sum, strength) => sum + (strength >= from && strength < to ? 1 : 0), 0);
  });
  const bits = monotone(
    shares.map(([, m], i) => Math.max(0, prior.bitsOfCounted(m, counts[i]!))),
    counts,
  );
  return shares.map(([from], i) => ({ from, bits: bits[i]!, counted: counts[i]! }));
}

/**
 * Gives each pair's lines the bits that its band of strength is worth, divided among the lines; of addresses and
 * networks, which tell one story, the stronger counts.
 */
function addShared(addresses: Shared, networks: Shared, prior: Prior, gatherer: PairGatherer): void {
  const addressBands = bandsOf(addresses, config.sharedLines.addresses, prior);
  const networkBands = bandsOf(networks, config.sharedLines.networks, prior);
  for (const pair of new Set([...addresses.keys(), ...networks.keys()])) {
    const [a, b] = pair.split('\n') as [string, string];
    const [byAddress, byNetwork] = [addresses.get(pair) ?? [], networks.get(pair) ?? []];
    const bandOf = (shared: readonly SharedLine[], bands: readonly Band[]) =>
      shared.length === 0 ? null : bands.findLast(({ from }) => strengthOf(shared) >= from)!;
    const [address, network] = [bandOf(byAddress, addressBands), bandOf(byNetwork, networkBands)];
    const isNetwork = (network?.bits ?? -1) >= (address?.bits ?? -1);
    const band = (isNetwork ? network : address)!;
    const [counting, idle] = isNetwork ? [byNetwork, byAddress] : [byAddress, byNetwork];
    const strength = strengthOf(counting);
    for (const { strength: own, text, accounts, pointers } of counting) {
      const told = `${text}; ${band.counted} pairs of accounts have as much in common`;
      gatherer.add(a, b, {
        group: 'line',
        text: told,
        bits: (band.bits * own) / strength,
        accounts,
        pointers,
      });
    }
    for (const { text, accounts, pointers } of idle)
      gatherer.add(a, b, { group: 'line', text, bits: 0, accounts, pointers });
  }
}

function shareLine(
  line: string,
  periods: ReadonlyMap<number, ReadonlyMap<string, LineUse>>,
  payers: ReadonlySet<string>,
  gatherer: PairGatherer,
  shared: Shared,
): void {
  const cap = config.genericAccounts.line;
  // Who pays for a line is no further user of it.
  const users = (accounts: Iterable<string>) => {
    let count = 0;
    for (const account of accounts) if (!payers.has(account)) count++;
    return Math.max(2, count);
  };
  const numbers = [...periods.keys()].sort((x, y) => x - y);
  const joined = new Set<string>();
  const within = line.includes(':') ? 'the records' : `${config.lineWindowDays} days`;
  const join = (a: LineUse, b: LineUse, accounts: number) => {
    const [x, y] = a.account < b.account ? [a, b] : [b, a];
    const pair = `${x.account}\n${y.account}`;
    joined.add(pair);
    const held = shared.get(pair);
    const apart = Math.max(0, y.first - x.last, x.first - y.last);
    const each: SharedLine = {
      text: `one line, ${line}, used by both within ${within} (${x.days} and ${y.days} days${apart === 0 ? '' : `, ${apart} days between`})`,
      // An address goes from customer to customer: use at the same time says more than use one after the other.
      strength: 2 / accounts / (1 + apart),
      accounts,
      pointers: [x.pointer, y.pointer],
    };
    if (held) held.push(each);
    else shared.set(pair, [each]);
  };
  const sorted = (uses: ReadonlyMap<string, LineUse>) =>
    [...uses.values()].sort((x, y) => (x.account < y.account ? -1 : 1));
  for (const number of numbers) {
    const uses = sorted(periods.get(number)!);
    const accounts = users(periods.get(number)!.keys());
    if (accounts > cap) {
      gatherer.generics.push({
        selector: 'line',
        canonical: line.includes(':') ? line : `${line} period ${number}`,
        accounts,
        cap,
      });
      continue;
    }
    uses.forEach((a, i) => {
      for (const b of uses.slice(i + 1)) join(a, b, accounts);
    });
  }
  // Neighbouring windows: only pairs that no window holds together, and only lines that stay below the cap in both.
  for (const number of numbers) {
    const [before, after] = [periods.get(number)!, periods.get(number + 1)];
    if (!after) continue;
    const accounts = users(new Set([...before.keys(), ...after.keys()]));
    if (accounts > cap) continue;
    for (const a of sorted(before)) {
      for (const b of sorted(after)) {
        const pair = a.account < b.account ? `${a.account}\n${b.account}` : `${b.account}\n${a.account}`;
        if (a.account === b.account || joined.has(pair) || b.first - a.last > config.lineWindowDays) continue;
        join(a, b, accounts);
      }
    }
  }
}

/** Adds hand-overs to pairs that share a line already; on a line of many they say nothing. */
export async function shareHandOvers(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const { seconds, leastDays, bits } = config.handOver;
  await engine.pages(sql.handOvers, { seconds }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [a, b, ip] = [0, 1, 2].map((column) => String(columns[column]![r])) as [string, string, string];
      const [days, line] = [Number(columns[3]![r]), lineOf(ip)];
      if (days < leastDays || line === null || !linkable.has(a) || !linkable.has(b)) continue;
      if (!gatherer.evidenceOf(a, b).some((each) => each.text.startsWith(`one line, ${line},`))) continue;
      const words = `one account leaves ${line} and the other takes it up within ${seconds / 60} minutes, on ${days} days`;
      const pointers = [String(columns[4]![r]), String(columns[5]![r])];
      gatherer.add(a, b, { group: 'line', text: words, bits, accounts: 2, pointers });
    }
  });
}
