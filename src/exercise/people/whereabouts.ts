import type { Session } from '../board/events.ts';
import { daySeconds, offsetMinutes } from '../clock.ts';
import { Dice, purpose } from '../random.ts';
import type { Accounts } from './accounts.ts';
import { agentOf, monthOf } from './agents.ts';
import { type Address, exitCount, type Lines } from './lines.ts';

const p = { session: purpose('whereabouts') };

/** Where people are when they visit the board, and with which device. */
export class Whereabouts {
  readonly #accounts: Accounts;
  readonly #lines: Lines;
  readonly #dice: Dice;

  constructor(accounts: Accounts, lines: Lines) {
    this.#accounts = accounts;
    this.#lines = lines;
    this.#dice = new Dice(accounts.world.seed);
  }

  /** Where the account's owner is and what is in their hands at that time. */
  session(account: number, at: number, n: number, what = p.session): Session {
    const dice = this.#dice.at(account, what, n);
    const { address, phone } = this.#whereabouts(account, at, dice);
    const owner = this.#accounts.world.accountPerson[account]!;
    const agent = agentOf(this.#accounts.world.seed, owner, phone, monthOf(at));
    return { account, ...address, agent, id: dice.hex(32), start: at, lastUrl: '-' };
  }

  #whereabouts(account: number, at: number, dice: Dice): { address: Address; phone: boolean } {
    const owner = this.#accounts.owner(account);
    const country = this.#accounts.world.country(owner.id);
    const { members } = this.#accounts.world;
    const local = at + offsetMinutes(at, country.winterMinutes, country.summer) * 60;
    const hour = Math.floor((((local % daySeconds) + daySeconds) % daySeconds) / 3600);
    const weekday = new Date(local * 1000).getUTCDay() % 6 !== 0;
    const lines = this.#lines;
    if (owner.usesTor && dice.chance(0.5)) {
      return { address: lines.shared('tor', dice.below(exitCount('tor', members))), phone: false };
    }
    if (owner.usesVpn && dice.chance(0.4)) {
      return { address: lines.shared('vpn', dice.below(exitCount('vpn', members))), phone: false };
    }
    if (owner.employer >= 0 && weekday && hour >= 9 && hour < 17 && dice.chance(0.5)) {
      return { address: lines.shared('work', owner.employer), phone: false };
    }
    if (owner.usesMobile && dice.chance(0.22))
      return { address: lines.mobile(owner.id, owner.country, at), phone: true };
    if (owner.usesLibrary && dice.chance(0.1)) {
      const library = owner.household % exitCount('library', members);
      return { address: lines.shared('library', library), phone: false };
    }
    const phone = dice.chance(0.25);
    return { address: lines.home(owner.household, owner.id, at, dice.chance(0.7)), phone };
  }
}
