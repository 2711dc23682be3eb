import type { Command } from 'commander';
import type { FaultKind } from '../../exercise/faults.ts';
import { generateExercise } from '../../exercise/generate.ts';
import type { Operation } from '../../store/operation.ts';
import { scoreExercise } from '../../workbench/score.ts';
import { table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation, withProgress } from '../verb.ts';

/** Invented operations and how they were solved. */
export function addExerciseVerbs(program: Command): void {
  const exercise = program.command('exercise').description('invented operations with known answers');
  exercise
    .command('write', { isDefault: true })
    .description('write an invented operation in the real file formats, with its answers')
    .exitOverride()
    .argument('<folder>', 'empty or absent')
    .option('--members <n>', 'accounts on the board', count, 200)
    .option('--seed <seed>', 'the same seed gives the same bytes', '7')
    .option('--fault <kind...>', 'faults to plant; see docs/exercise.md')
    .option('--json', 'print one JSON document and nothing else')
    .action(writeExercise);
  verb(exercise, 'score', 'compare what was found with the answers')
    .requiredOption('--truth <folder>', 'the truth folder of the exercise')
    .action(withOperation(false, scoreOperation));
}

async function writeExercise(folder: string, options: Options): Promise<undefined> {
  const summary = await withProgress((onProgress) =>
    generateExercise(folder, {
      members: options.members as number,
      seed: options.seed as string,
      faults: (options.fault as FaultKind[] | undefined) ?? [],
      onProgress: (stage, done) => onProgress({ stage, done: Math.round(done * 1000), total: 1000 }),
    }),
  );
  print(options, summary, () =>
    table(
      ['', ''],
      Object.entries(summary).map(([name, value]) => [name, String(value)]),
    ).trimStart(),
  );
}

async function scoreOperation(operation: Operation, options: Options): Promise<undefined> {
  const score = await withGeneration(operation, (engine) =>
    scoreExercise(operation, engine, options.truth as string),
  );
  print(options, score, () => {
    const { linking, contacts, handOffs, queue, children, jurisdictions } = score;
    const rows = [
      [
        'linking',
        `precision ${share(linking.precision)}, recall ${share(linking.recall)}, B-cubed ${share(linking.bCubedF1)}, ${linking.falseMerges} false merges`,
      ],
      [
        'contacts',
        `precision ${share(contacts.precision)}, recall ${share(contacts.recall)} of ${contacts.expected}`,
      ],
      [
        'hand-offs',
        `precision ${share(handOffs.precision)} of ${handOffs.found}, recall ${share(handOffs.recall)} of ${handOffs.expected}, first message right in ${share(handOffs.firstMessage)}`,
      ],
      [
        '',
        `right by confidence: ${handOffs.byConfidence.map(({ confidence, right, found }) => `${confidence} ${right} of ${found}`).join(', ')}`,
      ],
      [
        '',
        `silent: ${handOffs.silent.right} of ${handOffs.silent.expected} found, and ${handOffs.silent.found - handOffs.silent.right} others taken for one`,
      ],
      [
        'selectors',
        `given in private: precision ${share(handOffs.givenPrecision)}; found: ${handOffs.given.map(({ style, found, expected }) => `${style} ${found} of ${expected}`).join(', ')}`,
      ],
      ...queue.found.map(({ first, targets, named }) => [
        'targets',
        `${targets} of ${queue.targets} among the first ${first} of the queue (${share(targets / Math.max(1, queue.targets))}), ${named} of them by their account on the board`,
      ]),
      [
        'targets',
        `${queue.missed} not in the queue, ${queue.notLinked} in it only by an account elsewhere that was not linked to the board`,
      ],
      ['queue', `${queue.queued} persons, ${queue.falselyQueued} of them wrongly`],
      [
        'children',
        `${children.listed} of ${children.expected} on the safeguarding list, ${children.linked} linked to the right person, ${children.others} others listed`,
      ],
      ...children.found.map(({ first, children: found }) => [
        'children',
        `${found} of ${children.expected} linked to the first ${first}`,
      ]),
      [
        'habits',
        `true offset within the range for ${jurisdictions.habits.within} of ${jurisdictions.habits.told} persons who are told one (${jurisdictions.habits.enough} have enough acts); ranges are ${jurisdictions.habits.medianHours} hours wide in the middle and claim ${share(jurisdictions.habits.claimed)}`,
      ],
      [
        'jurisdictions',
        `${share(jurisdictions.precision)} of those stated are right, ${share(jurisdictions.coverage)} of ${jurisdictions.persons} persons have one, right among the first three for ${share(jurisdictions.amongThree)}`,
      ],
    ];
    for (const { fault, planted, found, where, said, missed } of score.faults) {
      rows.push([fault, `${found} of ${planted} found; ${where}`], ...said.map((text) => ['', text]));
      rows.push(...missed.map((text) => ['', `not found: ${text}`]));
    }
    return table(['', ''], rows, 200).trimStart();
  });
}

function share(value: number): string {
  return value.toFixed(3);
}
