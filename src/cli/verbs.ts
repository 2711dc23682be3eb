import * as fs from 'node:fs';
import { Argument } from 'commander';
import { WaymarkError } from '../base/errors.ts';
import type { FaultKind } from '../exercise/faults.ts';
import { generateExercise } from '../exercise/generate.ts';
import { findExhibit, listExhibits } from '../intake/exhibits.ts';
import { decide } from '../persons/decisions.ts';
import { explainPair, explainPerson, type PairExplanation } from '../persons/explain.ts';
import { reviewList } from '../persons/review.ts';
import type { Operation } from '../store/operation.ts';
import { accountExists, type ExportTable, exportTables } from '../store/queries/views.ts';
import { build, openGeneration } from '../workbench/build.ts';
import { examineOperation } from '../workbench/doctor.ts';
import { evaluate } from '../workbench/evaluate.ts';
import { excludeExhibit } from '../workbench/exclude.ts';
import { writeExport } from '../workbench/export.ts';
import { addExhibits } from '../workbench/intake.ts';
import { checkLedger, listActs } from '../workbench/ledger.ts';
import { type ExhibitView, intakeView, type QueueEntry, readQueue, viewOf } from '../workbench/overview.ts';
import { listPersons, showPerson } from '../workbench/person.ts';
import { run } from '../workbench/run.ts';
import { scoreExercise } from '../workbench/score.ts';
import { showSource } from '../workbench/source.ts';
import { exitCode, safeText, showProgress, table } from './terminal.ts';

interface Options {
  readonly json?: boolean;
  readonly [name: string]: unknown;
}

/** Prints the result as JSON or as text for people. */
function print(options: Options, value: unknown, text: () => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
}

async function withProgress<T>(
  work: (onProgress: ReturnType<typeof showProgress>['onProgress']) => Promise<T>,
): Promise<T> {
  const progress = showProgress();
  try {
    return await work(progress.onProgress);
  } finally {
    progress.end();
  }
}

function custody(options: Options) {
  return {
    authority: (options.authority as string | undefined) ?? null,
    reference: (options.reference as string | undefined) ?? null,
  };
}

export async function runAll(operation: Operation, options: Options, start: string): Promise<number> {
  const result = await withProgress((onProgress) => run(operation, start, custody(options), onProgress));
  print(options, result, () =>
    [
      exhibitTable(result.exhibits),
      unreadText(result.unread),
      `${result.accounts} accounts, ${result.persons} persons, ${result.contacts} contacts; generation ${result.generation}`,
      queueText(result.queue),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return result.unread.length > 0 ? exitCode.unread : exitCode.done;
}

export async function addExhibit(operation: Operation, options: Options, start: string): Promise<number> {
  const refused = await withProgress((onProgress) =>
    addExhibits(operation, start, custody(options), onProgress),
  );
  const { exhibits, unread } = await intakeView(operation, null, refused);
  print(options, { exhibits, unread }, () =>
    [exhibitTable(exhibits), unreadText(unread)].filter((part) => part !== '').join('\n\n'),
  );
  return unread.length > 0 ? exitCode.unread : exitCode.done;
}

export async function listAllExhibits(operation: Operation, options: Options): Promise<undefined> {
  const exhibits = listExhibits(operation).map(viewOf);
  print(options, { exhibits }, () => exhibitTable(exhibits));
}

export async function showExhibit(operation: Operation, options: Options, id: string): Promise<undefined> {
  const view = viewOf(findExhibit(operation, id));
  print(options, view, () => {
    const facts = [
      ['exhibit', view.id],
      ['received as', view.paths.join(', ')],
      ['sha-256', view.sha256],
      ['bytes', String(view.bytes)],
      ['authority', view.authority ?? 'not stated'],
      ['reference', view.reference ?? 'not stated'],
      ['status', view.status],
      ['reader', view.reader ? `${view.reader} version ${view.readerVersion}` : 'none'],
      ['warnings', String(view.warnings)],
    ];
    const rows = view.rows.map(({ unit, rows, read, skipped }) => [
      unit,
      String(rows),
      String(read),
      Object.entries(skipped)
        .map(([reason, count]) => `${count} ${reason}`)
        .join('; '),
    ]);
    return `${table(['', ''], facts, 100).trimStart()}\n\n${table(['part', 'rows', 'read', 'skipped, and why'], rows, 100)}`;
  });
}

export async function exclude(operation: Operation, options: Options, id: string): Promise<undefined> {
  const result = await withProgress((onProgress) =>
    excludeExhibit(operation, id, options.reason as string, onProgress),
  );
  print(options, result, () =>
    [
      `Exhibit ${result.exhibit} is excluded; generation ${result.generation} stands without it.`,
      listText('links that fell', result.links.fell),
      listText('links that appeared', result.links.appeared),
      listText('persons that left the queue', result.queue.fell),
      listText('persons that entered the queue', result.queue.appeared),
      listText(
        'persons whose rank changed',
        result.queue.moved.map(({ person, from, to }) => `${person}: ${from} to ${to}`),
      ),
    ].join('\n'),
  );
}

export async function buildGeneration(operation: Operation, options: Options): Promise<undefined> {
  const generation = await withProgress((onProgress) => build(operation, onProgress));
  const { accounts, persons, contacts, queued } = generation.summary;
  print(
    options,
    generation,
    () =>
      `generation ${generation.id}: ${accounts} accounts, ${persons} persons, ${contacts} contacts, ${queued} in the queue`,
  );
}

export async function showQueue(operation: Operation, options: Options): Promise<undefined> {
  const queue = await withGeneration(operation, readQueue);
  print(options, { queue }, () => queueText(queue));
}

export async function listAllPersons(
  operation: Operation,
  options: Options,
  text?: string,
): Promise<undefined> {
  const persons = await withGeneration(operation, (engine) =>
    listPersons(engine, text ?? '', options.limit as number, 0),
  );
  print(options, { persons }, () =>
    table(
      ['person', 'rank', 'accounts', 'handles'],
      persons.map((each) => [
        each.person,
        each.rank === null ? '' : String(each.rank),
        String(each.accounts),
        each.handles.join(', '),
      ]),
    ),
  );
}

export async function showOnePerson(
  operation: Operation,
  options: Options,
  person: string,
): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showPerson(engine, person));
  print(options, view, () =>
    [
      `${view.person}${view.rank === null ? ', not in the queue' : `, rank ${view.rank}, band ${view.band}`}`,
      ...view.reasons.map((reason) => `  ${reason.text}  [${reason.pointer}]`),
      table(
        ['account', 'handle', 'created (UTC)', 'source'],
        view.accounts.map((a) => [a.account, a.handle ?? '', isoOf(a.time), a.pointer]),
      ),
      'links (investigative score in bits, not a likelihood ratio):',
      table(
        ['bits', 'pair', 'evidence'],
        view.links.map((l) => [
          l.bits.toFixed(1),
          `${l.handle_a ?? l.account_a} / ${l.handle_b ?? l.account_b}`,
          l.evidence.map((e) => e.text).join('; '),
        ]),
        90,
      ),
    ].join('\n'),
  );
}

export async function explain(
  operation: Operation,
  options: Options,
  first: string,
  second?: string,
): Promise<undefined> {
  if (second !== undefined) {
    const pair = await withGeneration(operation, (engine) => explainPair(engine, first, second));
    print(options, pair, () => pairText(pair));
    return;
  }
  const certificate = await withGeneration(operation, (engine) => explainPerson(engine, first));
  const { person, accounts, weakest, bridge, decisions, pairsWithoutEvidence, pairs, links } = certificate;
  print(options, certificate, () =>
    [
      `${person}: ${accounts.map(safeText).join(', ')}`,
      weakest === null
        ? 'one account'
        : `weakest cut: ${weakest.bits.toFixed(1)} bits over ${weakest.links} link${bridge ? ', which alone holds it together' : 's'}`,
      `${pairsWithoutEvidence} of ${pairs} pairs show nothing of one another; ${decisions.length} decisions in force`,
      ...links.map(pairText),
    ].join('\n\n'),
  );
}

function pairText(pair: PairExplanation): string {
  const bars = pair.bars.map((bar) => [
    bar.counted.toFixed(1),
    bar.group,
    bar.text,
    `${bar.accounts} of ${pair.population} accounts`,
    bar.pointers.join(' '),
  ]);
  return [
    `${safeText(pair.a)} / ${safeText(pair.b)}${pair.decision ? `: decided ${pair.decision}` : ''}`,
    bars.length > 0
      ? table(['bits', 'group', 'evidence', 'shared by', 'sources'], bars, 90)
      : 'nothing is known for or against',
    `sum ${pair.bits.toFixed(1)} bits; proposed from ${pair.threshold.toFixed(1)}. ${pair.standing.kind}: ${pair.standing.note}`,
    ...pair.ladder.map(
      (rung) =>
        `  ${rung.proposition} rather than ${rung.against}: ${rung.bits.toFixed(1)} bits, ${rung.words}`,
    ),
    pair.pivot
      ? `without "${safeText(pair.pivot.text)}": ${pair.pivot.from} becomes ${pair.pivot.to}`
      : 'no single removal changes the words',
  ].join('\n');
}

export async function review(operation: Operation, options: Options): Promise<undefined> {
  const pairs = await withGeneration(operation, (engine) => reviewList(engine, options.limit as number));
  print(options, { pairs }, () =>
    pairs.length === 0
      ? 'No pair shows anything in common.'
      : pairs
          .map(
            ({ a, b, shown }) =>
              `${safeText(a)} / ${safeText(b)}\n${shown.map(({ text, pointers }) => `    ${safeText(text)}  [${pointers.join(' ')}]`).join('\n')}`,
          )
          .join('\n'),
  );
}

export async function decideLink(
  operation: Operation,
  options: Options,
  a: string,
  b: string,
): Promise<undefined> {
  await withGeneration(operation, async (engine) => {
    for (const account of [a, b]) await assertAccount(engine, account);
  });
  await operation.exclusively(async () => {
    decide(operation, {
      kind: 'link',
      subject: [a, b],
      value: options.as as string,
      reason: options.reason as string,
      author: operation.actor,
      time: new Date().toISOString(),
    });
  });
  print(options, { recorded: true }, () => 'Recorded. Run "build" for the persons that follow from it.');
}

export async function recordFact(
  operation: Operation,
  options: Options,
  account: string,
  fact: string,
): Promise<undefined> {
  await withGeneration(operation, (engine) => assertAccount(engine, account));
  await operation.exclusively(async () => {
    decide(operation, {
      kind: 'fact',
      subject: [account],
      value: fact.trim().toLowerCase(),
      reason: options.reason as string,
      author: operation.actor,
      time: new Date().toISOString(),
    });
  });
  print(options, { recorded: true }, () => 'Recorded. Run "build" for the queue that follows from it.');
}

export async function evaluatePersons(operation: Operation, options: Options): Promise<undefined> {
  const result = await withGeneration(operation, (engine) => evaluate(engine, options.truth as string));
  print(options, result, () =>
    table(
      ['measure', 'value'],
      Object.entries(result).map(([name, value]) => [name, String(value)]),
    ),
  );
}

export const exportArgument = new Argument('<table>', 'what to export').choices(Object.keys(exportTables));

export async function exportTable(
  operation: Operation,
  options: Options,
  name: ExportTable,
): Promise<undefined> {
  const format = options.format as 'csv' | 'jsonl' | 'parquet';
  const out = options.out as string | undefined;
  if (format === 'parquet' && out === undefined && process.stdout.isTTY) {
    throw new WaymarkError('usage', 'Parquet is no text for a terminal', {
      remedy: 'Name a file with --out.',
    });
  }
  const target = out === undefined ? process.stdout : fs.createWriteStream(out);
  await withGeneration(operation, (engine) => writeExport(operation, engine, name, format, target));
  if (out !== undefined) await new Promise((resolve) => (target as fs.WriteStream).end(resolve));
}

export async function printSource(
  operation: Operation,
  options: Options,
  pointer: string,
): Promise<undefined> {
  const source = await showSource(operation, pointer);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ ...source, bytes: source.bytes.toString('base64') }, null, 2)}\n`,
    );
    return;
  }
  process.stdout.write(source.bytes);
  if (!source.whole) process.stderr.write(`cut after ${source.bytes.length} of ${source.length} bytes\n`);
}

export async function checkWholeLedger(operation: Operation, options: Options): Promise<number> {
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

export async function listLedger(operation: Operation, options: Options): Promise<undefined> {
  const acts = listActs(operation, options.limit as number);
  print(options, { acts }, () =>
    table(
      ['#', 'time', 'actor', 'act', 'what'],
      acts.map((act) => [String(act.index), act.time, act.actor, act.action, act.objects.join(' ')]),
    ),
  );
}

export async function writeExercise(folder: string, options: Options): Promise<undefined> {
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

export async function scoreOperation(operation: Operation, options: Options): Promise<undefined> {
  const score = await withGeneration(operation, (engine) => scoreExercise(engine, options.truth as string));
  print(options, score, () => {
    const { linking, contacts, queue, children } = score;
    const rows = [
      [
        'linking',
        `precision ${share(linking.precision)}, recall ${share(linking.recall)}, B-cubed ${share(linking.bCubedF1)}, ${linking.falseMerges} false merges`,
      ],
      [
        'contacts',
        `precision ${share(contacts.precision)}, recall ${share(contacts.recall)} of ${contacts.expected}`,
      ],
      ...queue.found.map(({ first, targets }) => [
        'targets',
        `${targets} of ${queue.targets} among the first ${first} of the queue`,
      ]),
      ['queue', `${queue.queued} persons, ${queue.falselyQueued} of them wrongly`],
      ...children.found.map(({ first, children: found }) => [
        'children',
        `${found} of ${children.expected} linked to the first ${first}`,
      ]),
    ];
    return table(['', ''], rows, 120).trimStart();
  });
}

function share(value: number): string {
  return value.toFixed(3);
}

export async function serveWorkbench(operation: Operation, options: Options): Promise<undefined> {
  const { serve } = await import('../http/serve.ts');
  const server = await serve(operation, { port: options.port as number });
  print(options, { url: server.url }, () => `The workbench is open at ${server.url}\nPress Ctrl-C to stop.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.close();
}

export async function examine(operation: Operation, options: Options): Promise<number> {
  const findings = await examineOperation(operation);
  print(options, { findings }, () =>
    table(
      ['', 'what', 'found'],
      findings.map((f) => [f.level, f.what, f.found]),
      120,
    ),
  );
  return findings.some((finding) => finding.level === 'bad') ? exitCode.failed : exitCode.done;
}

async function withGeneration<T>(
  operation: Operation,
  work: (engine: Awaited<ReturnType<typeof openGeneration>>) => Promise<T>,
): Promise<T> {
  const engine = await openGeneration(operation);
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}

async function assertAccount(
  engine: Awaited<ReturnType<typeof openGeneration>>,
  account: string,
): Promise<void> {
  const found = await engine.rows(accountExists, { account });
  if (found.length === 0) {
    throw new WaymarkError('not-found', `there is no account "${account}"`, {
      remedy: 'Accounts are written service/native id, as "persons" shows them.',
    });
  }
}

function exhibitTable(exhibits: readonly ExhibitView[]): string {
  return table(
    ['exhibit', 'received as', 'reader', 'records', 'warnings'],
    exhibits.map((each) => [
      each.id,
      each.path,
      each.reader ?? each.status,
      Object.entries(each.records)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
      String(each.warnings),
    ]),
    70,
  );
}

function unreadText(unread: readonly { path: string; reason: string }[]): string {
  if (unread.length === 0) return '';
  return `Not read (${unread.length}), kept in the vault:\n${unread.map(({ path, reason }) => `  ${safeText(path)}: ${safeText(reason)}`).join('\n')}`;
}

function queueText(queue: readonly QueueEntry[]): string {
  if (queue.length === 0) {
    return 'The queue is empty: no objective indicator was found. Add a hash list, or record facts with "fact".';
  }
  return `Queue (${queue.length}):\n${queue
    .map(
      (entry) =>
        `${String(entry.rank).padStart(4)}  ${entry.band}  ${entry.accounts.map(({ handle, account }) => safeText(handle ?? account)).join(', ')}  (${entry.person})\n${entry.reasons
          .map(
            (reason) =>
              `          ${safeText(reason.text)}  [${reason.pointer}]${reason.against ? `\n          against: ${safeText(reason.against.text)}` : ''}`,
          )
          .join('\n')}`,
    )
    .join('\n')}`;
}

function listText(heading: string, items: readonly string[]): string {
  return `${heading}: ${items.length === 0 ? 'none' : `\n${items.map((item) => `  ${safeText(item)}`).join('\n')}`}`;
}

function isoOf(micros: number | null): string {
  return micros === null ? '' : new Date(micros / 1000).toISOString();
}
