import { WaymarkError } from '../base/errors.ts';
import type { Operation } from '../store/operation.ts';

/**
 * Whose turn it is to change the operation within this process. Long work (a build, an exclusion) runs alone;
 * short acts (recording that a text was read) queue up between, and join long work that is under way.
 */
export class Turns {
  private readonly operation: Operation;
  private long = false;
  private shorts: Promise<unknown> = Promise.resolve();

  constructor(operation: Operation) {
    this.operation = operation;
  }

  get isWorking(): boolean {
    return this.long;
  }

  /** Runs long work. Throws WaymarkError 'busy' while other long work runs. */
  async runLong<T>(work: () => Promise<T>): Promise<T> {
    this.refuseWhileWorking();
    this.long = true;
    try {
      await this.shorts;
      return await work();
    } finally {
      this.long = false;
    }
  }

  /** Runs a short, synchronous act that records something. Throws WaymarkError 'busy'. */
  async record(act: () => void): Promise<void> {
    if (this.long && this.operation.isAtWork) act();
    else await this.queue(() => this.operation.exclusively(async () => act()));
  }

  /** Runs work that only reads but needs that nothing is changed meanwhile. Throws WaymarkError 'busy'. */
  async runQuietly<T>(work: () => Promise<T>): Promise<T> {
    this.refuseWhileWorking();
    return this.queue(work);
  }

  private queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.shorts.then(work);
    this.shorts = result.catch(() => {});
    return result;
  }

  private refuseWhileWorking(): void {
    if (!this.long) return;
    throw new WaymarkError('busy', 'a build or an exclusion is under way', {
      remedy: 'Wait until it is done; its progress is shown.',
    });
  }
}
