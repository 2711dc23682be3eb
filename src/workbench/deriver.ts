import { type ChildProcess, fork } from 'node:child_process';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { errorOf, type ReportedFailure } from '../base/reported.ts';
import type { ManifestFile } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import type { DerivedTable, PartName } from '../store/queries/generation.ts';
import { derivingSources } from './deriving-sources.ts';
import type { Decided } from './parts.ts';

export type TableFile = readonly [table: DerivedTable, file: string];

/** One part to derive: from these files of the lake and of other parts, into these. All were found intact. */
export interface DeriveTask {
  readonly part: PartName;
  readonly lake: readonly ManifestFile[];
  readonly read: readonly TableFile[];
  readonly made: readonly TableFile[];
  readonly decided: Decided;
}

export type DeriveReport =
  | { readonly kind: 'done'; readonly memoryBytes: number }
  | { readonly kind: 'failed'; readonly failure: ReportedFailure };

/** A process that has grown beyond this is replaced before the next part: its memory is given back. */
const mostMemoryBytes = 512 * 1024 * 1024;

/**
 * Derives parts in a process of its own, so that whoever asks (a server among them) stays free to answer, and what
 * was needed in memory goes with it.
 */
export class Deriver {
  private readonly operation: Operation;
  private child: ChildProcess | undefined;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** Throws WaymarkError as the stages do, and 'engine' where the process ends early. */
  async derive(task: DeriveTask): Promise<void> {
    this.child ??= this.start();
    const report = await reportOf(this.child, task);
    if (report.kind === 'failed') throw errorOf(report.failure);
    if (report.memoryBytes > mostMemoryBytes) this.close();
  }

  close(): void {
    this.child?.kill();
    this.child = undefined;
  }

  private start(): ChildProcess {
    const child = fork(
      path.join(import.meta.dirname, 'derive-child.ts'),
      [this.operation.folder, this.operation.actor, derivingSources()],
      {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
      },
    );
    // One that has ended is not asked again.
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    return child;
  }
}

function reportOf(child: ChildProcess, task: DeriveTask): Promise<DeriveReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null) =>
      reject(
        new WaymarkError('engine', `deriving ended early (${signal ?? `exit ${code}`})`, {
          where: task.part,
          remedy: 'Nothing was changed. Build again: it goes on with this part.',
        }),
      );
    child.once('exit', ended);
    child.once('message', (report: DeriveReport) => {
      child.off('exit', ended);
      resolve(report);
    });
    child.send(task, (error) => {
      if (error) ended(child.exitCode, child.signalCode);
    });
  });
}
