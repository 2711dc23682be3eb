import type { Command } from 'commander';
import { outcomeKinds } from '../../persons/decision-kinds.ts';
import type { Operation } from '../../store/operation.ts';
import { type CountryRow, type Figure, showBoard } from '../../workbench/board.ts';
import { listOutcomes, recordOutcome } from '../../workbench/outcomes.ts';
import { safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';
import { actOptions, byOf, oneOf, record, recordUndo } from './acts.ts';

/** What came of it: outcomes and the operation in numbers. */
export function addBoardVerbs(program: Command): void {
  verb(program, 'board', 'the operation in numbers, each with the decisions behind it').action(
    withOperation(false, board),
  );
  const outcome = program
    .command('outcome')
    .description('arrests, charges, convictions, referrals, children');
  verb(outcome, 'list', 'outcomes that stand', { isDefault: true }).action(withOperation(false, list));
  actOptions(verb(outcome, 'add', 'record an outcome'))
    .argument('<person>')
    .requiredOption('--kind <kind>', outcomeKinds.join(', '))
    .requiredOption('--country <code>', 'two capital letters')
    .requiredOption('--agency <name>', 'that acted')
    .requiredOption('--date <day>', 'when, as 2026-01-31')
    .option('--case <number>', 'of the child; needed with "child safeguarded"')
    .action(withOperation(false, add));
  verb(outcome, 'undo', 'take an outcome back')
    .argument('<number>', 'of the decision', count)
    .requiredOption('--reason <text>', 'why, in a sentence')
    .action(withOperation(false, undo));
}

async function board(operation: Operation, options: Options): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showBoard(operation, engine));
  print(options, view, () => {
    const { change, children, reviewed } = view;
    const rows: CountryRow[] = [...view.countries, { country: 'total', ...view.totals }];
    return [
      `${view.members} members, ${view.accounts} accounts, ${view.persons} persons in ${view.exhibits} exhibits (generation ${view.generation})`,
      `funnel: ${view.funnel.map(({ step, count: number }) => `${number} ${step}`).join(' > ')}`,
      table(
        ['country', 'likely', 'targets', 'arrests', 'charges', 'convictions', 'referrals', 'children'],
        rows.map((row) => [
          row.country || 'not stated',
          String(row.likely_targets),
          ...[row.targets, row.arrests, row.charges, row.convictions, row.referrals, row.children].map(
            figureText,
          ),
        ]),
      ),
      `children: ${children.listed} listed, ${children.indicated.count} indicated, ${children.located.count} located, ${children.referred.count} referred, ${children.safeguarded.count} safeguarded`,
      `reviewed: ${figureText(reviewed.reviewed)} of ${reviewed.of}; referred ${figureText(reviewed.referred)}, cleared ${figureText(reviewed.cleared)}, no action ${figureText(reviewed.noAction)}`,
      change === null
        ? 'there is no generation before this one'
        : `since ${change.before}: accounts ${signed(change.accounts)}, persons ${signed(change.persons)}, contacts ${signed(change.contacts)}, queue ${signed(change.queued)}; ${change.entered.length} entered, ${change.left.length} left, ${change.band.length} changed band`,
    ].join('\n');
  });
}

/** A number with the decisions behind it, the first few of them. */
function figureText({ count: number, decisions }: Figure): string {
  if (decisions.length === 0) return String(number);
  return `${number} [${decisions.slice(0, 5).join(' ')}${decisions.length > 5 ? ` and ${decisions.length - 5} more` : ''}]`;
}

function signed(number: number): string {
  return number > 0 ? `+${number}` : String(number);
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const outcomes = await withGeneration(operation, (engine) => listOutcomes(operation, engine));
  print(options, { outcomes }, () =>
    outcomes.length === 0
      ? 'No outcome is recorded.'
      : table(
          ['decision', 'kind', 'country', 'agency', 'date', 'case', 'persons', 'reason'],
          outcomes.map((each) => [
            String(each.sequence),
            each.kind,
            each.country,
            each.agency,
            each.date,
            each.case ?? '',
            each.persons.join(', '),
            safeText(each.reason),
          ]),
          60,
        ),
  );
}

async function add(operation: Operation, options: Options, person: string): Promise<undefined> {
  const { country, agency, date, case: caseNumber } = options as unknown as Record<string, string>;
  const kind = oneOf(outcomeKinds, options.kind as string, 'outcome');
  const act = await withGeneration(operation, (engine) =>
    recordOutcome(operation, engine, person, {
      kind,
      country: country!,
      agency: agency!,
      date: date!,
      case: caseNumber,
    }),
  );
  return record(operation, options, () => act(byOf(options)), '');
}

async function undo(operation: Operation, options: Options, sequence: number): Promise<undefined> {
  return recordUndo(operation, options, sequence, '');
}
