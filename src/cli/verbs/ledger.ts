import * as fs from 'node:fs';
import type { Command } from 'commander';
import type { Operation } from '../../store/operation.ts';
import { checkLedger, listActs } from '../../workbench/ledger.ts';
import { exitCode, table } from '../terminal.ts';
import { count, type Options, print, verb, withOperation } from '../verb.ts';

/** The append-only log. */
export function addLedgerVerbs(program: Command): void {
  const ledger = program.command('ledger').description('the append-only log of every act');
  verb(ledger, 'check', 'recompute the whole ledger and compare every byte')
    .option('--checkpoint <file...>', 'checkpoints kept elsewhere that the ledger must extend')
    .action(withOperation(false, checkWholeLedger));
  verb(ledger, 'list', 'the latest acts')
    .option('--limit <n>', 'how many', count, 50)
    .action(withOperation(false, listLedger));
}

async function checkWholeLedger(operation: Operation, options: Options): Promise<number> {
  const kept = ((options.checkpoint as string[] | undefined) ?? []).map((file) =>
    fs.readFileSync(file, 'utf8'),
  );
  const result = await checkLedger(operation, kept);
  const view = { ...result, root: result.root?.toString('hex') ?? null };
  print(options, view, () =>
    result.ok
      ? `The ledger is whole: ${result.size} entries, root ${view.root}.`
      : `The ledger is NOT as it was signed (${result.problemCount} problems):\n${result.problems.map((p) => `  ${p.file}: ${p.what}${p.index === undefined ? '' : `, entry ${p.index}`}`).join('\n')}`,
  );
  return result.ok ? exitCode.done : exitCode.failed;
}

async function listLedger(operation: Operation, options: Options): Promise<undefined> {
  const acts = listActs(operation, options.limit as number);
  print(options, { acts }, () =>
    table(
      ['#', 'time', 'actor', 'act', 'what'],
      acts.map((act) => [String(act.index), act.time, act.actor, act.action, act.objects.join(' ')]),
    ),
  );
}
