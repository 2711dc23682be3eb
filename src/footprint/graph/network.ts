import { Worker } from 'node:worker_threads';
import { type ErrorCode, WaymarkError } from '../../base/errors.ts';
import type { OnProgress, Progress } from '../../base/progress.ts';
import type { Answers, Question } from './questions.ts';

/** Where the tables of a generation lie; their bytes have been compared with what was recorded. */
export interface NetworkSource {
  /** Folders that the engine may open. */
  readonly folders: readonly string[];
  readonly temporaryFolder: string;
  /** Table name to file. */
  readonly files: Readonly<Record<string, string>>;
}

interface PlainError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly where?: string;
  readonly remedy?: string;
}

type Message =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly error: PlainError }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError };

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The contact graph of one generation, held by a thread of its own. Questions are answered one after the other; the
 * caller's event loop only ever carries the answer.
 */
export class Network {
  private readonly thread: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private closed = false;
  private retired = false;
  private ended: Error | undefined;

  private constructor(thread: Worker) {
    this.thread = thread;
  }

  /** Reads the graph. Throws WaymarkError 'engine' where the tables cannot be read. */
  static async open(source: NetworkSource, onProgress: OnProgress = () => {}): Promise<Network> {
    const thread = new Worker(new URL('./network-thread.ts', import.meta.url), { workerData: source });
    const network = new Network(thread);
    await new Promise<void>((resolve, reject) => {
      thread.on('message', (message: Message) => {
        if (message.kind === 'progress') onProgress(message.progress);
        else if (message.kind === 'ready') resolve();
        else if (message.kind === 'unusable') reject(errorOf(message.error));
        else network.settle(message);
      });
      thread.on('error', (error) => {
        reject(error);
        network.end(error as Error);
      });
      thread.on('exit', () => {
        const error = network.closed
          ? closedError()
          : new WaymarkError('engine', 'the thread that holds the contact graph ended', {
              remedy: 'Ask again: the graph is read anew.',
            });
        reject(error);
        network.end(error);
      });
    });
    return network;
  }

  /** Throws what the question throws; WaymarkError 'engine' where the thread ended. */
  ask<Asked extends Question>(question: Asked): Promise<Answers[Asked['kind']]> {
    if (this.ended) return Promise.reject(this.ended);
    if (this.closed || this.retired) return Promise.reject(closedError());
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.thread.postMessage({ id, question });
    });
  }

  /** Whether questions can still be asked. */
  get isOpen(): boolean {
    return this.ended === undefined && !this.closed && !this.retired;
  }

  /** Ends at once; who still waits gets an error. */
  close(): void {
    this.closed = true;
    void this.thread.terminate();
  }

  /** Takes no more questions, answers those it has, and ends. */
  retire(): void {
    this.retired = true;
    if (this.waiting.size === 0) this.close();
  }

  private settle(message: Extract<Message, { id: number }>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.result as never);
    else waiting?.reject(errorOf(message.error));
    if (this.retired && this.waiting.size === 0) this.close();
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

function closedError(): WaymarkError {
  return new WaymarkError('busy', 'the contact graph was closed', { remedy: 'Ask again.' });
}

function errorOf({ code, message, where, remedy }: PlainError): Error {
  return code === null ? new Error(message) : new WaymarkError(code, message, { where, remedy });
}
