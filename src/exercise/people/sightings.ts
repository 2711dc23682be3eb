import type { Session } from '../board/events.ts';
import { Dice, draw, purpose } from '../random.ts';
import type { Accounts } from './accounts.ts';
import type { LineKind } from './lines.ts';
import type { Story } from './story.ts';

/** A login that investigators can ask a provider about. The port is known to the carrier, not to the board. */
export type Sighting = {
  readonly person: number;
  readonly ip: string;
  readonly port: number;
  readonly kind: LineKind;
  readonly at: number;
};

const p = { keep: purpose('sighting kept'), bystander: purpose('bystander') };
const keptEach = 3;

/** Keeps a few logins, on each kind of line, of the people whom investigators ask about. */
export class Sightings {
  readonly #accounts: Accounts;
  readonly #people: ReadonlySet<number>;
  readonly #kept = new Map<string, { seen: number; list: Sighting[] }>();

  constructor(accounts: Accounts, story: Story) {
    this.#accounts = accounts;
    const people = new Set(story.targets.map((target) => target.person));
    const dice = new Dice(accounts.world.seed).at(0, p.bystander);
    for (let n = 0; n < accounts.world.people / 60; n++) people.add(dice.below(accounts.world.people));
    this.#people = people;
  }

  /** A login. Every one has the same chance of being kept. */
  see(at: number, { account, ip, port, kind }: Session): void {
    const person = this.#accounts.world.accountPerson[account]!;
    if (!this.#people.has(person)) return;
    const key = `${person} ${kind}`;
    const kept = this.#kept.get(key) ?? { seen: 0, list: [] };
    this.#kept.set(key, kept);
    const place = draw(this.#accounts.world.seed, account, p.keep, at) % ++kept.seen;
    if (place < keptEach) kept.list[Math.min(place, kept.list.length)] = { person, ip, port, kind, at };
  }

  /** By person, then time. */
  all(): Sighting[] {
    const all = [...this.#kept.values()].flatMap((kept) => kept.list);
    return all.sort((a, b) => a.person - b.person || a.at - b.at);
  }
}
