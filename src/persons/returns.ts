import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import type { PairGatherer } from './evidence.ts';
import type { Prior } from './prior.ts';

const dayMicros = 86_400e6;

/** Something that befell an account, microseconds since 1970, with the place that says so. */
interface Moment {
  readonly service: string;
  readonly time: number;
  readonly pointer: string;
}

/**
 * Adds accounts made soon after a ban to pairs that share a line already. It is worth what it takes for one of all the
 * accounts of the service to be made so soon: the sooner, and the fewer were made meanwhile, the more.
 */
export async function addReturns(engine: Engine, prior: Prior, gatherer: PairGatherer): Promise<void> {
  const bans = await readBans(engine);
  const made = await MadeAccounts.read(engine);
  const { days, share, mostBits } = config.returned;
  const add = (banned: string, account: string) => {
    const ban = bans.get(banned);
    const making = made.of(account);
    if (!ban || !making || making.service !== ban.service) return;
    const after = (making.time - ban.time) / dayMicros;
    if (after < 0 || after > days) return;
    const since = made.rankSince(ban.time, account, banned);
    const pointers = [ban.pointer, making.pointer];
    gatherer.add(banned, account, {
      group: 'return',
      text: `one account banned, the other made ${after.toFixed(1)} days later on a line of the first, ${since === 1 ? 'before any other' : `among the first ${since} accounts made since`}`,
      bits: Math.max(0, Math.min(mostBits, Math.log2((share * prior.sizeOf(account)) / since))),
      accounts: 2,
      pointers: banned < account ? pointers : pointers.reverse(),
    });
  };
  for (const [a, b] of [...gatherer.pairsWith('line')]) {
    add(a, b);
    add(b, a);
  }
}

async function readBans(engine: Engine): Promise<Map<string, Moment>> {
  const bans = new Map<string, Moment>();
  await engine.pages(sql.bans, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [account, service, pointer] = [columns[0]![r], columns[1]![r], columns[3]![r]].map((cell) =>
        String(cell ?? ''),
      );
      bans.set(account!, { service: service!, time: Number(columns[2]![r]), pointer: pointer! });
    }
  });
  return bans;
}

/** The accounts of each service in the order in which they were made. */
class MadeAccounts {
  private readonly makings = new Map<string, Moment & { readonly place: number }>();
  private readonly times = new Map<string, number[]>();

  static async read(engine: Engine): Promise<MadeAccounts> {
    const made = new MadeAccounts();
    await engine.pages(sql.accountsMade, {}, ({ columns, rows }) => {
      for (let r = 0; r < rows; r++) {
        const [service, account, pointer] = [columns[0]![r], columns[1]![r], columns[3]![r]].map((cell) =>
          String(cell ?? ''),
        );
        made.add(service!, account!, Number(columns[2]![r]), pointer!);
      }
    });
    return made;
  }

  of(account: string): (Moment & { readonly place: number }) | undefined {
    return this.makings.get(account);
  }

  /** How many accounts of its service were made from a time on up to this one, itself among them and `without` not. */
  rankSince(time: number, account: string, without: string): number {
    const { service, place } = this.makings.get(account)!;
    const first = firstFrom(this.times.get(service)!, time);
    const other = this.makings.get(without);
    const isBetween =
      other !== undefined && other.service === service && other.place >= first && other.place < place;
    return place - first + 1 - (isBetween ? 1 : 0);
  }

  private add(service: string, account: string, time: number, pointer: string): void {
    let times = this.times.get(service);
    if (!times) this.times.set(service, (times = []));
    this.makings.set(account, { service, time, pointer, place: times.length });
    times.push(time);
  }
}

/** The first place in ascending numbers that is not below one. */
function firstFrom(ascending: readonly number[], least: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
