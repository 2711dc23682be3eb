import { canonicalJson } from '../../../base/json.ts';
import type { Stamp } from '../../../base/time.ts';
import { type Records, stampColumns } from '../../../evidence/records.ts';
import { canonicalSelector } from '../../../evidence/selectors.ts';
import { accountOf } from '../../../evidence/tables.ts';
import { idOf, type Members, objectsOf, textOf } from './shape.ts';

export const service = 'discord';

/** Accounts whose names are remembered; beyond them each message tells its author anew. */
const maxRemembered = 500_000;

/** Where and when something was said. */
export interface Said {
  readonly stamp: Stamp | null;
  readonly offset: number;
  readonly length: number;
}

type NameKind = 'user name' | 'nickname';
type Basis = 'mentioned' | 'self-declared';
interface KnownName {
  readonly name: string;
  readonly said: Said;
  readonly basis: Basis;
}
interface Known {
  /** What the account was told by so far: a mention, or a message of its own. */
  told: Basis | null;
  readonly names: Map<NameKind, KnownName>;
}

/** The accounts of a file: each is told once, and each of its names when it is first seen. */
export class Authors {
  private readonly records: Records;
  private readonly known = new Map<string, Known>();

  constructor(records: Records) {
    this.records = records;
  }

  /** Tells an account from an `author` or `mentions` object. Null when the object has no id. */
  tell(user: Members | null, said: Said, mentioned: boolean): string | null {
    const id = idOf(user);
    if (user === null || id === null) return null;
    const account = accountOf(service, id);
    const known = this.known.get(id) ?? { told: null, names: new Map() };
    const basis = mentioned ? 'mentioned' : 'self-declared';
    if (known.told === null || (known.told === 'mentioned' && !mentioned)) {
      known.told = basis;
      this.account(account, id, user, said);
    }
    const name = textOf(user, 'name');
    const nickname = textOf(user, 'nickname');
    if (name !== null) this.name(account, known, 'user name', { name: tagged(name, user), said, basis });
    if (nickname !== null && nickname !== name)
      this.name(account, known, 'nickname', { name: nickname, said, basis });
    if (this.known.size < maxRemembered) this.known.set(id, known);
    return account;
  }

  private account(account: string, nativeId: string, user: Members, { offset, length }: Said): void {
    const roles = objectsOf(user.roles).flatMap((role) => textOf(role, 'name') ?? []);
    const facts = {
      nickname: textOf(user, 'nickname') ?? undefined,
      roles: roles.length === 0 ? undefined : roles,
    };
    const row = {
      account,
      service,
      native_id: nativeId,
      handle: textOf(user, 'name'),
      kind: user.isBot === true ? 'system' : 'member',
      attributes: roles.length === 0 && facts.nickname === undefined ? null : canonicalJson(facts),
    };
    this.records.table('account').add(row, offset, length);
  }

  /**
   * A name that is new for the account, or was only mentioned so far. Of two names of one kind the older one is
   * also its former name.
   */
  private name(account: string, known: Known, kind: NameKind, now: KnownName): void {
    const before = known.names.get(kind);
    const same = before?.name === now.name;
    if (same && (before.basis === 'self-declared' || now.basis === 'mentioned')) return;
    this.sighting(account, 'handle', now, kind);
    if (kind === 'user name') this.sighting(account, 'messenger', now, kind);
    const newer = before === undefined || (now.said.stamp?.micros ?? 0) >= (before.said.stamp?.micros ?? 0);
    if (before !== undefined && !same) this.sighting(account, 'handle', newer ? before : now, 'former name');
    if (newer || same) known.names.set(kind, now);
  }

  private sighting(
    account: string,
    selector: 'handle' | 'messenger',
    { name: raw, said: { stamp, offset, length }, basis }: KnownName,
    context: string,
  ): void {
    const plain = canonicalSelector(selector, raw);
    const canonical = selector === 'messenger' && plain !== null ? `${service}:${plain}` : plain;
    const row = { account, selector, raw, canonical, ...stampColumns(stamp), basis, context };
    this.records.table('sighting').add(row, offset, length);
  }
}

/** Until 2023 names were only unique together with four digits; '0' and '0000' mean that there are none. */
function tagged(name: string, user: Members): string {
  const tag = textOf(user, 'discriminator');
  return tag !== null && /^\d{4}$/.test(tag) && tag !== '0000' ? `${name}#${tag}` : name;
}
