import { daySeconds, offsetMinutes, worldDays, worldStart } from '../clock.ts';
import { Dice, purpose } from '../random.ts';
import { handleFirst, handleSecond, mailHosts } from './words/handles.ts';
import { accountKinds, type Person, plain, type World } from './world.ts';

const p = {
  handle: purpose('handle'),
  mail: purpose('registered e-mail'),
  life: purpose('account life'),
  lookAlike: purpose('look-alike'),
  rate: purpose('session rate'),
};

/** user_id of the founder and of the first other member; between them stand crawlers and old gaps. */
export const founderId = 2;
export const firstMemberId = 48;

/** Two accounts that invite a wrong or a right join, for truth/pairs.csv. */
export type Trap = { readonly a: number; readonly b: number; readonly kind: string };

/**
 * The board's accounts: handle, registered e-mail, life span, how often their owner comes. Holds one handle
 * and about 40 bytes an account; everything else is recomputed.
 */
export class Accounts {
  readonly world: World;
  readonly count: number;
  readonly handles: string[] = [];
  /** Epoch seconds; 0 = never. */
  readonly registeredAt: Float64Array;
  readonly bannedAt: Float64Array;
  readonly lastAt: Float64Array;
  readonly userId: Int32Array;
  /** Accounts in order of user id. */
  readonly byUserId: Int32Array;
  /** Sessions a day. */
  readonly rate: Float32Array;
  /** Former handles of renamed accounts, with the time of renaming. */
  readonly renamed = new Map<number, { old: string; at: number }>();
  readonly lookAlikes: Trap[] = [];
  readonly #taken = new Set<string>();
  readonly #dice: Dice;

  constructor(world: World) {
    this.world = world;
    this.count = world.members;
    this.#dice = new Dice(world.seed);
    this.registeredAt = new Float64Array(this.count);
    this.bannedAt = new Float64Array(this.count);
    this.lastAt = new Float64Array(this.count);
    this.userId = new Int32Array(this.count);
    this.rate = new Float32Array(this.count);
    for (let account = 0; account < this.count; account++) {
      this.#live(account);
      this.handles.push(this.#handle(account));
    }
    this.byUserId = this.#number();
  }

  kind(account: number): (typeof accountKinds)[number] {
    return accountKinds[this.world.accountKind[account]!]!;
  }

  owner(account: number): Person {
    return this.world.person(this.world.accountPerson[account]!);
  }

  /** Gone before this second? Banned accounts and those whose owner stayed away. */
  active(account: number, at: number): boolean {
    const banned = this.bannedAt[account]!;
    return at > this.registeredAt[account]! && at < this.lastAt[account]! && (banned === 0 || at < banned);
  }

  #live(account: number): void {
    const dice = this.#dice.at(account, p.life);
    const kind = this.kind(account);
    const first = this.world.firstAccount[this.world.accountPerson[account]!]!;
    let day = Math.floor(worldDays * 0.9 * dice.unit() ** 1.5);
    if (kind === 'ban evasion') {
      const previous = account - 1;
      if (this.bannedAt[previous] === 0) this.bannedAt[previous] = this.#banTime(previous, dice);
      day = Math.floor((this.bannedAt[previous]! - worldStart) / daySeconds) + dice.between(1, 6);
    } else if (account !== first) {
      const from = Math.floor((this.registeredAt[first]! - worldStart) / daySeconds) + 3;
      day = from + dice.below(Math.max(1, worldDays - 20 - from));
    } else if (dice.chance(0.004) && account !== 0) {
      this.bannedAt[account] = -1;
    }
    const owner = this.owner(account);
    const hour = dice.pick(owner.hours);
    const country = this.world.country(owner.id);
    const midnight = worldStart + Math.min(day, worldDays - 2) * daySeconds;
    const local = midnight - offsetMinutes(midnight, country.winterMinutes, country.summer) * 60;
    const at = account === 0 ? worldStart + 32_400 : local + hour * 3600 + dice.below(3600);
    this.registeredAt[account] = Math.max(worldStart + 36_000, at) - (account === 0 ? 3600 : 0);
    if (this.bannedAt[account] === -1) this.bannedAt[account] = this.#banTime(account, dice);
    const stays = account === 0 || dice.chance(0.72) ? worldDays : dice.between(5, 200);
    this.lastAt[account] = Math.min(
      this.registeredAt[account]! + stays * daySeconds,
      worldStart + worldDays * daySeconds,
    );
    const rate = this.#dice.at(account, p.rate);
    this.rate[account] = Math.min(2.5, meanSessionsPerDay * Math.exp(1.05 * rate.normal() - 0.55));
  }

  #banTime(account: number, dice: Dice): number {
    const from = this.registeredAt[account]! + 12 * daySeconds;
    const latest = worldStart + (worldDays - 25) * daySeconds;
    return Math.min(latest, from + dice.below(170) * daySeconds) + 36_000 + dice.below(30_000);
  }

  #number(): Int32Array {
    const order = new Int32Array(this.count).map((_, index) => index);
    order.sort((a, b) => this.registeredAt[a]! - this.registeredAt[b]! || a - b);
    order.forEach((account, rank) => {
      this.userId[account] = rank === 0 ? founderId : firstMemberId + rank - 1;
    });
    return order;
  }

  #handle(account: number): string {
    if (account === 0) return this.#claim('harbourmaster', this.#dice.at(0, p.handle));
    const dice = this.#dice.at(account, p.handle);
    const kind = this.kind(account);
    if (kind === 'name variant' || kind === 'plus tag') {
      return this.#claim(varied(this.handles[account - 1]!, dice), dice);
    }
    const alike = this.#dice.at(account, p.lookAlike);
    if (kind === 'first' && account > 4 && alike.chance(0.015)) {
      const model = alike.below(account - 1);
      if (this.world.accountPerson[model] !== this.world.accountPerson[account]) {
        this.lookAlikes.push({ a: model, b: account, kind: 'look-alike handle' });
        return this.#claim(nearlySame(this.handles[model]!, alike), alike);
      }
    }
    const owner = this.owner(account);
    const made = kind === 'first' && dice.chance(0.18) ? fromName(owner, dice) : fromWords(dice);
    const handle = this.#claim(made, dice);
    if (dice.chance(0.01)) this.#rename(account, dice);
    return handle;
  }

  #rename(account: number, dice: Dice): void {
    const at = this.registeredAt[account]! + (20 + dice.below(60)) * daySeconds;
    if (at < this.lastAt[account]!)
      this.renamed.set(account, { old: this.#claim(fromWords(dice), dice), at });
  }

  /** The handle itself if nobody has it (as phpBB compares), else with more digits. */
  #claim(wish: string, dice: Dice): string {
    let handle = wish;
    while (this.#taken.has(clean(handle))) handle = `${wish}${dice.below(9990) + 10}`;
    this.#taken.add(clean(handle));
    return handle;
  }

  /** The e-mail address given at registration. */
  email(account: number): string {
    const dice = this.#dice.at(account, p.mail);
    const kind = this.kind(account);
    const owner = this.owner(account);
    if (kind === 'same mailbox') return this.email(account - 1);
    if (kind === 'plus tag') {
      const [local, host] = this.email(account - 1).split('@') as [string, string];
      return `${local.split('+')[0]}+${dice.pick(['board', 'forum', '2', 'bikes', 'alt'])}@${host}`;
    }
    if (kind === 'first' && dice.chance(0.3)) return owner.privateMail;
    const host = dice.pick(mailHosts);
    const tail = this.world.tag('registered mail', account).toString(36);
    const byHandle = plain(this.handles[account]!) || 'reader';
    if (kind !== 'first' || dice.chance(0.6)) return `${byHandle}.${tail}@${host}`;
    return `${owner.stem}.${dice.letters(2)}${String(owner.born).slice(2)}${tail}@${host}`;
  }
}

/** Tuned so that an account writes about 40 posts over the world's 65 weeks. */
const meanSessionsPerDay = 0.118;

/** phpBB's `username_clean` for the letters used here: lower case. */
export function clean(handle: string): string {
  return handle.toLowerCase();
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

function fromWords(dice: Dice): string {
  const first = dice.pick(handleFirst);
  const second = dice.pick(handleSecond);
  const number = dice.chance(0.45) ? String(dice.between(1, 99)) : '';
  const form = dice.below(7);
  if (form === 0) return `${capital(first)}${capital(second)}${number}`;
  if (form === 1) return `${first}_${second}${number}`;
  if (form === 2) return `${first}.${second}${number}`;
  if (form === 3) return `${second}${dice.between(10, 9999)}`;
  if (form === 4) return `${first}-${second}${number}`;
  if (form === 5) return `${capital(first)} ${capital(second)}${number}`;
  return `${first}${second}${number}`;
}

function fromName(owner: Person, dice: Dice): string {
  const year = String(owner.born).slice(dice.chance(0.5) ? 2 : 0);
  return dice.chance(0.5) ? `${owner.stem}${year}` : `${capital(owner.stem)}_${dice.pick(handleSecond)}`;
}

/** Another spelling its owner would choose. */
function varied(handle: string, dice: Dice): string {
  const bare = handle.replace(/[._ -]/g, '');
  const form = dice.below(5);
  if (form === 0) return `${bare}${dice.between(2, 99)}`;
  if (form === 1) return `${bare.replace(/\d+$/, '')}_`;
  if (form === 2) return `the_${bare}`;
  if (form === 3) return `${bare.replace(/e/g, '3').replace(/o/g, '0')}`;
  return `${capital(bare.toLowerCase())}.${dice.pick(['two', 'again', 'new', 'x'])}`;
}

/** A stranger's handle that differs by a hair. */
function nearlySame(handle: string, dice: Dice): string {
  const form = dice.below(4);
  if (form === 0) return `${handle}s`;
  if (form === 1) return `${handle}1`;
  if (form === 2) return handle.replace(/[aeiou]/, (letter) => letter + letter);
  return `${handle}_`;
}
