import type { Command } from 'commander';
import { decide } from '../../persons/decisions.ts';
import type { Operation } from '../../store/operation.ts';
import { type QueueEntry, readQueue } from '../../workbench/overview.ts';
import { safeText } from '../terminal.ts';
import { assertAccount, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';

/** Who comes first, and the facts that officers enter. */
export function addQueueVerbs(program: Command): void {
  verb(program, 'queue', 'who must be looked at first, and why').action(withOperation(false, showQueue));

  verb(program, 'fact', 'record a fact about an account that an officer answers for')
    .argument('<account>')
    .argument('<fact>', '"access to children", "prior record" or other words')
    .requiredOption('--reason <text>', 'reference or grounds')
    .action(withOperation(false, recordFact));
}

async function showQueue(operation: Operation, options: Options): Promise<undefined> {
  const queue = await withGeneration(operation, readQueue);
  print(options, { queue }, () => queueText(queue));
}

async function recordFact(
  operation: Operation,
  options: Options,
  account: string,
  fact: string,
): Promise<undefined> {
  await withGeneration(operation, (engine) => assertAccount(engine, account));
  await operation.exclusively(async () => {
    decide(operation, {
      kind: 'fact',
      subject: [account],
      value: fact.trim().toLowerCase(),
      reason: options.reason as string,
      author: operation.actor,
      time: new Date().toISOString(),
    });
  });
  print(options, { recorded: true }, () => 'Recorded. Run "build" for the queue that follows from it.');
}

export function queueText(queue: readonly QueueEntry[]): string {
  if (queue.length === 0) {
    return 'The queue is empty: no objective indicator was found. Add a hash list, or record facts with "fact".';
  }
  return `Queue (${queue.length}):\n${queue
    .map(
      (entry) =>
        `${String(entry.rank).padStart(4)}  ${entry.band}  ${entry.accounts.map(({ handle, account }) => safeText(handle ?? account)).join(', ')}  (${entry.person})\n${entry.reasons
          .map(
            (reason) =>
              `          ${safeText(reason.text)}  [${reason.pointer}]${reason.against ? `\n          against: ${safeText(reason.against.text)}` : ''}`,
          )
          .join('\n')}`,
    )
    .join('\n')}`;
}
