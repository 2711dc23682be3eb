import { type Command, Option } from 'commander';
import { type Marking, tlpLabels } from '../../access/grading.ts';
import { WaymarkError } from '../../base/errors.ts';
import type { Operation } from '../../store/operation.ts';
import type { By, MarkingView } from '../../workbench/decided.ts';
import { undoDecision } from '../../workbench/decisions.ts';
import { actionOfKind, decisionBehind } from '../../workbench/undoing.ts';
import { assertAlso } from '../log-in.ts';
import { safeText } from '../terminal.ts';
import { type Options, print } from '../verb.ts';

/** The options of every verb that records a human act. */
export function actOptions(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why, in a sentence')
    .option('--grade <grade>', 'how it is graded: "3x5x2 2BP" or "4x4 B2 H0"')
    .addOption(new Option('--tlp <label>', 'TLP 2.0').choices([...tlpLabels]))
    .option('--note <text>', 'conditions of handling');
}

/** Reason, time and marking from the options. */
export function byOf(options: Options): By {
  const { grade, tlp, note } = options as { grade?: string; tlp?: Marking['tlp']; note?: string };
  const marking: Marking = {
    ...(grade !== undefined && { grade }),
    ...(tlp !== undefined && { tlp }),
    ...(note !== undefined && { note }),
  };
  return { reason: options.reason as string, time: new Date().toISOString(), marking };
}

/** Records acts while nobody else changes the operation, and prints the number of the first. */
export async function record(
  operation: Operation,
  options: Options,
  act: () => number,
  then: string,
): Promise<undefined> {
  const sequence = await operation.exclusively(async () => act());
  print(options, { recorded: true, decision: sequence }, () => `Recorded as decision ${sequence}. ${then}`);
}

/** Takes a decision back: who may make it may do that. */
export function recordUndo(
  operation: Operation,
  options: Options,
  sequence: number,
  then: string,
): Promise<undefined> {
  const made = decisionBehind(operation, sequence);
  if (made) assertAlso(operation, actionOfKind[made.kind]);
  return record(operation, options, () => undoDecision(operation, sequence, byOf(options)), then);
}

/** A word of a closed list. Throws WaymarkError 'usage' naming the list. */
export function oneOf<T extends string>(words: readonly T[], given: string, what: string): T {
  const word = words.find((each) => each === given.trim().toLowerCase());
  if (word !== undefined) return word;
  throw new WaymarkError('usage', `"${given}" is no ${what}`, { remedy: `Use one of: ${words.join(', ')}.` });
}

export function markingText(marking: MarkingView | null): string {
  if (!marking) return '';
  const { grade, tlp, note } = marking;
  return [grade, tlp && `TLP:${tlp}`, note && safeText(note)].filter((part) => part).join(' ');
}
