import * as path from 'node:path';
import { daySeconds, monthNames, offsetMinutes, offsetText, two, worldDays, worldStart } from '../clock.ts';
import { OutFile } from '../output.ts';

const weekSeconds = 7 * daySeconds;
/** logrotate runs at 05:25 UTC on Sundays; the server was seized before it ran a last time. */
const firstRotation = worldStart + weekSeconds + 5 * 3600 + 25 * 60;
const fileCount = worldDays / 7;

/** The rotated name of the n-th file of the world (0 = oldest): access.log.64.gz … access.log.1, access.log. */
export function logName(n: number): string {
  const age = fileCount - 1 - n;
  if (age === 0) return 'access.log';
  return age === 1 ? 'access.log.1' : `access.log.${age}.gz`;
}

/** Adds `seconds` to the times written into file `file` (0 = oldest): a clock that went wrong. */
export type Skew = { readonly file: number; readonly seconds: number };

/**
 * nginx access logs in the combined format, in the server's own zone (Europe/Amsterdam), rotated weekly.
 * Lines must come in order of time.
 */
export class AccessLogs {
  readonly #folder: string;
  readonly #skew: Skew | undefined;
  #file: OutFile | undefined;
  #number = -1;
  #until = 0;
  #second = -1;
  #stamp = '';
  #hour = -1;
  #head = '';
  #tail = '';
  lines = 0;
  bytes = 0;

  constructor(folder: string, skew?: Skew) {
    this.#folder = folder;
    this.#skew = skew;
  }

  /** Which file a second's lines go to. */
  static fileOf(at: number): number {
    return at < firstRotation ? 0 : Math.floor((at - firstRotation) / weekSeconds) + 1;
  }

  /** Must `rotate` be called before a line of this second? */
  due(at: number): boolean {
    return this.#file === undefined || this.#file.full || at >= this.#until;
  }

  /** Goes on to the file that a second belongs to, or waits for the disk. */
  async rotate(at: number): Promise<void> {
    const number = AccessLogs.fileOf(at);
    if (number === this.#number && this.#file) return this.#file.drain();
    await this.close();
    this.#number = number;
    this.#until = firstRotation + number * weekSeconds;
    const name = logName(number);
    this.#file = new OutFile(path.join(this.#folder, name), name.endsWith('.gz'));
    this.#second = -1;
  }

  line(
    at: number,
    ip: string,
    request: string,
    status: number,
    bytes: number,
    referrer: string,
    agent: string,
  ): void {
    if (at !== this.#second) this.#setTime(at);
    this.lines++;
    this.#file!.write(
      `${ip} - - [${this.#stamp}] "${request} HTTP/1.1" ${status} ${bytes} "${referrer}" "${agent}"\n`,
      'latin1',
    );
  }

  #setTime(at: number): void {
    this.#second = at;
    const shown = this.#skew?.file === this.#number ? at + this.#skew.seconds : at;
    const hour = Math.floor(shown / 3600);
    if (hour !== this.#hour) {
      this.#hour = hour;
      const zone = offsetMinutes(shown, 60, 'eu');
      const local = new Date((hour * 3600 + zone * 60) * 1000);
      const date = `${two(local.getUTCDate())}/${monthNames[local.getUTCMonth()]}/${local.getUTCFullYear()}`;
      this.#head = `${date}:${two(local.getUTCHours())}:`;
      this.#tail = ` ${offsetText(zone)}`;
    }
    const rest = shown - hour * 3600;
    this.#stamp = `${this.#head}${two(Math.floor(rest / 60))}:${two(rest % 60)}${this.#tail}`;
  }

  async close(): Promise<void> {
    if (!this.#file) return;
    await this.#file.close();
    this.bytes += this.#file.bytes;
    this.#file = undefined;
  }
}
