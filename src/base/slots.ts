/** Lets work begin while fewer than so many others are at theirs; the rest waits in the order of asking. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.free = slots;
  }

  /** Resolves or rejects as the work does. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((begin) => this.waiting.push(begin));
    try {
      return await work();
    } finally {
      // Handed on, so that nobody who asks now comes before those who wait.
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}
