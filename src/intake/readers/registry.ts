import { daysFromCivil } from '../../base/time.ts';
import { lineBlocks } from '../../evidence/lines.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { canonicalSelector } from '../../evidence/selectors.ts';

/** A delegation is a line of some sixty bytes; beyond this it is damage. */
const maxLineBytes = 4096;
const families = ['ipv4', 'ipv6', 'asn'] as const;
type Family = (typeof families)[number];

/**
 * Tables of delegated addresses and AS numbers in the RIR statistics exchange format, plain and extended
 * (`registry|cc|type|start|value|date|status[|opaque-id[|extensions]]`), as every regional registry publishes
 * them daily. Each delegation is a `registry_range`. The snapshot's day is the heading's end date, or its
 * serial number where that is a date; a table without either is read, but its ranges name no country of any
 * day. Tally unit `delegations`.
 */
export const registryReader: Reader = {
  name: 'registry',
  version: 1,
  reads: 'registry tables of delegated addresses and AS numbers (RIR statistics exchange format)',
  unit: 'file',

  sniff(head: Uint8Array): number {
    let judged = 0;
    let fitting = 0;
    for (const line of Buffer.from(head).toString('latin1').split('\n').slice(0, -1)) {
      const text = line.trimEnd();
      if (text === '' || text.startsWith('#')) continue;
      judged++;
      const cells = text.split('|');
      if (isHeading(cells) || isSummary(cells) || isDelegation(cells)) fitting++;
    }
    // Most lines, not all: damaged files must find their reader too.
    return judged > 0 && fitting * 2 > judged ? 0.9 : 0;
  },

  async read(input: Input, records: Records): Promise<void> {
    const table = new RegistryTable(records);
    for await (const block of lineBlocks(input)) {
      let at = 0;
      while (at < block.bytes.length) {
        const found = block.bytes.indexOf(10, at);
        const end = found < 0 ? block.bytes.length : found;
        table.line(block.bytes.subarray(at, end), block.offset + at);
        at = end + 1;
      }
    }
    table.end();
  },
};

class RegistryTable {
  private readonly records: Records;
  private snapshot: string | null = null;
  private headed = false;
  private promised: number | null = null;
  private delegations = 0;

  constructor(records: Records) {
    this.records = records;
  }

  line(bytes: Uint8Array, offset: number): void {
    if (bytes.length > maxLineBytes) {
      this.refuse('line too long', 'registry-line', 'the line is too long for a delegation', offset, bytes);
      return;
    }
    const text = Buffer.from(bytes).toString('latin1').trimEnd();
    if (text === '') this.records.skip('delegations', 'blank line');
    else if (text.startsWith('#')) this.records.skip('delegations', 'comment');
    else this.cells(text.split('|'), bytes, offset);
  }

  end(): void {
    if (!this.headed) {
      this.records.warn('registry-heading', 'no heading states the day of this table', 0, 0);
    } else if (this.promised !== null && this.promised !== this.delegations) {
      this.records.warn('registry-count', 'the heading promises another number of delegations', 0, 0);
    }
  }

  private cells(cells: string[], bytes: Uint8Array, offset: number): void {
    const { records } = this;
    if (isHeading(cells)) {
      records.skip('delegations', 'heading');
      this.heading(cells, bytes, offset);
    } else if (isSummary(cells)) {
      records.skip('delegations', 'summary');
    } else {
      this.delegation(cells, bytes, offset);
    }
  }

  private heading(cells: string[], bytes: Uint8Array, offset: number): void {
    if (this.headed) {
      const text = 'a second heading: what follows is of the first one’s day';
      this.records.warn('registry-heading', text, offset, bytes.length);
      return;
    }
    this.headed = true;
    this.promised = /^\d{1,9}$/.test(cells[3]!) ? Number(cells[3]) : null;
    this.snapshot = dayOf(cells[5] ?? '') ?? dayOf(cells[2]!);
    if (this.snapshot === null) {
      const text = 'the heading states no day: these ranges name no country of any day';
      this.records.warn('registry-day', text, offset, bytes.length);
    }
  }

  private delegation(cells: string[], bytes: Uint8Array, offset: number): void {
    const { records } = this;
    const [registry, code, type, start, value, date, status, holder] = cells;
    if (cells.length < 7) {
      this.refuse('too few fields', 'registry-fields', 'the line has too few fields', offset, bytes);
      return;
    }
    const family = families.find((each) => each === type);
    if (family === undefined) {
      this.refuse('other type', 'registry-type', 'the line is of no known type', offset, bytes);
      return;
    }
    const range = rangeOf(family, start!, value!);
    if (range === null) {
      this.refuse('no range', 'registry-range', 'first address and size make no range', offset, bytes);
      return;
    }
    const day = dayOf(date!);
    if (day === null && !/^0*$/.test(date!)) {
      records.warn('registry-date', 'the date of the delegation is none', offset, bytes.length);
    }
    const country = /^[a-z]{2}$/i.test(code!) ? code!.toUpperCase() : null;
    if (country === null && code !== '' && code !== '*') {
      records.warn('registry-country', 'the country is no code of two letters', offset, bytes.length);
    }
    records.table('registry_range').add(
      {
        registry: registry!.toLowerCase(),
        snapshot: this.snapshot,
        family,
        country: country === 'ZZ' ? null : country,
        ...range,
        date: day,
        status: status!.toLowerCase(),
        holder: holder || null,
      },
      offset,
      bytes.length,
    );
    records.read('delegations');
    this.delegations++;
  }

  private refuse(reason: string, code: string, text: string, offset: number, bytes: Uint8Array): void {
    this.records.skip('delegations', reason);
    this.records.warn(code, text, offset, bytes.length);
  }
}

/** `version|registry|serial|records|startdate|enddate|UTCoffset` */
function isHeading(cells: readonly string[]): boolean {
  return cells.length >= 6 && /^\d(\.\d+)?$/.test(cells[0]!) && /^\d{1,9}$/.test(cells[3]!);
}

/** `registry|*|type|*|count|summary` */
function isSummary(cells: readonly string[]): boolean {
  return cells.length >= 6 && cells[5]!.toLowerCase() === 'summary';
}

function isDelegation(cells: readonly string[]): boolean {
  const family = families.find((each) => each === cells[2]);
  return cells.length >= 7 && family !== undefined && rangeOf(family, cells[3]!, cells[4]!) !== null;
}

/** First and last of a range: IPv4 by number of addresses, IPv6 by length of the prefix, AS numbers by count. */
function rangeOf(family: Family, start: string, value: string): { first: string; last: string } | null {
  if (!/^\d{1,10}$/.test(value)) return null;
  const size = Number(value);
  if (family === 'asn') {
    if (!/^\d{1,10}$/.test(start)) return null;
    const last = Number(start) + size - 1;
    return size < 1 || last > 0xffffffff ? null : { first: String(Number(start)), last: String(last) };
  }
  const first = canonicalSelector('ip', start);
  if (first === null || first.includes(':') !== (family === 'ipv6')) return null;
  return family === 'ipv4' ? rangeOfV4(first, size) : rangeOfV6(first, size);
}

function rangeOfV4(first: string, size: number): { first: string; last: string } | null {
  const from = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const to = from + size - 1;
  if (size < 1 || to > 0xffffffff) return null;
  return { first, last: [24, 16, 8, 0].map((shift) => (to >>> shift) & 255).join('.') };
}

function rangeOfV6(first: string, bits: number): { first: string; last: string } | null {
  if (bits > 128) return null;
  const groups = groupsOfV6(first);
  const lastGroups = groups.map((group, index) => {
    const free = Math.min(16, Math.max(0, (index + 1) * 16 - bits));
    return group | ((1 << free) - 1);
  });
  // A first address with bits behind the prefix is no beginning of a range.
  const isStart = groups.every((group, index) => {
    const free = Math.min(16, Math.max(0, (index + 1) * 16 - bits));
    return (group & ((1 << free) - 1)) === 0;
  });
  if (!isStart) return null;
  const last = canonicalSelector('ip', lastGroups.map((group) => group.toString(16)).join(':'));
  return last === null ? null : { first, last };
}

/** The eight groups of a canonical IPv6 address. */
function groupsOfV6(address: string): number[] {
  const [head, tail] = address.split('::') as [string, string | undefined];
  const numbers = (part: string | undefined) =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = numbers(head);
  const back = numbers(tail);
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

/** `20200101` as `2020-01-01`; null where it is no day. */
function dayOf(text: string): string | null {
  const match = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(daysFromCivil(year, month, day) * 86_400_000).toISOString().slice(0, 10);
  return date === `${match[1]}-${match[2]}-${match[3]}` ? date : null;
}
