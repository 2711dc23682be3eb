import type { Progress } from '../base/progress.ts';
import type { ErrorBody } from './errors.ts';

/** What is said while long work runs, and how it ended. */
export type WorkEvent =
  | {
      readonly kind: 'progress';
      readonly stage: string;
      readonly done: number;
      readonly total: number | null;
    }
  /** The queue stands; what follows it is still being derived. */
  | { readonly kind: 'in force'; readonly generation: string }
  | { readonly kind: 'done'; readonly generation: string }
  | { readonly kind: 'failed'; readonly error: ErrorBody['error'] };

export interface NumberedEvent {
  /** Counts up within a process. */
  readonly id: number;
  readonly event: WorkEvent;
}

/** Stages kept for replay. */
const maxEvents = 500;
/** Time between two reports of one stage. */
const quietMs = 200;

/**
 * The events of the work under way, or of the work done last, for whoever follows it, also after a reload: a
 * stage keeps only its latest report. New work starts a new log.
 */
export class ProgressLog {
  private events: NumberedEvent[] = [];
  private next = 1;
  private last = 0;
  private readonly followers = new Set<() => void>();

  begin(): void {
    this.events = [];
    this.last = 0;
  }

  /** Takes a report; reports of one stage that follow each other quickly are kept but not all told. */
  report = (progress: Progress): void => {
    const now = performance.now();
    const latest = this.events.at(-1)?.event;
    const sameStage = latest?.kind === 'progress' && latest.stage === progress.stage;
    if (sameStage && now - this.last < quietMs) return;
    this.last = now;
    if (sameStage) this.events.pop();
    this.add({ kind: 'progress', ...progress });
  };

  tell(event: Exclude<WorkEvent, { kind: 'progress' }>): void {
    this.add(event);
  }

  /** Events after the one with this number; all of the present log for 0 or a number it never gave. */
  since(id: number): NumberedEvent[] {
    return id >= this.next ? [...this.events] : this.events.filter((each) => each.id > id);
  }

  /** Calls back whenever there is something new. Returns how to stop. */
  follow(tell: () => void): () => void {
    this.followers.add(tell);
    return () => this.followers.delete(tell);
  }

  private add(event: WorkEvent): void {
    this.events.push({ id: this.next++, event });
    if (this.events.length > maxEvents) this.events.shift();
    for (const tell of this.followers) tell();
  }
}
