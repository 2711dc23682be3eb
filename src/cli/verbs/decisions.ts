import type { Command } from 'commander';
import { gradedThings, type PolicyName, policies } from '../../persons/decision-kinds.ts';
import type { Operation } from '../../store/operation.ts';
import { decisionsInForce, policyOf } from '../../workbench/decided.ts';
import {
  assertKnown,
  grade,
  gradesInForce,
  listDecisions,
  recordFact,
  recordRisk,
  setPolicy,
} from '../../workbench/decisions.ts';
import { table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';
import { actOptions, byOf, markingText, oneOf, record, recordUndo } from './acts.ts';

/** Human acts: facts, results of accredited tools, grades, policy; all of them listed, and taken back. */
export function addDecisionVerbs(program: Command): void {
  actOptions(verb(program, 'fact', 'record a fact about an account that an officer answers for'))
    .argument('<account>')
    .argument('<fact>', '"access to children", "prior record", "child case" or other words')
    .action(withOperation(false, fact));
  actOptions(verb(program, 'risk', 'record the result of an accredited risk tool; Waymark computes none'))
    .argument('<account>')
    .requiredOption('--tool <name>', 'name of the tool')
    .requiredOption('--tool-version <version>', 'its version')
    .requiredOption('--result <result>', 'what it said, in its own words')
    .requiredOption('--assessor <name>', 'who ran it')
    .action(withOperation(false, risk));
  actOptions(verb(program, 'grade', 'grade an exhibit, a record or a decision'))
    .argument('<what>', gradedThings.join(', '))
    .argument('<id>', 'exhibit id, source pointer, number of a decision')
    .action(withOperation(false, gradeThing));

  const decisions = program.command('decisions').description('what humans decided');
  verb(decisions, 'list', 'decisions, latest first', { isDefault: true })
    .option('--kind <kind>', 'only this kind', '')
    .option('--limit <n>', 'how many', count, 50)
    .option('--offset <n>', 'how many to leave out first', count, 0)
    .action(withOperation(false, list));
  verb(decisions, 'undo', 'take a decision back; both stay on record')
    .argument('<number>', 'of the decision', count)
    .requiredOption('--reason <text>', 'why, in a sentence')
    .action(withOperation(false, undo));

  const policy = program.command('policy').description("the operation's own figures");
  verb(policy, 'show', 'figures in force', { isDefault: true }).action(withOperation(false, showPolicies));
  verb(policy, 'set', 'set a figure')
    .argument('<name>', Object.keys(policies).join(', '))
    .argument('<number>')
    .requiredOption('--reason <text>', 'why, in a sentence')
    .action(withOperation(false, set));
}

async function fact(
  operation: Operation,
  options: Options,
  account: string,
  words: string,
): Promise<undefined> {
  await withGeneration(operation, (engine) => assertKnown(engine, [account]));
  return record(
    operation,
    options,
    () => recordFact(operation, account, words, byOf(options)),
    'Run "build" for the queue that follows from it.',
  );
}

async function risk(operation: Operation, options: Options, account: string): Promise<undefined> {
  await withGeneration(operation, (engine) => assertKnown(engine, [account]));
  const { tool, toolVersion, result, assessor } = options as unknown as Record<string, string>;
  const assessment = { account, tool: tool!, version: toolVersion!, result: result!, assessor: assessor! };
  return record(
    operation,
    options,
    () => recordRisk(operation, assessment, byOf(options)),
    'It ranks nobody unless the rules in force name it. Run "build" to see it.',
  );
}

async function gradeThing(
  operation: Operation,
  options: Options,
  what: string,
  id: string,
): Promise<undefined> {
  const thing = oneOf(gradedThings, what, 'thing to grade');
  return record(operation, options, () => grade(operation, thing, id, byOf(options)), '');
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const { kind, limit, offset } = options as unknown as { kind: string; limit: number; offset: number };
  const view = listDecisions(operation, kind, limit, offset);
  const grades = gradesInForce(operation);
  print(options, view, () =>
    [
      `${view.total} decisions`,
      table(
        ['number', 'kind', 'about', 'decided', 'author', 'time', 'undone by', 'reason', 'marking'],
        view.decisions.map((each) => [
          String(each.sequence),
          each.kind,
          each.subject.join(', '),
          each.kind === 'rules' ? each.value.slice(0, 16) : each.value,
          each.author,
          each.time,
          each.undone === null ? '' : String(each.undone),
          each.reason,
          markingText(grades.get(`decision ${each.sequence}`) ?? each.marking),
        ]),
        60,
      ),
    ].join('\n'),
  );
}

async function undo(operation: Operation, options: Options, sequence: number): Promise<undefined> {
  return recordUndo(operation, options, sequence, 'Run "build" where it bore on links, ranks or rules.');
}

async function showPolicies(operation: Operation, options: Options): Promise<undefined> {
  const decisions = decisionsInForce(operation);
  const names = Object.keys(policies) as PolicyName[];
  const figures = Object.fromEntries(names.map((name) => [name, policyOf(decisions, name)]));
  print(options, { policies: figures }, () =>
    table(
      ['policy', 'figure'],
      names.map((name) => [name, String(figures[name])]),
    ),
  );
}

async function set(operation: Operation, options: Options, name: string, value: string): Promise<undefined> {
  const policy = oneOf(Object.keys(policies) as PolicyName[], name, 'policy');
  return record(operation, options, () => setPolicy(operation, policy, value, byOf(options)), '');
}
