/** Tries to log in that are allowed within a minute, for one name and for all names together. */
export const triesAMinute = { name: 10, all: 60 } as const;
/** Wrong passwords in a row after which a user is locked until an administrator opens the lock. */
export const triesBeforeLock = 100;

const minuteMs = 60_000;
const everyName = Symbol('all names');

/** How often somebody tried to log in of late. The clock is given with each call. */
export class Tries {
  private readonly times = new Map<string | symbol, number[]>();

  /** Counts a try, or returns the milliseconds to wait before the next one is allowed. */
  take(name: string, now: number): number {
    const own = this.late(name, now);
    const all = this.late(everyName, now);
    const wait = Math.max(waitOf(own, triesAMinute.name, now), waitOf(all, triesAMinute.all, now));
    if (wait > 0) return wait;
    own.push(now);
    all.push(now);
    this.forget(now);
    return 0;
  }

  private late(name: string | symbol, now: number): number[] {
    const times = (this.times.get(name) ?? []).filter((time) => now - time < minuteMs);
    this.times.set(name, times);
    return times;
  }

  /** Names of a minute ago take no room: anybody may send any name. */
  private forget(now: number): void {
    for (const [name, times] of this.times) {
      if (times.every((time) => now - time >= minuteMs)) this.times.delete(name);
    }
  }
}

function waitOf(times: readonly number[], most: number, now: number): number {
  return times.length < most ? 0 : times[0]! + minuteMs - now;
}
