import type { Command } from 'commander';
import type { Operation } from '../../store/operation.ts';
import {
  listJurisdictions,
  listPersonsByCountry,
  type PlaceReason,
  showPlace,
} from '../../workbench/place.ts';
import { safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';

/** Where persons probably are, with the evidence for and against. After the verbs of persons. */
export function addPlaceVerbs(program: Command): void {
  const persons = program.commands.find((command) => command.name() === 'persons');
  verb(persons ?? program, 'place', 'the countries that evidence names for a person, for and against')
    .argument('<person>')
    .action(withOperation(false, place));
  verb(program, 'jurisdictions', 'persons by likely country, and those of whom none is known')
    .argument('[country]', 'two letters, or "unknown": the persons themselves')
    .option('--limit <n>', 'how many persons', count, 100)
    .option('--offset <n>', 'how many to pass over', count, 0)
    .action(withOperation(false, jurisdictions));
}

async function place(operation: Operation, options: Options, person: string): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showPlace(engine, person));
  print(options, view, () =>
    [
      view.standing === 'likely'
        ? `${safeText(view.person)}: likely ${view.candidates[0]!.name} (${view.why}). A proposal, not a fact.`
        : `${safeText(view.person)}: not known: ${view.why}`,
      ...view.candidates.flatMap(({ standing, name, score, share, for: speaking, against }) => [
        `${standing}. ${name}: ${score.toFixed(1)} points, ${Math.round(share * 100)} %`,
        ...speaking.map((reason) => `    + ${reasonText(reason)}`),
        ...against.slice(0, 3).map((reason) => `    - ${reasonText(reason)}`),
        ...(against.length > 3 ? [`    - and ${against.length - 3} more for other countries`] : []),
      ]),
      ...silent(view.evidence),
      ...(view.left_out > 0 ? [`${view.left_out} pieces of evidence left out`] : []),
    ].join('\n'),
  );
}

/** Evidence that counts nothing, and why. */
function silent(evidence: readonly PlaceReason[]): string[] {
  const rows = evidence.filter(({ country, score }) => country === null || score <= 0);
  return rows.length === 0 ? [] : ['counts nothing:', ...rows.map((reason) => `    ${reasonText(reason)}`)];
}

function reasonText({ score, text, against, pointers }: PlaceReason): string {
  const but = against.length > 0 ? `; but ${against.map(safeText).join('; ')}` : '';
  return `${score.toFixed(1)}  ${safeText(text)}${but}  [${pointers.map(safeText).join(' ')}]`;
}

async function jurisdictions(operation: Operation, options: Options, country?: string): Promise<undefined> {
  if (country === undefined) {
    const view = await withGeneration(operation, listJurisdictions);
    print(options, view, () =>
      table(
        ['country', '', 'persons', 'in the queue'],
        [
          ...view.countries.map((each) => [
            each.country,
            each.name,
            String(each.persons),
            String(each.queued),
          ]),
          ['', 'not known', String(view.not_known), String(view.not_known_queued)],
        ],
      ),
    );
    return;
  }
  const list = await withGeneration(operation, (engine) =>
    listPersonsByCountry(engine, country, options.limit as number, options.offset as number),
  );
  print(options, list, () =>
    [
      table(
        ['person', 'rank', 'handles', 'first', 'share', 'second', 'share'],
        list.persons.map((each) => [
          each.person,
          each.rank === null ? '' : String(each.rank),
          each.handles.join(', '),
          each.country ?? '',
          `${Math.round(each.share * 100)} %`,
          each.second ?? '',
          each.second === null ? '' : `${Math.round(each.second_share * 100)} %`,
        ]),
      ),
      ...(list.more ? ['there are more: --offset'] : []),
    ].join('\n'),
  );
}
