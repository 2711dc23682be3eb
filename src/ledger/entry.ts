import { createHmac } from 'node:crypto';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import { maxEntryBytes } from './merkle.ts';

/**
 * One act. The ledger cannot forget, so an entry never holds case content: ids, counts, hashes and salted
 * digests only. The shapes below leave no room for prose: no white space, no '@', no letters beyond ASCII.
 */
export interface Entry {
  /** UTC time given by the caller: '2026-01-31T09:30:00Z', with up to six digits of fraction. */
  readonly time: string;
  /** Who acted: an id of 1 to 200 characters. */
  readonly actor: string;
  /** What was done: lower-case words joined by '.' or '-', at most 64 characters: 'exhibit.add'. */
  readonly action: string;
  /** Ids of what it was done to, possibly none. */
  readonly objects: readonly string[];
  /** Named ids, versions, digests (as strings) and counts (as finite numbers). */
  readonly facts: Readonly<Record<string, string | number>>;
}

const timePattern = /^\d{4}-(?:0[1-9]|1[0-2])-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/;
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,199}$/;
const actionPattern = /^(?=.{1,64}$)[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;
const factPattern = /^[a-z][A-Za-z0-9_.-]{0,63}$/;
const members = ['action', 'actor', 'facts', 'objects', 'time'];

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value);

function isSorted(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || names[i - 1]! < name);
}

/** Text of the form above, on a day that exists. */
function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !timePattern.test(value)) return false;
  const [year, month, day] = [
    Number(value.slice(0, 4)),
    Number(value.slice(5, 7)),
    Number(value.slice(8, 10)),
  ];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day >= 1 && day <= days;
}

/** What is wrong with a value as an entry, or null. Never repeats the value: it might be case content. */
export function entryFault(value: unknown): string | null {
  if (!isPlainObject(value)) return 'an entry is an object';
  if (Object.keys(value).sort().join() !== members.join())
    return `an entry has exactly ${members.join(', ')}`;
  if (!isTime(value.time)) return 'time is not a UTC time such as 2026-01-31T09:30:00Z';
  if (!isId(value.actor)) return 'actor is not an id';
  if (typeof value.action !== 'string' || !actionPattern.test(value.action))
    return 'action is not a known form';
  if (!Array.isArray(value.objects) || !value.objects.every(isId)) return 'objects are not all ids';
  if (!isPlainObject(value.facts)) return 'facts are not an object';
  for (const [name, fact] of Object.entries(value.facts)) {
    if (!factPattern.test(name)) return 'a fact has a name that is not allowed';
    if (!(typeof fact === 'number' ? Number.isFinite(fact) : isId(fact))) {
      return `fact ${name} is neither an id nor a number`;
    }
  }
  return null;
}

/**
 * Canonical JSON of an entry: the bytes that are hashed. Throws WaymarkError 'usage' when the entry is not
 * well formed and 'limit' when it is longer than 65,535 bytes.
 */
export function encodeEntry(entry: Entry): Buffer {
  const fault = entryFault(entry);
  if (fault !== null) throw new WaymarkError('usage', `not a ledger entry: ${fault}`);
  const bytes = Buffer.from(canonicalJson(entry));
  if (bytes.length > maxEntryBytes) {
    throw new WaymarkError(
      'limit',
      `a ledger entry has ${bytes.length} bytes; ${maxEntryBytes} are possible`,
      {
        remedy: 'Record a digest of a list instead of the list.',
      },
    );
  }
  return bytes;
}

/** The entry that stands in these bytes. Throws WaymarkError 'unreadable' unless `encodeEntry` wrote them. */
export function decodeEntry(bytes: Uint8Array): Entry {
  // One character for each byte: what is not ASCII fits none of the patterns.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WaymarkError('unreadable', 'a ledger entry is not JSON', { cause });
  }
  const fault = entryFault(value);
  if (fault !== null) throw new WaymarkError('unreadable', `not a ledger entry: ${fault}`);
  const entry = value as Entry;
  if (
    !isSorted(Object.keys(entry)) ||
    !isSorted(Object.keys(entry.facts)) ||
    JSON.stringify(entry) !== text
  ) {
    throw new WaymarkError('unreadable', 'a ledger entry is not canonical JSON');
  }
  return entry;
}

/**
 * A digest that can be logged for text that cannot: HMAC-SHA-256 under a secret salt of at least 16 bytes, as
 * 64 hex digits. Deleting the salt makes the digest meaningless, so what it stood for can be erased.
 * Throws WaymarkError 'usage' for a shorter salt.
 */
export function saltedDigest(salt: Uint8Array, text: string): string {
  if (salt.length < 16) throw new WaymarkError('usage', 'a salt has at least 16 bytes');
  return createHmac('sha256', salt).update(text).digest('hex');
}
