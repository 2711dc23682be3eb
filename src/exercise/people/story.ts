import { daySeconds, worldDays, worldStart } from '../clock.ts';
import { countries, type Language } from '../countries.ts';
import { listedBase } from '../handed-over/pictures.ts';
import { Dice, Permutation, purpose } from '../random.ts';
import type { Accounts } from './accounts.ts';
import { type Contacts, contactRounds } from './contacts.ts';

/**
 * What the exercise is about: who is a target through what they did themselves, which contacts went on in
 * private, which children are to be found. Sizes follow the public figures of Operation Rescue (670 suspects
 * and 230 children among 50,000 members).
 */
export const indicatorKinds = [
  'listed file posted',
  'listed file sent',
  'listed file mailed',
  'provider report',
  'prior record',
  'access to children',
] as const;
export type IndicatorKind = (typeof indicatorKinds)[number];

export type Indicator = {
  readonly kind: IndicatorKind;
  readonly account: number;
  readonly at: number;
  /** Picture number of a listed file; else -1. */
  readonly picture: number;
  /** Case, report or list number; post or message number once written. */
  reference: string;
};
export type Target = { readonly person: number; readonly account: number; readonly indicators: Indicator[] };

export const handOffStyles = ['plain', 'spelled out', 'spaced', 'two messages'] as const;
export type HandOff = {
  readonly index: number;
  /** Who gives the selector, who takes it up. */
  readonly from: number;
  readonly to: number;
  readonly channel: 'mail' | 'chat';
  /** `silent`: nothing is given in any message; the two go on elsewhere and write no more on the board. */
  readonly style: (typeof handOffStyles)[number] | 'silent';
  /** As its owner would be addressed there. */
  readonly selector: string;
  /** Epoch second of the private message, and seconds until the first message on the other channel. */
  readonly at: number;
  readonly delay: number;
  /** Messages on the other channel. */
  readonly messages: number;
  /** Private message numbers, in order, once written: those that carry the selector, then the answer; of a silent one all. */
  readonly messageIds: number[];
  /** Subject of the first of them. */
  subject: string;
};
export type Child = {
  readonly caseNumber: string;
  readonly person: number;
  readonly country: string;
  /** Epoch second at which an officer entered the case. */
  readonly at: number;
};

/** Something an account must do at a given second. */
export type Act = {
  readonly account: number;
  readonly at: number;
  readonly does: 'post' | 'message';
  readonly to: number;
  readonly picture: number;
  readonly indicator?: Indicator;
  readonly handOff?: HandOff;
  /** Which part of the hand-off: 0 and 1 carry the selector, 2 is the answer. */
  readonly part?: number;
};

const p = {
  target: purpose('target'),
  handOff: purpose('hand-off'),
  silent: purpose('silent hand-off'),
  child: purpose('child'),
  order: purpose('order'),
};

export class Story {
  readonly targets: Target[] = [];
  readonly handOffs: HandOff[] = [];
  readonly children: Child[] = [];
  /** People whose mailboxes and chats were seized. */
  readonly seized: number[] = [];
  readonly listedPictures: number;
  readonly #acts = new Map<number, Act[]>();
  readonly #accounts: Accounts;
  readonly #dice: Dice;

  constructor(accounts: Accounts, contacts: Contacts) {
    this.#accounts = accounts;
    this.#dice = new Dice(accounts.world.seed);
    const wanted = Math.max(4, Math.round(accounts.count * 0.0134));
    this.listedPictures = Math.max(6, Math.round(wanted * 0.8));
    this.#chooseTargets(wanted);
    const mailboxes = Math.max(3, Math.round(accounts.count * 0.004));
    for (const target of this.targets.slice(0, mailboxes)) this.seized.push(target.person);
    for (const target of this.targets) this.#indicate(target);
    this.#handOver(contacts, Math.max(6, Math.round(accounts.count * 0.04)));
    this.#moveSilently(Math.max(2, Math.round(accounts.count * 0.005)));
    this.#placeChildren(Math.max(2, Math.round(accounts.count * 0.0046)));
  }

  actsOn(day: number): readonly Act[] {
    return this.#acts.get(day) ?? [];
  }

  #plan(act: Act): void {
    const day = Math.floor((act.at - worldStart) / daySeconds);
    const list = this.#acts.get(day);
    if (list) list.push(act);
    else this.#acts.set(day, [act]);
  }

  /** Epoch seconds between which the account is surely there, or null. */
  #life(account: number): [number, number] | null {
    const from = this.#accounts.registeredAt[account]! + 2 * daySeconds;
    const banned = this.#accounts.bannedAt[account]!;
    const to = Math.min(this.#accounts.lastAt[account]!, banned || Infinity) - 2 * daySeconds;
    return to - from > 20 * daySeconds ? [from, to] : null;
  }

  #chooseTargets(wanted: number): void {
    const { world } = this.#accounts;
    const order = new Permutation(world.seed, p.order, 0, world.people);
    for (let i = 0; i < world.people && this.targets.length < wanted; i++) {
      const person = order.at(i);
      const account = world.firstAccount[person]!;
      if (person !== 0 && this.#life(account)) this.targets.push({ person, account, indicators: [] });
    }
  }

  #indicate(target: Target): void {
    const dice = this.#dice.at(target.person, p.target);
    const rates = [0.45, 0.45, 0.3, 0.35, 0.2, 0.12];
    const seized = this.seized.includes(target.person);
    indicatorKinds.forEach((kind, index) => {
      if (kind === 'listed file mailed' && !seized) return;
      const times = dice.chance(rates[index]!) ? (index < 3 ? dice.between(1, 3) : 1) : 0;
      for (let i = 0; i < times; i++) this.#addIndicator(target, kind, dice);
    });
    if (target.indicators.length === 0) this.#addIndicator(target, 'listed file posted', dice);
  }

  #addIndicator(target: Target, kind: IndicatorKind, dice: Dice): void {
    const { world } = this.#accounts;
    const accounts = world.firstAccount[target.person + 1]! - target.account;
    let account = target.account + dice.below(accounts);
    if (!this.#life(account)) account = target.account;
    const [from, to] = this.#life(account)!;
    const at = Math.floor(from + dice.unit() * (to - from));
    const withFile = kind.startsWith('listed') || kind === 'provider report';
    const picture = withFile ? listedBase + dice.below(this.listedPictures) : -1;
    const indicator: Indicator = { kind, account, at, picture, reference: '' };
    if (kind === 'prior record')
      indicator.reference = `PR-${world.tag('prior record', target.person, 10_000_000)}`;
    if (kind === 'access to children')
      indicator.reference = `OF-${world.tag('officer fact', target.person, 10_000_000)}`;
    if (kind === 'provider report')
      indicator.reference = String(70_000_000 + world.tag('report', target.person, 9_000_000));
    target.indicators.push(indicator);
    if (kind === 'listed file posted') this.#plan({ account, at, does: 'post', to: -1, picture, indicator });
    if (kind === 'listed file sent') {
      const other = this.#stranger(target.person, dice);
      this.#plan({ account, at, does: 'message', to: other, picture, indicator });
    }
  }

  /** Some account that is not this person's. */
  #stranger(person: number, dice: Dice): number {
    for (;;) {
      const other = dice.below(this.#accounts.count);
      if (this.#accounts.world.accountPerson[other] !== person) return other;
    }
  }

  #handOver(contacts: Contacts, wanted: number): void {
    const dice = this.#dice.at(0, p.handOff);
    const { firstAccount } = this.#accounts.world;
    for (let tries = 0; this.handOffs.length < wanted && tries < wanted * 30; tries++) {
      // The first two, one to a chat and one to mail, are always in evidence.
      const seized = this.handOffs.length < 2 || dice.chance(0.3);
      const mine = seized ? firstAccount[dice.pick(this.seized)]! : dice.pick(this.targets).account;
      const from = seized || dice.chance(0.6) ? mine : dice.below(this.#accounts.count);
      const other = contacts.partner(from, dice.below(contactRounds));
      const to = dice.chance(0.5) ? other : dice.pick(this.targets).account;
      if (to >= 0) this.#addHandOff(from, to, dice);
    }
  }

  #addHandOff(from: number, to: number, dice: Dice): void {
    const world = this.#accounts.world;
    const lives = [this.#life(from), this.#life(to)];
    if (!lives[0] || !lives[1] || world.accountPerson[from] === world.accountPerson[to]) return;
    const start = Math.max(lives[0][0], lives[1][0]);
    const end = Math.min(lives[0][1], lives[1][1], worldStart + (worldDays - 30) * daySeconds);
    if (end - start < 3 * daySeconds) return;
    const owner = this.#accounts.owner(from);
    const first = this.handOffs.length;
    const channel = first > 0 && (first === 1 || dice.chance(0.7)) ? 'mail' : 'chat';
    const at = Math.floor(start + dice.unit() * (end - start));
    const handOff: HandOff = {
      index: this.handOffs.length,
      from,
      to,
      channel,
      style: channel === 'mail' ? dice.pick(handOffStyles) : 'plain',
      selector: channel === 'mail' ? owner.privateMail : owner.chatName,
      at,
      delay: Math.round(600 * Math.exp(dice.unit() * 6.5)),
      messages: dice.between(3, 24),
      messageIds: [],
      subject: '',
    };
    this.handOffs.push(handOff);
    const split = handOff.style === 'two messages';
    this.#plan({ account: from, at, does: 'message', to, picture: -1, handOff, part: 0 });
    if (split) this.#plan({ account: from, at: at + 95, does: 'message', to, picture: -1, handOff, part: 1 });
    const answered = at + 200 + dice.below(Math.min(4000, Math.max(1, handOff.delay - 300)));
    this.#plan({ account: to, at: answered, does: 'message', to: from, picture: -1, handOff, part: 2 });
  }

  /** Pairs of strangers of whom one's mailbox is seized write a few private messages, then mails. */
  #moveSilently(wanted: number): void {
    const dice = this.#dice.at(0, p.silent);
    const { firstAccount } = this.#accounts.world;
    const pairs = new Set(this.handOffs.map(({ from, to }) => `${from} ${to}`));
    const before = this.handOffs.length;
    for (let tries = 0; this.handOffs.length < before + wanted && tries < wanted * 30; tries++) {
      const person = dice.pick(this.seized);
      const from = firstAccount[person]!;
      const to = this.#stranger(person, dice);
      if (pairs.has(`${from} ${to}`) || pairs.has(`${to} ${from}`)) continue;
      pairs.add(`${from} ${to}`);
      this.#addSilent(from, to, dice);
    }
  }

  #addSilent(from: number, to: number, dice: Dice): void {
    const lives = [this.#life(from), this.#life(to)];
    if (!lives[0] || !lives[1]) return;
    const start = Math.max(lives[0][0], lives[1][0]);
    const end = Math.min(lives[0][1], lives[1][1], worldStart + (worldDays - 30) * daySeconds);
    if (end - start < 20 * daySeconds) return;
    const times = [Math.floor(start + dice.unit() * (end - start - 12 * daySeconds))];
    for (let n = 0; n < 3; n++) times.push(times.at(-1)! + 4000 + dice.below(3 * daySeconds));
    const handOff: HandOff = {
      index: this.handOffs.length,
      from,
      to,
      channel: 'mail',
      style: 'silent',
      selector: this.#accounts.owner(from).privateMail,
      at: times.at(-1)!,
      delay: daySeconds + dice.below(9 * daySeconds),
      messages: dice.between(3, 24),
      messageIds: [],
      subject: '',
    };
    this.handOffs.push(handOff);
    times.forEach((at, n) => {
      const [account, reader] = n % 2 === 0 ? [from, to] : [to, from];
      this.#plan({ account, at, does: 'message', to: reader, picture: -1, handOff });
    });
  }

  #placeChildren(wanted: number): void {
    const dice = this.#dice.at(0, p.child);
    for (let i = 0; i < wanted; i++) {
      const target = dice.pick(this.targets);
      // One child in six lives in another country than the target.
      const elsewhere = dice.chance(1 / 6) ? dice.below(countries.length) : -1;
      const country = (countries[elsewhere] ?? this.#accounts.world.country(target.person)).code;
      const at = worldStart + (worldDays + 5) * daySeconds + dice.below(20 * daySeconds);
      this.children.push({ caseNumber: `CH-${100_001 + i}`, person: target.person, country, at });
    }
  }
}

/** How the owner writes the selector down in part 0 or 1 of a hand-off. */
export function selectorText(handOff: HandOff, part: number): string {
  const { selector, style } = handOff;
  if (style === 'plain' || handOff.channel === 'chat') return selector;
  const [local, host] = selector.split('@') as [string, string];
  if (style === 'spelled out') return `${local.replaceAll('.', ' dot ')} at ${host.replaceAll('.', ' dot ')}`;
  if (style === 'spaced') return `${[...local].join(' ')} @ ${host.replace('.', ' . ')}`;
  return part === 0 ? `${local} @` : host;
}

/** The language two people write to each other in: their own if it is the same, else English. */
export function sharedLanguage(accounts: Accounts, { from, to }: HandOff): Language {
  const [a, b] = [from, to].map((account) => accounts.world.language(accounts.owner(account).id));
  return a === b ? a! : 'en';
}
