import * as fs from 'node:fs';
import type { Command } from 'commander';
import { WaymarkError } from '../../base/errors.ts';
import type { Operation } from '../../store/operation.ts';
import { adoptPolicy, keepLonger, listDue, showPolicy } from '../../workbench/retention.ts';
import { policyDigest, readPolicy } from '../../workbench/retention-policy.ts';
import { table } from '../terminal.ts';
import { count, type Options, print, verb, withOperation } from '../verb.ts';

/** How long what is kept, and what is due for a human to look at. */
export function addRetentionVerbs(program: Command): void {
  const retention = program
    .command('retention')
    .description('how long what is kept, and what is due for review');
  verb(retention, 'show', 'the policy in force')
    .option('--text', 'as a file that can be edited and adopted')
    .action(withOperation(false, show));
  verb(retention, 'check', 'whether a file is a policy')
    .argument('<file>')
    .action(withOperation(false, checkFile));
  verb(retention, 'adopt', 'put a policy in force')
    .argument('<file>')
    .requiredOption('--reason <text>', 'why, and by whose decision')
    .action(withOperation(false, adopt));
  verb(retention, 'due', 'exhibits and persons that a human must look at, the longest overdue first')
    .option('--by <day>', 'due on this day or before (default today)')
    .option('--limit <n>', 'how many', count, 100)
    .action(withOperation(false, due));
  verb(retention, 'keep', 'record that something due was looked at and is kept until a later day')
    .argument('<exhibit|account>')
    .requiredOption('--until <day>', 'of the next review')
    .requiredOption('--reason <text>', 'why it must be kept')
    .action(withOperation(false, keep));
}

async function show(operation: Operation, options: Options): Promise<undefined> {
  const view = showPolicy(operation);
  print(options, view, () =>
    options.text
      ? view.text.trimEnd()
      : [
          `${view.policy.name}, version ${view.policy.version}${view.adopted ? '' : ' (an example: adopt your own)'}`,
          table(
            ['kind', 'category', 'years'],
            view.policy.rules.map(({ kind, category, years }) => [kind, category, String(years)]),
          ),
        ].join('\n'),
  );
}

async function checkFile(_: Operation, options: Options, file: string): Promise<undefined> {
  const policy = readPolicy(readText(file));
  const digest = policyDigest(policy);
  print(options, { policy, digest }, () => `${policy.name}, version ${policy.version}: ${digest}`);
}

async function adopt(operation: Operation, options: Options, file: string): Promise<undefined> {
  const view = await adoptPolicy(operation, readText(file), options.reason as string);
  print(options, view, () => `${view.policy.name}, version ${view.policy.version}, is in force.`);
}

async function due(operation: Operation, options: Options): Promise<undefined> {
  const by = (options.by as string | undefined) ?? new Date().toISOString().slice(0, 10);
  const limit = options.limit as number;
  const view = await listDue(operation, by);
  const shown = view.due.slice(0, limit);
  print(options, { ...view, due: shown, total: view.due.length }, () =>
    [
      `${view.due.length} due by ${view.by} (policy "${view.policy}", version ${view.version}), ${view.later} later.`,
      table(
        ['due', 'kind', 'what', 'category', 'since', 'years', 'put off by'],
        shown.map((each) => [
          each.due,
          each.kind,
          each.id,
          each.category,
          each.since,
          String(each.years),
          each.review ? `${each.review.author}: ${each.review.reason}` : '',
        ]),
      ),
      ...(view.due.length > shown.length ? [`and ${view.due.length - shown.length} more (--limit)`] : []),
      'Nothing is erased by a policy: "erase exhibit" or "retention keep", by a human.',
    ].join('\n'),
  );
}

async function keep(operation: Operation, options: Options, id: string): Promise<undefined> {
  const line = await keepLonger(operation, id, options.until as string, options.reason as string);
  print(options, line, () => `${line.kind} ${line.id} is kept; next review on ${line.due}.`);
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the file cannot be read', { where: file, cause });
  }
}
