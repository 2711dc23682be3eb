import { type Command, type CommandOptions, InvalidArgumentError, Option } from 'commander';
import { WaymarkError } from '../base/errors.ts';
import type { Engine } from '../store/engine.ts';
import { Operation } from '../store/operation.ts';
import { accountExists } from '../store/queries/views.ts';
import { openGeneration } from '../workbench/build.ts';
import { actorId } from './actor.ts';
import { enterVerb } from './log-in.ts';
import { exitCode, showProgress } from './terminal.ts';

/** What every verb is made of: its options, the operation it works on, and how it prints. */
export interface Options {
  readonly json?: boolean;
  readonly [name: string]: unknown;
}

/** A verb that works on an operation. */
export function verb(parent: Command, name: string, description: string, more: CommandOptions = {}): Command {
  return parent
    .command(name, more)
    .description(description)
    .exitOverride()
    .addOption(new Option('--operation <folder>', 'folder of the operation').default('operation'))
    .option('--json', 'print one JSON document and nothing else');
}

/** Opens the operation, runs, closes; the result decides the exit code. */
export function withOperation<Args extends unknown[]>(
  create: boolean,
  work: (operation: Operation, options: Options, ...args: Args) => Promise<number | undefined>,
): (...args: unknown[]) => Promise<void> {
  return async (...all) => {
    const options = all.at(-2) as Options;
    const opened = create ? Operation.open : Operation.openExisting;
    const operation = opened(options.operation as string, { actor: actorId() });
    try {
      const caller = await enterVerb(operation, pathOf(all.at(-1) as Command));
      const args = all.slice(0, -2) as Args;
      process.exitCode =
        (await operation.as(caller.name, () => work(operation, options, ...args))) ?? exitCode.done;
    } finally {
      operation.close();
    }
  };
}

/** The words by which a verb is called: 'exhibit add'. */
export function pathOf(command: Command): string {
  const words: string[] = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) words.unshift(each.name());
  return words.join(' ');
}

/** Runs work with the tables of the generation in force. Throws WaymarkError 'not-found' before the first build. */
export async function withGeneration<T>(
  operation: Operation,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openGeneration(operation);
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}

/** Throws WaymarkError 'not-found' for an account that the generation does not know. */
export async function assertAccount(engine: Engine, account: string): Promise<void> {
  const found = await engine.rows(accountExists, { account });
  if (found.length === 0) {
    throw new WaymarkError('not-found', `there is no account "${account}"`, {
      remedy: 'Accounts are written service/native id, as "persons" shows them.',
    });
  }
}

/** Prints the result as JSON or as text for people. */
export function print(options: Options, value: unknown, text: () => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
}

export async function withProgress<T>(
  work: (onProgress: ReturnType<typeof showProgress>['onProgress']) => Promise<T>,
): Promise<T> {
  const progress = showProgress();
  try {
    return await work(progress.onProgress);
  } finally {
    progress.end();
  }
}

/** An option's value as a whole number. */
export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

/** UTC microseconds as ISO 8601, or nothing. */
export function isoOf(micros: number | null): string {
  return micros === null ? '' : new Date(micros / 1000).toISOString();
}
