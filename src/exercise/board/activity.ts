import { daySeconds, offsetMinutes, worldStart } from '../clock.ts';
import type { Accounts } from '../people/accounts.ts';
import { agentOf, monthOf } from '../people/agents.ts';
import type { Lines } from '../people/lines.ts';
import type { Act, Story } from '../people/story.ts';
import { Whereabouts } from '../people/whereabouts.ts';
import { Dice, draw, purpose } from '../random.ts';
import { type Deed, type Event, type EventKind, newDeed, type Session } from './events.ts';
import type { Deletion } from './posts.ts';

const p = {
  visit: purpose('visit'),
  hour: purpose('visit hour'),
  session: purpose('session'),
  act: purpose('planned session'),
  guest: purpose('guest'),
  register: purpose('register'),
  desk: purpose('moderation desk'),
};

/** Makes each day's requests and deeds, in order of time. Visits may run past midnight into the next day. */
export class Activity {
  readonly #accounts: Accounts;
  readonly #lines: Lines;
  readonly #story: Story;
  readonly #dice: Dice;
  readonly #whereabouts: Whereabouts;
  readonly #byDay = new Map<number, number[]>();
  #events: Event[] = [];
  #late: Event[] = [];

  constructor(accounts: Accounts, lines: Lines, story: Story) {
    this.#accounts = accounts;
    this.#lines = lines;
    this.#story = story;
    this.#whereabouts = new Whereabouts(accounts, lines);
    this.#dice = new Dice(accounts.world.seed);
    for (let account = 0; account < accounts.count; account++) {
      this.#onDay(accounts.registeredAt[account]!, account);
      if (accounts.bannedAt[account]) this.#onDay(accounts.bannedAt[account]!, ~account);
    }
  }

  #onDay(at: number, entry: number): void {
    const day = Math.floor((at - worldStart) / daySeconds);
    const list = this.#byDay.get(day);
    if (list) list.push(entry);
    else this.#byDay.set(day, [entry]);
  }

  /** Everything that happens on day `day` (0 = the first), with the post deletions due that day. */
  day(day: number, deletions: readonly Deletion[]): Event[] {
    const start = worldStart + day * daySeconds;
    this.#events = this.#late;
    for (const { at, forum, post } of deletions) this.#desk(at, 'soft delete', post, forum);
    for (const entry of this.#byDay.get(day) ?? []) {
      if (entry >= 0) this.#register(entry);
      else this.#desk(this.#accounts.bannedAt[~entry]!, 'ban', ~entry);
    }
    for (const [account, { at }] of this.#accounts.renamed) {
      if (at >= start && at < start + daySeconds) this.#desk(at, 'rename', account);
    }
    for (const act of this.#story.actsOn(day)) this.#planned(act);
    this.#visits(day, start);
    this.#passersBy(day, start);
    const sorted = inOrder(this.#events, start);
    const end = sorted.findIndex((event) => event.at >= start + daySeconds);
    this.#late = end < 0 ? [] : sorted.slice(end);
    return end < 0 ? sorted : sorted.slice(0, end);
  }

  #add(at: number, kind: EventKind, session: Session, deed: Deed): void {
    this.#events.push({ at, kind, session, deed });
  }

  #visits(day: number, start: number): void {
    const { seed } = this.#accounts.world;
    const weekend = new Date(start * 1000).getUTCDay() % 6 === 0 ? 1.2 : 0.95;
    for (let account = 0; account < this.#accounts.count; account++) {
      const expected = this.#accounts.rate[account]! * weekend * 4294967296;
      const luck = draw(seed, account, p.visit, day);
      for (let n = 0; n < 3 && luck < expected - n * 4294967296; n++) this.#visit(account, day, start, n);
    }
  }

  #visit(account: number, day: number, start: number, n: number): void {
    const owner = this.#accounts.owner(account);
    const country = this.#accounts.world.country(owner.id);
    const dice = this.#dice.at(account, p.hour, day * 4 + n);
    const minutes = dice.pick(owner.hours) * 60 + dice.below(60);
    const shift = offsetMinutes(start, country.winterMinutes, country.summer);
    const at = start + ((minutes - shift + 2880) % 1440) * 60 + dice.below(60);
    if (!this.#accounts.active(account, at) || !this.#accounts.active(account, at + 5400)) return;
    const session = this.#whereabouts.session(account, at, day * 4 + n);
    this.#fill(session, this.#dice.at(account, p.session, day * 4 + n));
  }

  /** The deeds of an ordinary visit. */
  #fill(session: Session, dice: Dice): void {
    let at = this.#enter(session, dice);
    const last = session.start + 5000;
    for (let left = dice.between(2, 6); left > 0 && at < last; left--) {
      at += dice.between(15, 240);
      const what = dice.unit();
      if (what < 0.42) {
        if (dice.chance(0.5)) this.#add(at, 'forum', session, newDeed());
        this.#add(at + dice.between(1, 9), 'topic', session, newDeed());
      } else if (what < 0.8) at = this.#write(session, at, dice);
      else if (what < 0.91) at = this.#message(session, at, dice);
      else if (what < 0.955) this.#add(at, 'download', session, newDeed());
      else if (what < 0.998) this.#add(at, 'profile', session, newDeed());
      else this.#add(at, 'report', session, newDeed());
    }
    if (dice.chance(0.25)) this.#add(at + dice.between(5, 60), 'logout', session, newDeed());
  }

  #write(session: Session, at: number, dice: Dice): number {
    const opens = dice.chance(0.18);
    const sent = at + dice.between(25, 420);
    const picture = dice.chance(0.01) ? this.#ordinaryPicture(session, sent) : -1;
    const edit = dice.chance(0.04) ? sent + dice.between(60, 900) : 0;
    const deed = newDeed(picture, edit);
    this.#add(at, opens ? 'new topic page' : 'reply page', session, deed);
    this.#add(sent, opens ? 'new topic' : 'reply', session, deed);
    this.#add(sent + dice.between(0, 2), 'after post', session, deed);
    if (edit) this.#add(edit, 'edit', session, deed);
    return sent + 3;
  }

  /** Mostly one's own pictures; now and then one that everybody has. */
  #ordinaryPicture(session: Session, at: number): number {
    const number = draw(this.#accounts.world.seed, session.account, p.session, at);
    return number % 5 === 0 ? 1_000_000 + ((number >>> 8) % 40) : number % 1_000_000;
  }

  #message(session: Session, at: number, dice: Dice): number {
    const sent = at + dice.between(20, 300);
    const deed = newDeed();
    this.#add(at, 'inbox', session, deed);
    this.#add(at + 4, 'compose page', session, deed);
    this.#add(sent, 'compose', session, deed);
    return sent + 2;
  }

  #enter(session: Session, dice: Dice): number {
    const at = session.start;
    this.#add(at, 'index', session, newDeed());
    if (dice.chance(0.5)) return at + 3;
    this.#add(at + 3, 'login page', session, newDeed());
    const failed = dice.chance(0.04);
    if (failed) this.#add(at + 15, 'failed login', session, newDeed());
    this.#add(at + (failed ? 40 : 15), 'login', session, newDeed());
    return at + (failed ? 42 : 17);
  }

  /** A visit for a deed of the story; the deed falls on its exact second. */
  #planned(act: Act): void {
    if (!this.#accounts.active(act.account, act.at)) return;
    const dice = this.#dice.at(act.account, p.act, act.at);
    // The second half of a selector follows in the same visit.
    const goesOn = act.part === 1;
    const start = (goesOn ? act.handOff!.at : act.at) - 140;
    const session = this.#whereabouts.session(act.account, start, start);
    if (!goesOn) {
      this.#add(start, 'index', session, newDeed());
      this.#add(start + 10, 'login page', session, newDeed());
      this.#add(start + 22, 'login', session, newDeed());
    }
    const deed = newDeed(act.picture, 0, act);
    if (act.does === 'post') {
      this.#add(act.at - 80, 'reply page', session, deed);
      this.#add(act.at, 'reply', session, deed);
      this.#add(act.at + 1, 'after post', session, deed);
    } else {
      this.#add(act.at - 60, 'compose page', session, deed);
      this.#add(act.at, 'compose', session, deed);
    }
    if (dice.chance(0.3)) this.#add(act.at + 60, 'logout', session, newDeed());
  }

  #register(account: number): void {
    const at = this.#accounts.registeredAt[account]!;
    const session = this.#whereabouts.session(account, at - 70, account, p.register);
    this.#add(at - 70, 'index', session, newDeed());
    this.#add(at - 62, 'register page', session, newDeed());
    this.#add(at - 55, 'register form', session, newDeed());
    this.#add(at, 'register', session, newDeed());
  }

  /** The founder at the moderation desk, dealing with an account or post. */
  #desk(at: number, kind: EventKind, subject: number, forum = 0): void {
    const session = this.#whereabouts.session(0, at, subject, p.desk);
    this.#add(at, kind, session, { ...newDeed(), id: subject, forum });
  }

  /** Guests, crawlers and scanners. */
  #passersBy(day: number, start: number): void {
    const { members } = this.#accounts.world;
    const dice = this.#dice.at(day, p.guest);
    const visits = Math.ceil(members * 0.036);
    for (let i = 0; i < visits; i++) {
      const at = start + dice.below(daySeconds);
      const who = dice.below(members * 3);
      const agent = agentOf(this.#accounts.world.seed, -2 - who, dice.chance(0.4), monthOf(at));
      const session = this.#nobody(this.#lines.shared('guest', who).ip, agent, at, dice);
      for (let n = dice.between(1, 6), t = at; n > 0; n--, t += dice.between(8, 120)) {
        this.#add(t, n % 3 === 0 ? 'forum' : n % 3 === 1 ? 'topic' : 'index', session, newDeed());
      }
    }
    const crawls = Math.ceil(members * 0.08);
    const crawler = this.#nobody('', '', start, dice);
    for (let i = 0; i < crawls; i++) this.#add(start + dice.below(daySeconds), 'crawl', crawler, newDeed());
    for (let i = Math.ceil(members * 0.008); i > 0; i--) {
      this.#add(start + dice.below(daySeconds), 'scan', crawler, newDeed());
    }
  }

  #nobody(ip: string, agent: string, start: number, dice: Dice): Session {
    return { account: -1, ip, port: 0, kind: 'guest', agent, id: dice.hex(32), start, lastUrl: '-' };
  }
}

/** Sorted by time; equal seconds keep their order. */
function inOrder(events: readonly Event[], start: number): Event[] {
  const keys = new Float64Array(events.length);
  for (let i = 0; i < keys.length; i++) keys[i] = (events[i]!.at - start + daySeconds) * 33_554_432 + i;
  keys.sort();
  return Array.from(keys, (key) => events[key % 33_554_432]!);
}
