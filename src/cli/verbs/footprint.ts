import { type Command, Option } from 'commander';
import type { Operation } from '../../store/operation.ts';
import {
  countHandOffs,
  type GivenView,
  type HandOffView,
  handOffsOfPerson,
  listHandOffs,
} from '../../workbench/hand-offs.ts';
import { draftOf, type Leads, listLeads } from '../../workbench/leads.ts';
import { safeText, table } from '../terminal.ts';
import { count, isoOf, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';

/** Where contacts went on, and whom that suggests to ask. */
export function addFootprintVerbs(program: Command): void {
  verb(
    program,
    'hand-offs',
    'contacts that moved to another channel, how each is known, and what speaks against it',
  )
    .argument('[person]', 'only those of this person, with every selector given in private')
    .option('--limit <n>', 'how many', count, 50)
    .action(withOperation(false, showHandOffs));
  verb(program, 'leads', 'what providers could be asked: drafts for a human, never sent')
    .argument('[person]', 'only those that concern this person')
    .option('--limit <n>', 'how many', count, 20)
    .addOption(
      new Option('--format <format>', 'a table, or drafts of requests')
        .choices(['table', 'text'])
        .default('table'),
    )
    .action(withOperation(false, showLeads));
}

async function showHandOffs(operation: Operation, options: Options, person?: string): Promise<undefined> {
  if (person !== undefined) {
    const view = await withGeneration(operation, (engine) => handOffsOfPerson(engine, person));
    print(options, view, () =>
      [
        storyOf(view.hand_offs),
        view.given.length === 0 ? 'No selector was given in private.' : givenText(view.given),
        ...(view.more ? ['More than 500 of either; the export "hand_offs" holds all.'] : []),
      ].join('\n\n'),
    );
    return;
  }
  const limit = options.limit as number;
  const { handOffs, counts } = await withGeneration(operation, async (engine) => ({
    handOffs: await listHandOffs(engine, '', limit, 0),
    counts: await countHandOffs(engine, ''),
  }));
  print(options, { hand_offs: handOffs, counts }, () => {
    const all = counts.firm + counts.likely + counts.possible;
    const head = `${counts.firm} firm, ${counts.likely} likely, ${counts.possible} possible${all > handOffs.length ? `; the first ${handOffs.length}` : ''}`;
    return `${head}\n\n${storyOf(handOffs)}`;
  });
}

/** Each hand-off as it happened, with every source. */
function storyOf(handOffs: readonly HandOffView[]): string {
  if (handOffs.length === 0) return 'No contact was seen to move to another channel.';
  return handOffs
    .map((each) =>
      storyLines(each)
        .map((line) => safeText(line))
        .join('\n'),
    )
    .join('\n\n');
}

function storyLines(each: HandOffView): string[] {
  const from = named(each.from_handle, each.from_account);
  const to = named(each.to_handle, each.to_account);
  const gave =
    each.style === 'silent'
      ? `${from} and ${to} stopped writing by ${each.from_channel}`
      : `${from} gave ${to} ${each.selector} (${each.style}: "${oneLine(each.raw ?? '')}")`;
  return [
    `${each.confidence}: ${each.from_channel} -> ${each.channel} (${each.service})  ${each.hand_off}`,
    `  ${gave}`,
    `  ${spanOf(each.delay_seconds)} the ${each.first_writer === 'taker' ? 'other' : 'giver'} wrote there as ${each.first_writer === 'taker' ? each.to_other_account : each.from_other_account}; ${each.messages} message(s) from then on`,
    ...each.chain.map(
      (step) =>
        `    ${isoOf(step.time) || step.time_text || 'no time'}  ${step.step}  ${step.account}  [${step.pointer}]`,
    ),
    ...each.reasons_for.map((reason) => `    for:     ${reason.text}${sources(reason.pointers)}`),
    ...each.reasons_against.map((reason) => `    against: ${reason.text}${sources(reason.pointers)}`),
  ];
}

function sources(pointers: readonly string[]): string {
  return pointers.length === 0 ? '' : `  [${pointers.join(' ')}]`;
}

function named(handle: string | null, account: string): string {
  return handle === null ? account : `${handle} (${account})`;
}

function oneLine(text: string): string {
  return text.replace(/\r?\n/g, ' / ');
}

function spanOf(seconds: number | null): string {
  if (seconds === null) return 'later';
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes later`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} hours later`
    : `${Math.round(seconds / 86_400)} days later`;
}

function givenText(given: readonly GivenView[]): string {
  return `selectors given in private:\n${table(
    ['time (UTC)', 'from', 'to', 'selector', 'written', 'meant', 'followed', 'sources'],
    given.map((each) => [
      isoOf(each.time) || (each.time_text ?? ''),
      each.from_handle ?? each.from_account,
      each.to_handle ?? each.to_account,
      each.selector,
      each.style,
      each.meant,
      each.followed ? 'yes' : 'no',
      each.pointers.join(' '),
    ]),
    70,
  )}`;
}

async function showLeads(operation: Operation, options: Options, person = ''): Promise<undefined> {
  const view = await withGeneration(operation, (engine) =>
    listLeads(engine, person, options.limit as number, 0),
  );
  print(options, view, () => (options.format === 'text' ? draftsText(view) : leadsText(view)));
}

function draftsText({ leads }: Leads): string {
  if (leads.length === 0) return 'There is nothing to ask.';
  const drafts = leads.map((lead) =>
    draftOf(lead)
      .split('\n')
      .map((line) => safeText(line))
      .join('\n'),
  );
  return drafts.join(`\n\n${'-'.repeat(72)}\n\n`);
}

function leadsText({ leads, total, left_out, cap, more }: Leads): string {
  if (leads.length === 0) return 'There is nothing to ask.';
  const rows = leads.map((lead) => [
    String(lead.rank),
    lead.queue_rank === null ? '' : String(lead.queue_rank),
    lead.provider ?? '(to be found)',
    lead.selector,
    String(lead.count),
    lead.cannot === null ? '' : 'cannot be asked',
    lead.persons.map(({ handles, person }) => handles[0] ?? person).join(', '),
  ]);
  return [
    table(['lead', 'queue', 'ask', 'about', 'places', '', 'persons'], rows, 48),
    `${total} leads in all${left_out > 0 ? `; ${left_out} beyond the cap of ${cap} were left out` : ''}${more ? '; more with --limit' : ''}. Drafts: --format text. None is ever sent.`,
  ].join('\n');
}
