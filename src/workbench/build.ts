import * as fs from 'node:fs';
import * as path from 'node:path';
import { syncFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { version } from '../base/version.ts';
import { countryTables } from '../footprint/place-countries.ts';
import { exhibitsToRead } from '../intake/exhibits.ts';
import { linkingConfiguration } from '../persons/configuration.ts';
import { accountCategories, listDecisions, standing, standingDecisions } from '../persons/decisions.ts';
import { schemeInForce } from '../priorities/schemes.ts';
import type { Engine } from '../store/engine.ts';
import { assertIntact, generationPath, intactLake, type Otherwise, openEngine } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import {
  type DerivedTable,
  derivedTables,
  generationCounts,
  type PartName,
  partInForce,
  partNames,
  partOf,
  tablesOf,
} from '../store/queries/generation.ts';
import { viewOfFile } from '../store/queries/network.ts';
import { hashFile } from '../store/vault.ts';
import { Deriver, type TableFile } from './deriver.ts';
import { derivingSources } from './deriving-sources.ts';
import { readPending } from './intake.ts';
import { type Decided, parts, withNeeded } from './parts.ts';
import { lakeInputs, openRecords } from './records.ts';

/**
 * One complete set of derived results: a pure function of its inputs. It is derived in parts; with the queue and
 * what the queue is made of it comes into force, and the other parts follow.
 */
export interface Generation {
  /** First 16 hex digits of the hash of the inputs. */
  readonly id: string;
  readonly summary: GenerationSummary;
}

export interface GenerationSummary {
  readonly accounts: number;
  readonly persons: number;
  readonly contacts: number;
  readonly queued: number;
}

/**
 * Reads what is still unread, then computes a generation from the exhibits, decisions, configuration and code
 * version. `onInForce` is told as soon as it is the current one, with the parts after the queue still to come; work
 * that is cut off goes on at the part where it was. What exists already is not computed again: a part whose inputs are
 * those of an earlier generation's is taken from there.
 */
export async function build(
  operation: Operation,
  onProgress: OnProgress,
  onInForce: (generation: Generation) => Promise<void> | void = () => {},
): Promise<Generation> {
  return operation.exclusively(async () => {
    await readPending(operation, onProgress);
    const inputs = inputsOf(operation);
    const work: Work = {
      operation,
      id: idOf(inputs),
      inputs,
      decided: decidedOf(operation),
      deriver: new Deriver(operation),
      onProgress,
    };
    try {
      return await complete(work, onInForce);
    } finally {
      work.deriver.close();
    }
  });
}

async function complete(
  work: Work,
  onInForce: (generation: Generation) => Promise<void> | void,
): Promise<Generation> {
  const { operation, id } = work;
  let generation = standingGeneration(operation, id);
  if (generation) {
    switchTo(operation, id);
    await onInForce(generation);
  }
  for (const name of partNames) {
    await completePart(work, name);
    if (name !== partInForce || generation) continue;
    generation = { id, summary: await countGeneration(operation, id) };
    recordInForce(work, generation);
    await onInForce(generation);
  }
  return generation!;
}

/** The id of the generation that a build would put in force now, and how many exhibits it would read first. */
export function nextGeneration(operation: Operation): { id: string; unread: number } {
  return { id: idOf(inputsOf(operation)), unread: exhibitsToRead(operation).length };
}

/**
 * Derives what a build would give if other exhibits stood, and writes chosen tables of it into a folder, one
 * `<table>.parquet` each. Nothing is recorded and nothing in force changes.
 */
export async function deriveAside(
  operation: Operation,
  otherwise: Otherwise,
  tables: readonly DerivedTable[],
  folder: string,
  onProgress: OnProgress,
): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const inFolder = (table: DerivedTable): TableFile => [table, path.join(folder, `${table}.parquet`)];
  const lake = await intactLake(operation, otherwise);
  const decided = decidedOf(operation);
  const needed = withNeeded(tables.map(partOf), partNames);
  const deriver = new Deriver(operation);
  try {
    for (const part of needed) {
      onProgress({ stage: parts[part].stage, done: 0, total: null });
      const read = parts[part].reads.flatMap(tablesOf).map(inFolder);
      await deriver.derive({ part, lake, read, made: tablesOf(part).map(inFolder), decided });
    }
  } finally {
    deriver.close();
  }
  for (const [table, file] of needed.flatMap(tablesOf).map(inFolder))
    if (!tables.includes(table)) fs.rmSync(file);
}

/** The id of the generation in force. Throws WaymarkError 'not-found' before the first build. */
export function currentGeneration(operation: Operation): string {
  const row = operation.state.one<{ value: string }>("select value from setting where name = 'generation'");
  if (row) return row.value;
  throw new WaymarkError('not-found', 'nothing has been built in this operation yet', {
    remedy: 'Run "build" first.',
  });
}

/** The generation in force and the parts of it that are still to come, in one text: changes with what can be asked. */
export function stateInForce(operation: Operation): string {
  const id = currentGeneration(operation);
  return [id, ...partsToCome(operation, id)].join(' ');
}

/** Parts of a generation that are not derived yet, in the order in which they will be. */
export function partsToCome(operation: Operation, id: string): PartName[] {
  const held = new Set(filesOf(operation, id).map(({ path: file }) => file));
  return partNames.filter((name) => tablesOf(name).some((table) => !held.has(generationPath(id, table))));
}

/**
 * The engine over the lake and the tables of the current generation. Asking for a table of a part that is still to
 * come throws WaymarkError 'not-derived'.
 */
export async function openGeneration(operation: Operation): Promise<Engine> {
  const id = currentGeneration(operation);
  const toCome = partsToCome(operation, id);
  const missing = toCome.find((name) => partNames.indexOf(name) <= partNames.indexOf(partInForce));
  if (missing !== undefined) {
    throw new WaymarkError(
      'not-found',
      `the generation in force was built by an earlier Waymark, without its part "${missing}"`,
      { remedy: 'Run "build" again.' },
    );
  }
  const absent = new Set(toCome.flatMap(tablesOf));
  const tables = derivedTables.filter((table) => !absent.has(table));
  const files = await intactFiles(operation, id, tables);
  const engine = await withTables(await openRecords(operation), files);
  engine.explainAbsent(
    absent,
    (table) =>
      new WaymarkError('not-derived', `this part of the generation is not derived yet: ${partOf(table)}`, {
        where: table,
        remedy:
          'It follows the queue while a build is at work. If none is, run "build": it goes on from here.',
      }),
  );
  return engine;
}

async function intactFiles(
  operation: Operation,
  id: string,
  tables: readonly DerivedTable[],
): Promise<TableFile[]> {
  const recorded = new Map(filesOf(operation, id).map(({ path: file, sha256 }) => [file, sha256]));
  const files: TableFile[] = [];
  for (const table of tables) {
    const stored = generationPath(id, table);
    await assertIntact(operation.path(stored), recorded.get(stored)!);
    files.push([table, operation.path(stored)]);
  }
  return files;
}

async function withTables(engine: Engine, files: readonly TableFile[]): Promise<Engine> {
  try {
    for (const [table, file] of files) await engine.run(viewOfFile(table, file));
  } catch (error) {
    engine.close();
    throw error;
  }
  return engine;
}

/** What is hashed to make a generation's id, as canonical JSON; kept with it. */
function inputsOf(operation: Operation): string {
  return canonicalJson({ ...codeAndLake(operation, {}), ...decidedInputs(operation) });
}

function idOf(inputs: string): string {
  return sha256Hex(inputs).slice(0, 16);
}

function codeAndLake(operation: Operation, otherwise: Otherwise) {
  return {
    waymark: version,
    // What the code does is part of the code version: changed code makes another generation.
    sources: derivingSources(),
    runtime: countryTables,
    lake: lakeInputs(operation, otherwise),
  };
}

function decidedInputs(operation: Operation) {
  const decisions = standing(listDecisions(operation));
  return {
    links: standingDecisions(decisions),
    facts: decisions
      .filter(({ kind }) => kind === 'fact')
      .map(({ sequence, subject, value, reason, author }) => ({ sequence, subject, value, reason, author })),
    risk: decisions
      .filter(({ kind }) => kind === 'risk assessment')
      .map(({ time: _, ...decision }) => decision),
    categories: [...accountCategories(decisions)].sort(([a], [b]) => (a < b ? -1 : 1)),
    childrenByCategory: decisions
      .filter(({ kind, value }) => kind === 'category' && value === 'victim')
      .map(({ sequence, subject, author }) => ({ sequence, subject, author })),
    linking: linkingConfiguration,
    rules: schemeInForce(decisions),
  };
}

function decidedOf(operation: Operation): Decided {
  const decisions = standing(listDecisions(operation));
  return { decisions, rules: schemeInForce(decisions) };
}

/** A build under way. */
interface Work {
  readonly operation: Operation;
  readonly id: string;
  readonly inputs: string;
  readonly decided: Decided;
  readonly deriver: Deriver;
  readonly onProgress: OnProgress;
}

interface GenerationFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

function filesOf(operation: Operation, id: string): GenerationFile[] {
  return operation.state.all<GenerationFile>(
    'select path, sha256, bytes from generation_file where generation = $id order by path',
    { id },
  );
}

/** Derives a part, or takes it from a generation for which it was derived from the same; nothing where it stands. */
async function completePart(work: Work, name: PartName): Promise<void> {
  const { operation, id } = work;
  const stands = operation.state.one(
    'select 1 from generation_part where generation = $id and part = $name',
    {
      id,
      name,
    },
  );
  if (stands) return;
  const inputs = partInputs(work, name);
  const same = operation.state.one<{ generation: string }>(
    'select generation from generation_part where part = $name and inputs = $inputs order by generation limit 1',
    { name, inputs },
  );
  const files = same ? await takeFrom(work, name, same.generation) : await deriveAnew(work, name);
  const from: Record<string, string> = same ? { from: same.generation } : {};
  const facts = { part: name, inputs, ...from, result: sha256Hex(canonicalJson(files)) };
  operation.record({ action: 'generation.part', objects: [id], facts }, () => {
    operation.state.run(
      'insert or ignore into generation (id, inputs, summary) values ($id, $inputs, $none)',
      {
        id,
        inputs: work.inputs,
        none: notInForce,
      },
    );
    for (const file of files) {
      operation.state.run(
        'insert into generation_file (generation, path, sha256, bytes) values ($id, $path, $sha256, $bytes)',
        { id, ...file },
      );
    }
    operation.state.run(
      'insert into generation_part (generation, part, inputs) values ($id, $name, $inputs)',
      {
        id,
        name,
        inputs,
      },
    );
  });
}

/** The hash of all that a part is made from: code, lake, the files of the parts it reads, what was decided. */
function partInputs({ operation, id, inputs }: Work, name: PartName): string {
  const { reads, decided } = parts[name];
  const { waymark, sources, runtime, lake, rules, ...decisions } = JSON.parse(inputs) as Record<
    string,
    unknown
  >;
  const recorded = new Map(filesOf(operation, id).map(({ path: file, sha256 }) => [file, sha256]));
  const read = reads.flatMap(tablesOf).map((table) => [table, recorded.get(generationPath(id, table))!]);
  const chosen = {
    ...(decided.includes('decisions') ? { decisions } : {}),
    ...(decided.includes('rules') ? { rules } : {}),
  };
  return sha256Hex(canonicalJson({ name, waymark, sources, runtime, lake, read, ...chosen } as never));
}

async function deriveAnew(work: Work, name: PartName): Promise<GenerationFile[]> {
  const { operation, id } = work;
  const temporary = operation.path('tmp', `generation-${id}-${name}`);
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  const fileOf = (table: DerivedTable) => path.join(temporary, `${table}.parquet`);
  work.onProgress({ stage: parts[name].stage, done: 0, total: null });
  await work.deriver.derive({
    part: name,
    lake: await intactLake(operation),
    read: await intactFiles(operation, id, parts[name].reads.flatMap(tablesOf)),
    made: tablesOf(name).map((table) => [table, fileOf(table)]),
    decided: work.decided,
  });
  const made = await putInPlace(operation, id, name, (table, target) => {
    fs.renameSync(fileOf(table), target);
  });
  fs.rmSync(temporary, { recursive: true, force: true });
  return made;
}

/** An equal part is the same bytes: the files are shared where the disk can, and copied where it cannot. */
async function takeFrom({ operation, id }: Work, name: PartName, from: string): Promise<GenerationFile[]> {
  const files = new Map(await intactFiles(operation, from, tablesOf(name)));
  return putInPlace(operation, id, name, (table, target) => {
    fs.rmSync(target, { force: true });
    try {
      fs.linkSync(files.get(table)!, target);
    } catch {
      fs.copyFileSync(files.get(table)!, target);
    }
  });
}

async function putInPlace(
  operation: Operation,
  id: string,
  name: PartName,
  place: (table: DerivedTable, target: string) => void,
): Promise<GenerationFile[]> {
  const folder = operation.path('generations', id);
  fs.mkdirSync(folder, { recursive: true });
  const files: GenerationFile[] = [];
  for (const table of tablesOf(name)) {
    const stored = generationPath(id, table);
    place(table, operation.path(stored));
    const fd = fs.openSync(operation.path(stored), 'r+');
    try {
      fs.fsyncSync(fd);
      files.push({ path: stored, sha256: await hashFile(fd), bytes: fs.fstatSync(fd).size });
    } finally {
      fs.closeSync(fd);
    }
  }
  syncFolder(folder);
  syncFolder(operation.path('generations'));
  return files;
}

async function countGeneration(operation: Operation, id: string): Promise<GenerationSummary> {
  const files = await intactFiles(operation, id, ['known_account', 'person', 'contact', 'queue']);
  const engine = await withTables(await openEngine(operation), files);
  try {
    return (await engine.rows<GenerationSummary>(generationCounts))[0]!;
  } finally {
    engine.close();
  }
}

/** Stands for the summary of a generation that has never been in force. */
const notInForce = '';

function standingGeneration(operation: Operation, id: string): Generation | undefined {
  const row = operation.state.one<{ summary: string }>('select summary from generation where id = $id', {
    id,
  });
  if (!row || row.summary === notInForce) return undefined;
  return { id, summary: JSON.parse(row.summary) as GenerationSummary };
}

function recordInForce({ operation, id, inputs }: Work, { summary }: Generation): void {
  const result = sha256Hex(canonicalJson(filesOf(operation, id)));
  const facts = { inputs: sha256Hex(inputs), ...summary, result };
  operation.record({ action: 'generation.build', objects: [id], facts }, () => {
    operation.state.run('update generation set summary = $summary where id = $id', {
      id,
      summary: canonicalJson(summary),
    });
    putInForce(operation, id);
  });
}

/** Remembers which generation was in force before, so that what changed can be shown. */
function putInForce(operation: Operation, id: string): void {
  operation.state.run(
    "insert or replace into setting (name, value) select 'generation before', value from setting where name = 'generation' and value <> $id",
    { id },
  );
  operation.state.run("insert or replace into setting (name, value) values ('generation', $id)", { id });
}

function switchTo(operation: Operation, id: string): void {
  const current = operation.state.one<{ value: string }>(
    "select value from setting where name = 'generation'",
  );
  if (current?.value === id) return;
  operation.record({ action: 'generation.switch', objects: [id], facts: {} }, () => {
    putInForce(operation, id);
  });
}
