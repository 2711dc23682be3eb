/** What `contact_day` says, a column at a time. Accounts, channels, exhibits and places are numbers. */
export interface ContactRows {
  readonly length: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly channel: Uint16Array;
  readonly exhibit: Uint32Array;
  /** Days since 1970-01-01 UTC; `noDay` where the time is not known. */
  readonly day: Int32Array;
  /** Messages that stand in this exhibit. */
  readonly messages: Uint32Array;
  /** Those of them that no exhibit before it holds: these add up over exhibits. */
  readonly firstMessages: Uint32Array;
  /** UTC microseconds, NaN where not known. */
  readonly firstTime: Float64Array;
  readonly lastTime: Float64Array;
  /** The pointer in three parts: number of `<exhibit>[/path]`, offset, length. */
  readonly place: Uint32Array;
  readonly offset: Float64Array;
  readonly size: Float64Array;
  readonly channels: readonly string[];
  readonly exhibits: readonly string[];
  readonly places: readonly string[];
}

export const noDay = -0x80000000;

/** One row as it comes from the engine. */
export interface ContactRow {
  readonly from: number;
  readonly to: number;
  readonly channel: string;
  readonly exhibit: string;
  readonly day: number | null;
  readonly messages: number;
  readonly firstMessages: number;
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  readonly pointer: string;
}

/** Takes rows one by one into columns that grow by doubling. */
export class RowsBuilder {
  private length = 0;
  private from = new Uint32Array(1024);
  private to = new Uint32Array(1024);
  private channel = new Uint16Array(1024);
  private exhibit = new Uint32Array(1024);
  private day = new Int32Array(1024);
  private messages = new Uint32Array(1024);
  private firstMessages = new Uint32Array(1024);
  private firstTime = new Float64Array(1024);
  private lastTime = new Float64Array(1024);
  private place = new Uint32Array(1024);
  private offset = new Float64Array(1024);
  private size = new Float64Array(1024);
  private readonly channels = new Dictionary();
  private readonly exhibits = new Dictionary();
  private readonly places = new Dictionary();

  add(row: ContactRow): void {
    const i = this.length++;
    if (i === this.from.length) this.grow();
    this.from[i] = row.from;
    this.to[i] = row.to;
    this.channel[i] = this.channels.numberOf(row.channel);
    this.exhibit[i] = this.exhibits.numberOf(row.exhibit);
    this.day[i] = row.day ?? noDay;
    this.messages[i] = row.messages;
    this.firstMessages[i] = row.firstMessages;
    this.firstTime[i] = row.firstTime ?? Number.NaN;
    this.lastTime[i] = row.lastTime ?? Number.NaN;
    const at = row.pointer.lastIndexOf('@');
    const plus = row.pointer.indexOf('+', at);
    this.place[i] = this.places.numberOf(row.pointer.slice(0, at));
    this.offset[i] = Number(row.pointer.slice(at + 1, plus));
    this.size[i] = Number(row.pointer.slice(plus + 1));
  }

  finish(): ContactRows {
    const { length } = this;
    return {
      length,
      from: this.from.subarray(0, length),
      to: this.to.subarray(0, length),
      channel: this.channel.subarray(0, length),
      exhibit: this.exhibit.subarray(0, length),
      day: this.day.subarray(0, length),
      messages: this.messages.subarray(0, length),
      firstMessages: this.firstMessages.subarray(0, length),
      firstTime: this.firstTime.subarray(0, length),
      lastTime: this.lastTime.subarray(0, length),
      place: this.place.subarray(0, length),
      offset: this.offset.subarray(0, length),
      size: this.size.subarray(0, length),
      channels: this.channels.values,
      exhibits: this.exhibits.values,
      places: this.places.values,
    };
  }

  private grow(): void {
    this.from = doubled(this.from);
    this.to = doubled(this.to);
    this.channel = doubled(this.channel);
    this.exhibit = doubled(this.exhibit);
    this.day = doubled(this.day);
    this.messages = doubled(this.messages);
    this.firstMessages = doubled(this.firstMessages);
    this.firstTime = doubled(this.firstTime);
    this.lastTime = doubled(this.lastTime);
    this.place = doubled(this.place);
    this.offset = doubled(this.offset);
    this.size = doubled(this.size);
  }
}

class Dictionary {
  readonly values: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(value: string): number {
    let number = this.numbers.get(value);
    if (number === undefined) {
      number = this.values.length;
      this.numbers.set(value, number);
      this.values.push(value);
    }
    return number;
  }
}

type Column = Uint16Array | Uint32Array | Int32Array | Float64Array;

function doubled<T extends Column>(column: T): T {
  const larger = new (column.constructor as new (length: number) => T)(column.length * 2);
  larger.set(column);
  return larger;
}

/** The source pointer of a row. */
export function pointerOf(rows: ContactRows, row: number): string {
  return `${rows.places[rows.place[row]!]}@${rows.offset[row]}+${rows.size[row]}`;
}
