import { type Command, Option } from 'commander';
import { childStates, urgencies } from '../../persons/decision-kinds.ts';
import type { Operation } from '../../store/operation.ts';
import {
  addChild,
  type ChildFilter,
  type ChildView,
  decideOnChild,
  showChild,
  showChildren,
} from '../../workbench/children.ts';
import { safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';
import { actOptions, byOf, markingText, oneOf, record } from './acts.ts';

/** The safeguarding list: children at risk, apart from the ranking of adults. */
export function addChildVerbs(program: Command): void {
  verb(program, 'children', 'children at risk, the most urgent first')
    .addOption(
      new Option('--state <state>', 'only these').choices(['all', 'open', ...childStates]).default('all'),
    )
    .option('--country <code>', 'two capital letters', '')
    .option('--limit <n>', 'how many', count, 200)
    .option('--offset <n>', 'how many to leave out first', count, 0)
    .action(withOperation(false, list));

  const child = program.command('child').description('one child at risk');
  verb(child, 'show', 'links, what is missing to act, every act')
    .argument('<case>')
    .action(withOperation(false, show));
  actOptions(verb(child, 'add', 'put a child on the list, or add a link to one that is on it'))
    .argument('<case>', 'case number; never a name or a description')
    .option('--country <code>', 'two capital letters')
    .option('--account <account>', 'of a person linked to the child')
    .addOption(new Option('--urgency <urgency>').choices([...urgencies]))
    .action(withOperation(false, add));
  actOptions(verb(child, 'state', 'record where a child stands'))
    .argument('<case>')
    .argument('<state>', childStates.join(', '))
    .requiredOption('--agency <name>', 'that acted')
    .option('--date <day>', 'when, as 2026-01-31')
    .action(withOperation(false, setState));
  actOptions(verb(child, 'urgency', 'record how urgent you hold it to be'))
    .argument('<case>')
    .argument('<urgency>', urgencies.join(', '))
    .action(withOperation(false, setUrgency));
  actOptions(verb(child, 'assign', 'record who owns the next step'))
    .argument('<case>')
    .argument('<owner>')
    .option('--agency <name>', 'of the owner')
    .option('--step <text>', 'the next step')
    .action(withOperation(false, assign));
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const { state, country, limit, offset } = options as unknown as ChildFilter;
  const view = await withGeneration(operation, (engine) =>
    showChildren(operation, engine, { state, country, limit, offset }),
  );
  print(options, view, () =>
    [
      `${view.total} children; ${Object.entries(view.states)
        .map(([name, number]) => `${number} ${name}`)
        .join(', ')}; ${view.unlinked} without a linked person`,
      table(
        ['case', 'country', 'state', 'urgency', 'linked', 'owner', 'missing'],
        view.children.map((each) => [
          each.case,
          each.country ?? '',
          each.state,
          urgencyText(each),
          linkedText(each),
          each.owner ?? '',
          each.missing.map((part) => part.split(':')[0]!).join(', '),
        ]),
        60,
      ),
      ...(view.more ? [`more: --offset ${offset + view.children.length}`] : []),
    ].join('\n'),
  );
}

function urgencyText({ urgency, proposed }: ChildView): string {
  return urgency ?? (proposed ? `${proposed.urgency} (proposed)` : 'not assessed');
}

function linkedText({ linked }: ChildView): string {
  const persons = new Map(linked.map((each) => [each.person ?? each.account, each]));
  return [...persons]
    .map(([key, { rank }]) => `${safeText(key)}${rank === null ? '' : ` rank ${rank}`}`)
    .join(', ');
}

async function show(operation: Operation, options: Options, caseNumber: string): Promise<undefined> {
  const child = await withGeneration(operation, (engine) => showChild(operation, engine, caseNumber));
  print(options, child, () =>
    [
      `${safeText(child.case)}: ${child.state}${child.agency ? ` (${safeText(child.agency)})` : ''}, country ${child.country ?? 'not stated'}`,
      `urgency: ${urgencyText(child)}${child.proposed ? `; proposed because ${safeText(child.proposed.reason)}` : ''}`,
      `next step: ${child.owner ? `${safeText(child.owner)}${child.next_step ? `: ${safeText(child.next_step)}` : ''}` : 'nobody owns it'}`,
      ...child.missing.map((part) => `missing: ${part}`),
      table(
        ['linked person', 'account', 'rank', 'basis', 'source'],
        child.linked.map((each) => [
          each.person ?? 'not in this generation',
          each.account,
          each.rank === null ? '' : `${each.rank} ${each.band}`,
          each.basis,
          each.pointer,
        ]),
      ),
      ...child.own_accounts.map((account) => `the child's own account: ${safeText(account)}`),
      table(
        ['decision', 'kind', 'decided', 'author', 'time', 'reason', 'details', 'marking'],
        child.history.map((each) => [
          String(each.sequence),
          each.kind,
          each.value,
          each.author,
          each.time,
          each.reason,
          each.details ?? '',
          markingText(each.marking),
        ]),
        60,
      ),
    ].join('\n'),
  );
}

async function add(operation: Operation, options: Options, caseNumber: string): Promise<undefined> {
  const { country, account, urgency } = options as Record<string, string | undefined>;
  const act = await withGeneration(operation, (engine) =>
    addChild(engine, {
      case: caseNumber,
      country,
      account,
      urgency: urgency === undefined ? undefined : oneOf(urgencies, urgency, 'urgency'),
    }),
  );
  return record(operation, options, () => act(operation, byOf(options)), '');
}

async function setState(
  operation: Operation,
  options: Options,
  caseNumber: string,
  given: string,
): Promise<undefined> {
  const value = oneOf(childStates, given, 'state of a child');
  const { agency, date } = options as Record<string, string | undefined>;
  const details = { agency, ...(date !== undefined && { date }) };
  const act = await withGeneration(operation, (engine) =>
    decideOnChild(operation, engine, caseNumber, { kind: 'child state', value, details }),
  );
  return record(operation, options, () => act(byOf(options)), '');
}

async function setUrgency(
  operation: Operation,
  options: Options,
  caseNumber: string,
  given: string,
): Promise<undefined> {
  const value = oneOf(urgencies, given, 'urgency');
  const act = await withGeneration(operation, (engine) =>
    decideOnChild(operation, engine, caseNumber, { kind: 'child urgency', value }),
  );
  return record(operation, options, () => act(byOf(options)), '');
}

async function assign(
  operation: Operation,
  options: Options,
  caseNumber: string,
  owner: string,
): Promise<undefined> {
  const { agency, step } = options as Record<string, string | undefined>;
  const details = { ...(agency !== undefined && { agency }), ...(step !== undefined && { step }) };
  const act = await withGeneration(operation, (engine) =>
    decideOnChild(operation, engine, caseNumber, { kind: 'child owner', value: owner, details }),
  );
  return record(operation, options, () => act(byOf(options)), '');
}
