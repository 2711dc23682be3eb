import type { ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf, WaymarkError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import { errorOf, type ReportedFailure } from '../base/reported.ts';
import type { Question, Replies } from '../footprint/search/ask.ts';
import type { Operation } from '../store/operation.ts';
import { ensureSearchIndex, type IndexFile, searchIndexId } from './search-index.ts';
import { type Sight, wholeSight } from './sight.ts';

/** How far the index of the lake as it is has come. */
export interface IndexState {
  readonly state: 'missing' | 'building' | 'ready' | 'failed';
  readonly stage: string | null;
  readonly done: number;
  readonly total: number | null;
  readonly documents: number | null;
  readonly error: string | null;
}

/** Whoever can be asked, here or in another thread. */
export interface Asked {
  readonly index: IndexFile;
  /** The generation whose countries it has been told. */
  generation: string | null;
  answer<Q extends Question>(question: Q): Promise<Replies[Q['kind']]>;
}

interface Making {
  readonly id: string;
  readonly index: Promise<IndexFile>;
  progress: Progress;
  child: ChildProcess | undefined;
}

interface Thread extends Asked {
  readonly worker: Worker;
}

/** A search waits this long for an index that is being made. */
const waitMs = 5000;

/**
 * Searching for a server: the index is made in a process of its own, once however many ask, and answers come from a
 * thread of its own.
 */
export class SearchDesk {
  private readonly operation: Operation;
  private readonly sight: () => Sight;
  private making: Making | undefined;
  private thread: Promise<Thread> | undefined;
  private threadOf = '';
  private failed: { id: string; error: string } | undefined;
  private keepsFresh = false;
  private closed = false;

  /** `sight`: what whoever searches may not know. */
  constructor(operation: Operation, sight: () => Sight = () => wholeSight) {
    this.operation = operation;
    this.sight = sight;
  }

  /** From now on the index is made in the background, at once and after every build. */
  keepFresh(): void {
    this.keepsFresh = true;
    this.start();
  }

  /** Makes the index of what has just been built, where it is kept fresh. */
  refresh(): void {
    if (this.keepsFresh) this.start();
  }

  /** Starts making the index where it is missing. Never throws: what goes wrong stands in `state`. */
  start(): void {
    if (this.closed) return;
    try {
      const id = searchIndexId(this.operation, this.sight());
      if (this.threadOf !== id && this.making?.id !== id) this.make(id);
    } catch {
      // Nothing has been read yet.
    }
  }

  state(): IndexState {
    const nothing = { stage: null, done: 0, total: null, documents: null, error: null };
    let id: string;
    try {
      id = searchIndexId(this.operation, this.sight());
    } catch (error) {
      return { ...nothing, state: 'missing', error: messageOf(error) };
    }
    if (this.making?.id === id) return { ...nothing, ...this.making.progress, state: 'building' };
    if (this.threadOf === id && this.ready)
      return { ...nothing, state: 'ready', documents: this.ready.documents };
    if (this.failed?.id === id) return { ...nothing, state: 'failed', error: this.failed.error };
    return { ...nothing, state: 'missing' };
  }

  private ready: IndexFile | undefined;

  /** Who answers for the lake as it is. Throws WaymarkError 'busy' while the index is being made. */
  async asked(): Promise<Asked> {
    if (this.closed) throw new WaymarkError('busy', 'the server is closing');
    const id = searchIndexId(this.operation, this.sight());
    if (this.threadOf !== id || !this.thread) {
      const making = this.making?.id === id ? this.making : this.make(id);
      await within(making.index, () => this.busy(making));
    }
    return this.thread!;
  }

  close(): void {
    this.closed = true;
    this.making?.child?.kill();
    void this.thread?.then(({ worker }) => worker.terminate());
    this.thread = undefined;
  }

  private make(id: string): Making {
    const making: Making = {
      id,
      progress: { stage: 'making the search index', done: 0, total: null },
      child: undefined,
      index: ensureSearchIndex(
        this.operation,
        (progress) => {
          making.progress = progress;
        },
        (child) => {
          making.child = child;
          // It must keep no process alive that has nothing else to do.
          child.unref();
          child.channel?.unref();
          if (this.closed) child.kill();
        },
        this.sight(),
      ).then(
        (index) => {
          this.finished(making, index);
          return index;
        },
        (error: unknown) => {
          if (this.making === making) this.making = undefined;
          this.failed = { id, error: messageOf(error) };
          throw error;
        },
      ),
    };
    making.index.catch(() => {});
    this.making = making;
    return making;
  }

  private finished(making: Making, index: IndexFile): void {
    if (this.making === making) this.making = undefined;
    if (this.closed) return;
    const before = this.thread;
    this.ready = index;
    this.threadOf = making.id;
    this.thread = startThread(index, () => {
      // A thread that ended answers no more: the next question starts another.
      if (this.threadOf === making.id) this.threadOf = '';
    });
    this.thread.catch(() => {});
    void before?.then(({ worker }) => worker.terminate());
  }

  private busy({ progress }: Making): WaymarkError {
    return new WaymarkError('busy', `the search index is being made (${progress.done} documents so far)`, {
      remedy: 'Search again in a moment.',
    });
  }
}

async function within<T>(work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), waitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

type Reply =
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly failure: ReportedFailure };

async function startThread(index: IndexFile, onEnd: () => void): Promise<Thread> {
  const worker = new Worker(path.join(import.meta.dirname, 'search-thread.ts'), {
    workerData: { file: index.file },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const waiting = new Map<number, { resolve(reply: unknown): void; reject(error: Error): void }>();
  let next = 0;
  worker.unref();
  worker.on('message', (message: Reply) => {
    const waiter = waiting.get(message.id);
    waiting.delete(message.id);
    if (waiting.size === 0) worker.unref();
    if ('failure' in message) waiter?.reject(errorOf(message.failure));
    else waiter?.resolve(message.reply);
  });
  const end = () => {
    onEnd();
    for (const [id, { reject }] of waiting) {
      waiting.delete(id);
      reject(new WaymarkError('engine', 'the search ended early', { remedy: 'Search again.' }));
    }
  };
  worker.on('error', end);
  worker.on('exit', end);
  return {
    index,
    generation: null,
    worker,
    answer: (question) =>
      new Promise((resolve, reject) => {
        const id = next++;
        worker.ref();
        waiting.set(id, { resolve: resolve as (reply: unknown) => void, reject });
        worker.postMessage({ id, question });
      }),
  };
}
