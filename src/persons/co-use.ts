import { Worker } from 'node:worker_threads';

/**
 * Which accounts used the same lines on the same days: a kernel over typed arrays for logs too large to join in SQL.
 * Accounts, lines and days are numbers (dictionary codes, days since any day). A line and day of fewer than two or
 * more than `most` accounts joins nobody; a line counts once for a pair, by how few accounts ever used it.
 */
export interface CoUseSettings {
  /** Accounts of one line on one day above which it says nothing. */
  readonly most: number;
  /** All accounts, for the rarity of a line: numbers run below this, at most 2^22. */
  readonly accounts: number;
  readonly workers: number;
}

/** Pairs of accounts, a < b, each once: how many lines they used on the same days, and the bits of these lines. */
export interface CoUsePairs {
  readonly length: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly lines: Uint16Array;
  readonly bits: Float32Array;
}

/** Days that a number leaves room for beside the account. */
export const maxDay = 1023;
export const maxAccounts = 2 ** 22;
const partitions = 256;

/** Takes events as they come, in any order, then counts. Eight bytes an event, twice that while they are divided. */
export class CoUse {
  private readonly settings: CoUseSettings;
  private events: Uint32Array;
  private length = 0;
  private readonly counts = new Uint32Array(partitions);

  /** `capacity`: events at most; more are refused. */
  constructor(capacity: number, settings: CoUseSettings) {
    if (settings.accounts > maxAccounts) throw new RangeError(`at most ${maxAccounts} accounts`);
    this.settings = settings;
    this.events = new Uint32Array(capacity * 2);
  }

  add(lines: ArrayLike<number>, days: ArrayLike<number>, accounts: ArrayLike<number>, count: number): void {
    const { events, counts } = this;
    if ((this.length + count) * 2 > events.length) throw new RangeError('more events than there is room for');
    let at = this.length * 2;
    for (let i = 0; i < count; i++) {
      const line = lines[i]!;
      const day = days[i]!;
      const account = accounts[i]!;
      if (day > maxDay || account >= this.settings.accounts)
        throw new RangeError('a day or account out of range');
      events[at] = ((day << 22) | account) >>> 0;
      events[at + 1] = line;
      counts[line & (partitions - 1)]!++;
      at += 2;
    }
    this.length += count;
  }

  /** Counts the pairs. The events are gone afterwards. */
  async pairs(): Promise<CoUsePairs> {
    const shared = this.divide();
    const starts = startsOf(this.counts);
    const { settings } = this;
    const workers = Array.from(
      { length: settings.workers },
      (_, index) =>
        new Worker(new URL('./co-use-worker.ts', import.meta.url), {
          workerData: { shared, starts, settings, index },
        }),
    );
    try {
      await Promise.all(workers.map((worker) => answerOf(worker, 'sort')));
      const parts = await Promise.all(workers.map((worker) => answerOf(worker, 'count')));
      return joined(parts as CoUsePairs[]);
    } finally {
      for (const worker of workers) await worker.terminate();
    }
  }

  /** Events divided by the last bits of their line, each division on its own stretch. */
  private divide(): SharedArrayBuffer {
    const shared = new SharedArrayBuffer(this.length * 8);
    const divided = new Uint32Array(shared);
    const at = startsOf(this.counts);
    const { events } = this;
    for (let i = 0; i < this.length * 2; i += 2) {
      const line = events[i + 1]!;
      const place = at[line & (partitions - 1)]!++ * 2;
      divided[place] = events[i]!;
      divided[place + 1] = line;
    }
    // Given back at once: waiting for the collector would cost as much memory again.
    (events.buffer as ArrayBuffer).transfer(0);
    this.events = new Uint32Array(0);
    return shared;
  }
}

function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(partitions + 1);
  for (let p = 0; p < partitions; p++) starts[p + 1] = starts[p]! + counts[p]!;
  return starts;
}

function answerOf(worker: Worker, step: 'sort' | 'count'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage(step);
  });
}

function joined(parts: readonly CoUsePairs[]): CoUsePairs {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const pairs = {
    length,
    a: new Uint32Array(length),
    b: new Uint32Array(length),
    lines: new Uint16Array(length),
    bits: new Float32Array(length),
  };
  let at = 0;
  for (const part of parts) {
    pairs.a.set(part.a, at);
    pairs.b.set(part.b, at);
    pairs.lines.set(part.lines, at);
    pairs.bits.set(part.bits, at);
    at += part.length;
  }
  return pairs;
}

/** Sorts the stretches of one worker by line, day and account. */
export function sortStretches(
  shared: SharedArrayBuffer,
  starts: Uint32Array,
  index: number,
  workers: number,
): void {
  const events = new BigUint64Array(shared);
  for (let p = index; p < partitions; p += workers) {
    // A copy is sorted: sorting shared memory in place is several times slower.
    const stretch = events.slice(starts[p], starts[p + 1]);
    events.set(stretch.sort(), starts[p]);
  }
}

/** Counts the pairs whose lower account falls to one worker, over all sorted stretches. */
export function countPairs(
  shared: SharedArrayBuffer,
  starts: Uint32Array,
  { most, accounts, workers }: CoUseSettings,
  index: number,
): CoUsePairs {
  const events = new Uint32Array(shared);
  const table = new PairTable();
  const lastLine = new Uint32Array(accounts);
  const group = new Uint32Array(most);
  const end = starts[partitions]! * 2;
  let ordinal = 0;
  for (let from = 0; from < end; ) {
    const line = events[from + 1]!;
    ordinal++;
    let to = from;
    let users = 0;
    for (; to < end && events[to + 1] === line; to += 2) {
      const account = events[to]! & (maxAccounts - 1);
      if (lastLine[account] === ordinal) continue;
      lastLine[account] = ordinal;
      users++;
    }
    if (users > 1) countLine(events, from, to, Math.log2(accounts / users), ordinal);
    from = to;
  }
  return table.finish();

  function countLine(list: Uint32Array, from: number, to: number, bits: number, line: number): void {
    for (let at = from; at < to; ) {
      const day = list[at]! >>> 22;
      let size = 0;
      let before = -1;
      for (; at < to && list[at]! >>> 22 === day; at += 2) {
        const account = list[at]! & (maxAccounts - 1);
        if (account === before) continue;
        before = account;
        if (size < most) group[size] = account;
        size++;
      }
      if (size < 2 || size > most) continue;
      for (let i = 0; i < size; i++) {
        const a = group[i]!;
        if (a % workers !== index) continue;
        for (let j = i + 1; j < size; j++) table.add(a, group[j]!, bits, line);
      }
    }
  }
}

/** Pairs by open addressing; a line adds to a pair once, since lines come one after the other. */
class PairTable {
  private size = 1 << 16;
  private length = 0;
  private a = new Uint32Array(this.size);
  private b = new Uint32Array(this.size);
  private last = new Uint32Array(this.size);
  private lines = new Uint16Array(this.size);
  private bits = new Float32Array(this.size);

  add(a: number, b: number, bits: number, line: number): void {
    const slot = this.slot(a, b);
    if (this.lines[slot] === 0) {
      this.a[slot] = a;
      this.b[slot] = b;
      this.length++;
    } else if (this.last[slot] === line) return;
    this.last[slot] = line;
    if (this.lines[slot]! < 65_535) this.lines[slot]!++;
    this.bits[slot]! += bits;
    if (this.length * 10 > this.size * 7) this.grow();
  }

  private slot(a: number, b: number): number {
    const mask = this.size - 1;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    while (this.lines[slot] !== 0 && (this.a[slot] !== a || this.b[slot] !== b)) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { size, a, b, last, lines, bits } = this;
    this.size = size * 2;
    this.a = new Uint32Array(this.size);
    this.b = new Uint32Array(this.size);
    this.last = new Uint32Array(this.size);
    this.lines = new Uint16Array(this.size);
    this.bits = new Float32Array(this.size);
    for (let i = 0; i < size; i++) {
      if (lines[i] === 0) continue;
      const slot = this.slot(a[i]!, b[i]!);
      this.a[slot] = a[i]!;
      this.b[slot] = b[i]!;
      this.last[slot] = last[i]!;
      this.lines[slot] = lines[i]!;
      this.bits[slot] = bits[i]!;
    }
    for (const column of [a, b, last, lines, bits]) column.buffer.transfer(0);
  }

  /** The pairs alone, in the table's own memory. */
  finish(): CoUsePairs {
    let at = 0;
    for (let i = 0; i < this.size; i++) {
      if (this.lines[i] === 0) continue;
      this.a[at] = this.a[i]!;
      this.b[at] = this.b[i]!;
      this.lines[at] = this.lines[i]!;
      this.bits[at++] = this.bits[i]!;
    }
    this.last.buffer.transfer(0);
    return {
      length: at,
      a: new Uint32Array(this.a.buffer.transfer(at * 4)),
      b: new Uint32Array(this.b.buffer.transfer(at * 4)),
      lines: new Uint16Array(this.lines.buffer.transfer(at * 2)),
      bits: new Float32Array(this.bits.buffer.transfer(at * 4)),
    };
  }
}
