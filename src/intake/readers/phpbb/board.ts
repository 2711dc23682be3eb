import { canonicalJson } from '../../../base/json.ts';
import { formatMicros } from '../../../base/time.ts';
import type { Column } from '../../../evidence/columns.ts';
import type { Records, TableBuilder } from '../../../evidence/records.ts';
import { canonicalIp, canonicalSelector, type SelectorKind } from '../../../evidence/selectors.ts';
import { accountOf } from '../../../evidence/tables.ts';
import type { DumpRow } from '../../sql-dump/read-dump.ts';
import { IdMap, PairSet } from './id-map.ts';
import { StoredText } from './stored-text.ts';

/** Takes one row. Returns why it became no record, or null when it did. */
export type TakeBoardRow = (row: DumpRow) => string | null;

/** Finds a column of the table at hand; -1 when this version of phpBB does not have it. */
export type FindColumn = (name: string) => number;

/** Seconds whose microseconds are still exact. */
const maxSeconds = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000);
/** Canonical forms of unusual addresses kept at hand. */
const maxAddresses = 50_000;

/** One board of a dump: its service name, what is known of it so far, and how its rows become records. */
export class Board {
  readonly service: string;
  readonly records: Records;
  /** Text of the row at hand. */
  readonly text = new StoredText();
  readonly accounts: NumberedNames;
  readonly posts: NumberedNames;
  readonly privateMessages: NumberedNames;
  readonly forums = new Map<number, string>();
  readonly groups = new Map<number, string>();
  /** Banned users: end of the ban in epoch seconds, 0 when it has none. */
  readonly bans = new Map<number, number>();
  readonly postAuthors = new IdMap();
  readonly privateMessageAuthors = new IdMap();
  /** Message and recipient of every relation written. */
  readonly recipients = new PairSet();
  /** Called when the dump is at its end. */
  readonly closing: (() => void)[] = [];
  private readonly addresses = new Map<string, string | null>();

  constructor(service: string, records: Records) {
    this.service = service;
    this.records = records;
    this.accounts = new NumberedNames(accountOf(service, ''));
    this.posts = new NumberedNames(`${service}/post/`);
    this.privateMessages = new NumberedNames(`${service}/private message/`);
  }

  /** The account that stands for everybody who is not logged in (1; -1 in phpBB 2.0); it is no person's. */
  isGuest(user: number): boolean {
    return !(user > 1);
  }

  /** Sets an epoch-seconds column as the three columns of a time; 0 means never. */
  setTime(
    builder: TableBuilder<'message' | 'event' | 'sighting' | 'account' | 'file'>,
    row: DumpRow,
    column: number,
  ): void {
    const seconds = row.int(column);
    if (!(seconds > 0)) return;
    if (seconds <= maxSeconds) builder.column.time.int(seconds * 1_000_000);
    builder.column.time_text.bytes(row.buf, row.starts[column]!, row.ends[column]!);
    builder.column.time_zone.text('epoch');
  }

  setSeconds(
    builder: TableBuilder<'message' | 'event' | 'sighting' | 'account' | 'file'>,
    seconds: number,
  ): void {
    if (!(seconds > 0)) return;
    if (seconds <= maxSeconds) builder.column.time.int(seconds * 1_000_000);
    builder.column.time_text.text(String(seconds));
    builder.column.time_zone.text('epoch');
  }

  /** Makes an address ready as bytes of `row`; phpBB 2.0 writes IPv4 as eight hex digits. False when empty. */
  loadIp(row: DumpRow, column: number): boolean {
    if (row.isEmpty(column) || !row.load(column)) return false;
    const { value, from, to } = row;
    if (to - from === 8 && /^[0-9a-f]{8}$/i.test(value.toString('latin1', from, to))) {
      const number = Number.parseInt(value.toString('latin1', from, to), 16);
      const dotted = Buffer.from(
        [number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255].join('.'),
      );
      row.value = dotted;
      row.from = 0;
      row.to = dotted.length;
    }
    return true;
  }

  setIp(column: Column, row: DumpRow, from: number): void {
    if (this.loadIp(row, from)) column.bytes(row.value, row.from, row.to);
  }

  /** An address seen with an account at a time. Guests' addresses are no one's and give none. */
  seeIp(row: DumpRow, user: number, ip: number, time: number, context: string): void {
    if (this.isGuest(user) || !this.loadIp(row, ip)) return;
    const sighting = this.records.table('sighting');
    const { column } = sighting;
    this.accounts.set(column.account, user);
    column.selector.text('ip');
    column.raw.bytes(row.value, row.from, row.to);
    if (isDottedQuad(row.value, row.from, row.to)) column.canonical.bytes(row.value, row.from, row.to);
    else {
      const canonical = this.canonicalIp(row.value.toString('latin1', row.from, row.to));
      if (canonical !== null) column.canonical.text(canonical);
    }
    this.setTime(sighting, row, time);
    column.basis.text('log-derived');
    column.context.text(context);
    sighting.end(row.offset, row.length);
  }

  /** A selector of an account, for columns that few rows have set. */
  see(
    row: DumpRow,
    user: number,
    more: {
      selector: SelectorKind;
      raw: string;
      canonical?: string | null;
      basis: string;
      context: string;
      seconds?: number;
    },
  ): void {
    const { raw } = more;
    if (raw.trim() === '' || this.isGuest(user)) return;
    const sighting = this.records.table('sighting');
    if (more.seconds !== undefined) this.setSeconds(sighting, more.seconds);
    sighting.add(
      {
        account: this.accounts.of(user),
        selector: more.selector,
        raw,
        canonical: more.canonical === undefined ? canonicalSelector(more.selector, raw) : more.canonical,
        basis: more.basis,
        context: more.context,
      },
      row.offset,
      row.length,
    );
  }

  setText(column: Column, row: DumpRow, from: number): void {
    if (!row.isEmpty(from) && this.text.loadPlain(row, from))
      column.bytes(this.text.bytes, this.text.from, this.text.to);
  }

  /** One-line text of a cell, null when empty. */
  plain(row: DumpRow, column: number): string | null {
    return !row.isEmpty(column) && this.text.loadPlain(row, column) && !this.text.isEmpty
      ? this.text.text()
      : null;
  }

  forum(id: number): string {
    return this.forums.get(id) ?? `forum ${id}`;
  }

  group(id: number): string {
    return this.groups.get(id) ?? `group ${id}`;
  }

  private canonicalIp(text: string): string | null {
    let canonical = this.addresses.get(text);
    if (canonical === undefined) {
      canonical = canonicalIp(text);
      if (this.addresses.size < maxAddresses) this.addresses.set(text, canonical);
    }
    return canonical;
  }
}

/** Names share a buffer: columns that take one value after another from the same bytes take them faster. */
let pool = { bytes: Buffer.alloc(4096), used: 0 };

/** Names that differ in a number only (accounts, messages), written without making a string for each. */
export class NumberedNames {
  private readonly bytes: Buffer;
  private readonly prefix: string;
  private readonly from: number;
  private readonly start: number;

  constructor(prefix: string) {
    this.prefix = prefix;
    const length = Buffer.byteLength(prefix) + 24;
    if (pool.used + length > pool.bytes.length)
      pool = { bytes: Buffer.alloc(Math.max(4096, length)), used: 0 };
    this.bytes = pool.bytes;
    this.from = pool.used;
    pool.used += length;
    this.start = this.from + this.bytes.write(prefix, this.from);
  }

  of(id: number): string {
    return this.prefix + String(id);
  }

  /** Leaves the column null when the id is no whole number. */
  set(column: Column, id: number): void {
    if (!(id >= 0 && id < 1e9)) {
      if (Number.isSafeInteger(id)) column.text(this.of(id));
      return;
    }
    const { bytes, start } = this;
    let digits = 1;
    for (let limit = 10; id >= limit; limit *= 10) digits++;
    let rest = id;
    for (let at = start + digits - 1; at >= start; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    column.bytes(bytes, this.from, start + digits);
  }
}

/** Canonical JSON of what is set; null when nothing is. */
export function jsonOf(facts: Record<string, unknown>): string | null {
  const set = Object.entries(facts).filter(
    ([, value]) =>
      value !== undefined &&
      value !== null &&
      value !== '' &&
      value !== 0 &&
      value !== false &&
      !Number.isNaN(value),
  );
  return set.length === 0 ? null : canonicalJson(Object.fromEntries(set));
}

/** Epoch seconds for people; undefined when 0 or no time. */
export function formatSeconds(seconds: number): string | undefined {
  return seconds > 0 && seconds <= maxSeconds ? formatMicros(seconds * 1_000_000) : undefined;
}

/** True for four numbers below 256 without leading zeros, which is the canonical form already. */
export function isDottedQuad(bytes: Uint8Array, from: number, to: number): boolean {
  let parts = 0;
  let number = 0;
  let digits = 0;
  for (let i = from; i <= to; i++) {
    const c = i === to ? 46 : bytes[i]!;
    if (c === 46) {
      if (digits === 0 || number > 255) return false;
      parts++;
      number = digits = 0;
    } else if (c >= 48 && c <= 57 && digits < 3 && !(digits > 0 && number === 0)) {
      number = number * 10 + c - 48;
      digits++;
    } else return false;
  }
  return parts === 4;
}
