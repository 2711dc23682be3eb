import { type Command, Option } from 'commander';
import type { Operation } from '../../store/operation.ts';
import {
  type AccountabilityReport,
  accountabilityReport,
  accountCsv,
  accountLines,
  type Span,
} from '../../workbench/accountability.ts';
import {
  type DisclosureSchedule,
  disclosureSchedule,
  type SchedulePart,
  scheduleCsv,
  scheduleParts,
} from '../../workbench/disclosure.ts';
import { generationInForce } from '../../workbench/overview.ts';
import { exitCode, safeText, table } from '../terminal.ts';
import { type Options, verb, withGeneration, withOperation } from '../verb.ts';

/** What inspectors and courts ask for. */
export function addReportVerbs(program: Command): void {
  const report = program.command('report').description('for inspectors');
  verb(report, 'accountability', 'who did what, when, why and for whom, from the ledger')
    .option('--from <time>', 'day or UTC time, included')
    .option('--to <time>', 'day or UTC time, excluded')
    .addOption(new Option('--format <format>', 'of the report').choices(['text', 'csv']).default('text'))
    .action(withOperation(false, accountability));
  const disclosure = program.command('disclosure').description('for disclosure officers');
  verb(disclosure, 'schedule', 'unused material, terms searched for, what was not reviewed')
    .addOption(new Option('--format <format>', 'of the schedule').choices(['text', 'csv']).default('text'))
    .addOption(
      new Option('--part <part>', 'of the schedule, for CSV').choices([...scheduleParts]).default('items'),
    )
    .action(withOperation(false, schedule));
}

async function accountability(operation: Operation, options: Options): Promise<number> {
  const span: Span = {
    from: (options.from as string | undefined) ?? null,
    to: (options.to as string | undefined) ?? null,
  };
  if (options.format === 'csv' && !options.json) {
    for (const piece of accountCsv(operation, span)) process.stdout.write(piece);
    return exitCode.done;
  }
  const head = await accountabilityReport(operation, span);
  if (options.json) {
    // Line by line: a ledger may be longer than one text can be.
    process.stdout.write(`${JSON.stringify(head).slice(0, -1)},"acts":[`);
    let comma = '';
    for (const line of accountLines(operation, span)) {
      process.stdout.write(`${comma}\n${JSON.stringify(line)}`);
      comma = ',';
    }
    process.stdout.write(']}\n');
  } else {
    process.stdout.write(`${headText(head)}\n`);
    for (const line of accountLines(operation, span)) {
      const told = [
        line.justification,
        line.recipients.length > 0 ? `to ${line.recipients.join(', ')}` : null,
      ];
      const words = told.filter((each) => each !== null).map(safeText);
      process.stdout.write(
        `${line.index}  ${line.time}  ${line.processing}  ${line.action}  ${line.actor}  ${line.objects.join(' ')}${words.length > 0 ? `  "${words.join('; ')}"` : ''}${line.note === 'changed' ? '  WORDS CHANGED' : line.note === 'erased' ? '  (words erased)' : ''}\n`,
      );
    }
  }
  return head.changed === 0 ? exitCode.done : exitCode.failed;
}

function headText(head: AccountabilityReport): string {
  const { cosigned, stamped } = head.vouchers;
  return [
    `Accountability report of ${head.origin}`,
    `Acts ${head.from ?? 'from the beginning'} to ${head.to ?? 'now'}: ${head.reported} of ${head.entries} entries, root ${head.root}`,
    table(
      ['processing', 'acts'],
      Object.entries(head.counts).map(([name, count]) => [name, String(count)]),
    ),
    `Consultations and disclosures without a stated justification: ${head.unjustified}`,
    `Words that differ from what the ledger holds of them: ${head.changed}`,
    `Seen by others: ${cosigned.length} cosignatures, ${stamped.length} time stamps ("ledger check" lists them)`,
    '',
  ].join('\n');
}

async function schedule(operation: Operation, options: Options): Promise<undefined> {
  const time = new Date().toISOString();
  const made =
    generationInForce(operation) === null
      ? await disclosureSchedule(operation, null, time)
      : await withGeneration(operation, (engine) => disclosureSchedule(operation, engine, time));
  if (options.json) process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
  else if (options.format === 'csv') process.stdout.write(scheduleCsv(made, options.part as SchedulePart));
  else process.stdout.write(`${scheduleText(made)}\n`);
}

function scheduleText(made: DisclosureSchedule): string {
  const unused = made.items.filter(({ used }) => !used);
  const used = made.items.filter((each) => each.used);
  const items = (list: DisclosureSchedule['items']) =>
    list.map(
      (each) =>
        `${each.item}. ${safeText(each.description)}\n   exhibit ${each.exhibit}, authority ${safeText(each.authority ?? 'not stated')}${each.marking ? `, marked ${safeText(each.marking)}: consider MG6D` : ''}${each.packages.length > 0 ? `, relied on in ${each.packages.join(', ')}` : ''}`,
    );
  return [
    `DISCLOSURE SCHEDULE, made ${made.made}`,
    'Whether an item is sensitive (MG6D) and whether it meets the test (MG6E) is for a human to decide.',
    '',
    `UNUSED MATERIAL (${unused.length} of ${made.items.length} items)`,
    ...items(unused),
    '',
    `RELIED ON IN PACKAGES (${used.length})`,
    ...items(used),
    '',
    `TERMS SEARCHED FOR (${made.searches.length})`,
    ...made.searches.map(
      (each) =>
        `${each.sequence}. ${each.time} ${each.author}, ${each.kind}: ${safeText(each.query)} (${each.hits} hits)`,
    ),
    '',
    'NOT REVIEWED',
    ...made.notReviewed.map(
      (each) =>
        `${each.item === null ? '' : `item ${each.item}: `}${each.count} ${each.what} (${safeText(each.why)})`,
    ),
    '',
    'SPEAKS FOR SOMEBODY',
    ...made.exculpatory.map((each) => `${each.count} ${each.what}`),
  ].join('\n');
}
