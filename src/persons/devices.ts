import { linkingConfiguration as config } from './configuration.ts';
import type { Evidence } from './evidence.ts';

/** A browser as an account used it in one period. */
interface Use {
  readonly family: number;
  readonly period: number;
}

interface Account {
  readonly uses: Use[];
  /** First place at which each family stands. */
  readonly pointers: Map<number, string>;
}

/** Phones and tablets are one class, everything else another: most people have one of each. */
const classes = ['phone', 'computer'] as const;

/**
 * The browsers behind accounts, for comparing two of them. A browser is told by its agent string without the
 * parts that change with every update; how rare it is, is counted among the accounts whose browser is known.
 */
export class Devices {
  private readonly families = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly phone: boolean[] = [];
  private readonly holders: number[] = [];
  private readonly accounts = new Map<string, Account>();

  /** Rows must come in order of account. */
  add(account: string, agent: string, period: number, pointer: string): void {
    const text = browserFamily(agent);
    let family = this.families.get(text);
    if (family === undefined) {
      family = this.texts.length;
      this.families.set(text, family);
      this.texts.push(text);
      this.phone.push(/Mobi|Android|iPhone|iPad/.test(agent));
      this.holders.push(0);
    }
    let held = this.accounts.get(account);
    if (!held) this.accounts.set(account, (held = { uses: [], pointers: new Map() }));
    if (!held.pointers.has(family)) {
      held.pointers.set(family, pointer);
      this.holders[family]!++;
    }
    held.uses.push({ family, period });
  }

  /**
   * What the browsers of two accounts say of one person: for each class of device, a browser seen with both in
   * neighbouring periods counts by its rarity; browsers known of both there and never the same count against.
   * What one of them never used says nothing.
   */
  compare(a: string, b: string): Evidence[] {
    const [one, other] = [this.accounts.get(a), this.accounts.get(b)];
    if (!one || !other) return [];
    return classes.flatMap((name) => {
      const [mine, theirs] = [this.ofClass(one, name), this.ofClass(other, name)];
      let comparable = false;
      const shared = new Set<number>();
      for (const x of mine) {
        for (const y of theirs) {
          if (Math.abs(x.period - y.period) > 1) continue;
          comparable = true;
          if (x.family === y.family) shared.add(x.family);
        }
      }
      if (!comparable) return [];
      if (shared.size === 0) return [this.different(name, one, other, mine, theirs)];
      return [this.alike(name, one, other, shared)];
    });
  }

  private ofClass(account: Account, name: (typeof classes)[number]): Use[] {
    return account.uses.filter((use) => this.phone[use.family] === (name === 'phone'));
  }

  private alike(name: string, one: Account, other: Account, shared: ReadonlySet<number>): Evidence {
    const family = [...shared].sort((x, y) => this.holders[x]! - this.holders[y]! || x - y)[0]!;
    const accounts = this.holders[family]!;
    // Whoever uses several browsers has as many chances to share one with a stranger.
    const chance = (account: Account) => {
      let holders = 0;
      for (const each of account.pointers.keys()) {
        if (this.phone[each] === (name === 'phone') && this.holders[each]! <= accounts)
          holders += this.holders[each]!;
      }
      return holders / this.accounts.size;
    };
    const rarity = -Math.log2(Math.max(chance(one), chance(other)));
    return {
      group: 'device',
      text: `same ${name} browser within ${2 * config.lineWindowDays} days: ${this.texts[family]} (${accounts} of the ${this.accounts.size} accounts whose browser is known)`,
      bits: Math.max(0, Math.min(config.device.mostBits, rarity)),
      accounts,
      pointers: [one.pointers.get(family)!, other.pointers.get(family)!],
    };
  }

  private different(name: string, one: Account, other: Account, mine: Use[], theirs: Use[]): Evidence {
    const [x, y] = [mine[0]!.family, theirs[0]!.family];
    return {
      group: 'device',
      text: `different ${name} browsers in the same months: ${this.texts[x]}; ${this.texts[y]}`,
      bits: -config.device.differentBits,
      accounts: 0,
      pointers: [one.pointers.get(x)!, other.pointers.get(y)!],
    };
  }
}

/** An agent string without version numbers that updates change; systems and models stay. */
export function browserFamily(agent: string): string {
  return agent
    .slice(0, 300)
    .replace(/(CPU (?:iPhone )?OS|Mac OS X) [\d_.]+/g, '$1')
    .replace(/(\brv:|[A-Za-z]\/)[\d.]+[A-Za-z\d.]*/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
