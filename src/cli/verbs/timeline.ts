import { type Command, Option } from 'commander';
import { formatMicros } from '../../base/time.ts';
import { offsetName } from '../../footprint/habits.ts';
import type { Operation } from '../../store/operation.ts';
import { type Bucket, bucketNames, type Split, splitNames } from '../../store/queries/timeline.ts';
import {
  type ClockSkewView,
  listClockSkew,
  listUntimed,
  showHabits,
  showHistogram,
  showTimeline,
  type TimelineEntry,
  type TimelineQuery,
  timelineTime,
} from '../../workbench/timeline.ts';
import { safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';

/** What happened when: one person's, several persons' or everybody's. */
export function addTimelineVerbs(program: Command): void {
  const timeline = program.command('timeline').description('what happened when, on all channels');
  filtered(
    verb(timeline, 'show', 'everything that persons did, received or had recorded about them, in order', {
      isDefault: true,
    }),
  )
    .argument('[person...]', 'persons; none for the whole operation')
    .option('--limit <n>', 'how many', count, 100)
    .option('--after <key>', 'go on behind an earlier page: its "next"')
    .action(withOperation(false, show));
  filtered(verb(timeline, 'untimed', 'what has no time that the exhibit fixes'))
    .argument('[person...]', 'persons; none for the whole operation')
    .option('--limit <n>', 'how many', count, 100)
    .option('--offset <n>', 'how many to pass over', count, 0)
    .action(withOperation(false, untimed));
  filtered(verb(timeline, 'histogram', 'how much happened when'))
    .argument('[person...]', 'persons; none for the whole operation')
    .addOption(new Option('--by <bucket>', 'size of the buckets').choices(bucketNames).default('week'))
    .addOption(new Option('--split <what>', 'count apart').choices(splitNames).default('kind'))
    .action(withOperation(false, histogram));
  verb(timeline, 'skew', 'how far the clocks of sources stand apart; evidence, never applied')
    .option('--all', 'also those that agree')
    .action(withOperation(false, skew));
  verb(timeline, 'habits', 'when a person is active, and what clock that fits; evidence, never fact')
    .argument('<person>')
    .action(withOperation(false, habits));
}

function filtered(command: Command): Command {
  return command
    .option('--from <time>', 'from this day or time (UTC), as 2019-01-31 or 2019-01-31T08:00:00Z')
    .option('--to <time>', 'before this day or time (UTC)')
    .option('--kind <kind...>', 'these kinds only: post, mail, login ...')
    .option('--exhibit <exhibit>', 'what stands in this exhibit only');
}

function queryOf(options: Options, persons: readonly string[]): TimelineQuery {
  const time = (name: string) => (options[name] === undefined ? null : timelineTime(options[name] as string));
  return {
    persons,
    from: time('from'),
    to: time('to'),
    kinds: (options.kind as string[] | undefined) ?? [],
    exhibit: (options.exhibit as string | undefined) ?? null,
  };
}

const head = ['time (UTC)', 'as written', 'zone', 'what', 'account', 'other side', 'source'];

function rowOf(entry: TimelineEntry): string[] {
  const { time, time_text, time_zone, kind, role, action, handle, account, other_account, pointer } = entry;
  const what = `${kind}${role === 'by' ? '' : role === 'to' ? ' received' : ' about'}`;
  return [
    time === null ? '' : formatMicros(time),
    time_text ?? '',
    time_zone ?? '',
    action === null || action === kind ? what : `${what} (${action})`,
    handle ?? account,
    other_account ?? '',
    pointer,
  ];
}

async function show(operation: Operation, options: Options, persons: string[]): Promise<undefined> {
  const page = await withGeneration(operation, (engine) =>
    showTimeline(
      engine,
      queryOf(options, persons),
      options.limit as number,
      (options.after as string | undefined) ?? null,
    ),
  );
  print(options, page, () =>
    [
      table(head, page.entries.map(rowOf)),
      `${page.untimed} without a time ("timeline untimed"); ${page.unattributed} events of no known account`,
      ...(page.next === null ? [] : [`more: --after ${page.next}`]),
    ].join('\n'),
  );
}

async function untimed(operation: Operation, options: Options, persons: string[]): Promise<undefined> {
  const list = await withGeneration(operation, (engine) =>
    listUntimed(engine, queryOf(options, persons), options.limit as number, options.offset as number),
  );
  print(options, list, () =>
    [table(head, list.entries.map(rowOf)), `${list.entries.length} of ${list.total} without a time`].join(
      '\n',
    ),
  );
}

const widest = 50;

async function histogram(operation: Operation, options: Options, persons: string[]): Promise<undefined> {
  const counts = await withGeneration(operation, (engine) =>
    showHistogram(engine, queryOf(options, persons), options.by as Bucket, options.split as Split),
  );
  print(options, counts, () => {
    const most = Math.max(1, ...counts.buckets.map(({ events }) => events));
    const start = (value: number) =>
      counts.by === 'hour-of-day'
        ? `${String(value).padStart(2, '0')}:00`
        : formatMicros(value).slice(0, counts.by === 'hour' ? 16 : 10);
    const rows = counts.buckets.map((bucket) => [
      start(bucket.start),
      bucket.name,
      String(bucket.events),
      '#'.repeat(Math.ceil((bucket.events / most) * widest)),
    ]);
    const rest = counts.left_out > 0 ? `; ${counts.left_out} buckets left out` : '';
    return `${table(['from (UTC)', counts.split, 'events', ''], rows)}\n${counts.total} with a time, ${counts.untimed} without${rest}`;
  });
}

async function skew(operation: Operation, options: Options): Promise<undefined> {
  const skews = await withGeneration(operation, listClockSkew);
  print(options, { skews }, () => {
    const shown = options.all ? skews : skews.filter(({ standing }) => standing !== 'agrees');
    const agreeing = skews.filter(({ standing }) => standing === 'agrees').length;
    const rows = shown.map((each) => [
      each.standing,
      each.standing === 'too few to say' ? '' : secondsText(each),
      `${each.exhibit}${each.path === '' ? '' : `/${each.path}`}`,
      each.reference,
      each.basis,
      each.from_time === null ? '' : formatMicros(each.from_time),
      each.to_time === null ? '' : formatMicros(each.to_time),
      `${each.agreeing} of ${each.pairs}`,
      each.samples[0] ? `${each.samples[0].source} ${each.samples[0].reference}` : '',
    ]);
    const names = [
      'standing',
      'clock',
      'source',
      'reference',
      'compared',
      'from',
      'to',
      'agreeing',
      'for example',
    ];
    return `${table(names, rows, 120)}\n${agreeing} agree. No time was changed.`;
  });
}

function secondsText({ median_seconds, spread_seconds }: ClockSkewView): string {
  const size = Math.abs(median_seconds);
  const way = median_seconds > 0 ? 'ahead' : median_seconds < 0 ? 'behind' : '';
  const isZone = size > 0 && size % 900 === 0 ? ', as a wrong zone would be' : '';
  return `${size} s ${way}${isZone} (spread ${spread_seconds} s)`;
}

async function habits(operation: Operation, options: Options, person: string): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showHabits(engine, person));
  print(options, view, () => {
    const most = Math.max(1, ...view.hours);
    const hours = view.hours.map((events, hour) => [
      `${String(hour).padStart(2, '0')}:00`,
      String(events),
      '#'.repeat(Math.ceil((events / most) * widest)),
    ]);
    const candidates = view.candidates.map(({ offset_minutes, rules, share }) => [
      offsetName(offset_minutes),
      rules,
      `${(share * 100).toFixed(1)} %`,
    ]);
    const gaps = view.longest_gaps.map(({ from_time, to_time, days, before, after }) => [
      days.toFixed(1),
      formatMicros(from_time),
      formatMicros(to_time),
      `${before} ${after}`,
    ]);
    return [
      `${safeText(view.person)}: ${view.events} own acts on ${view.days} days`,
      table(['hour (UTC)', 'acts', ''], hours),
      `${view.verdict === 'range' ? 'a clock that fits' : 'cannot tell the clock'}: ${view.why}. Evidence, never fact.`,
      ...(candidates.length > 0 ? [table(['clock in winter', 'summer time', 'share'], candidates)] : []),
      ...(gaps.length > 0 ? [table(['days without', 'from', 'to', 'sources'], gaps, 120)] : []),
    ].join('\n');
  });
}
