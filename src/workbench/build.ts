import * as fs from 'node:fs';
import * as path from 'node:path';
import { syncFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { version } from '../base/version.ts';
import { lakeSchema } from '../evidence/lake-schema.ts';
import { clockSkewConfiguration, compareClocks } from '../footprint/clock-skew.ts';
import { makeFootprint } from '../footprint/contacts.ts';
import { makeGivenSelectors } from '../footprint/given/given-table.ts';
import { givenConfiguration } from '../footprint/given/words.ts';
import { habitsConfiguration } from '../footprint/habits.ts';
import { makeHandOffs } from '../footprint/hand-offs.ts';
import { jurisdictionConfiguration, placePersons } from '../footprint/jurisdiction.ts';
import { makeLeads } from '../footprint/leads.ts';
import { countryTables } from '../footprint/place-countries.ts';
import { makeTimeline } from '../footprint/timeline.ts';
import { linkingConfiguration } from '../persons/configuration.ts';
import { accountCategories, listDecisions, standing, standingDecisions } from '../persons/decisions.ts';
import { linkPersons } from '../persons/link.ts';
import { listChildrenAtRisk } from '../priorities/children.ts';
import { rankQueue } from '../priorities/queue.ts';
import { schemeInForce } from '../priorities/schemes.ts';
import type { Engine } from '../store/engine.ts';
import { assertIntact, generationPath, lakeFiles, openLake } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import * as accountStatements from '../store/queries/accounts.ts';
import * as childStatements from '../store/queries/children.ts';
import * as clockSkewStatements from '../store/queries/clock-skew.ts';
import * as fileStatements from '../store/queries/files.ts';
import { copyTable, derivedTables } from '../store/queries/generation.ts';
import * as handOffStatements from '../store/queries/hand-offs.ts';
import * as linkingStatements from '../store/queries/linking.ts';
import { makeContactDays } from '../store/queries/network.ts';
import * as placeStatements from '../store/queries/place.ts';
import * as priorityStatements from '../store/queries/priorities.ts';
import * as timelineStatements from '../store/queries/timeline.ts';
import { hashFile } from '../store/vault.ts';
import { readPending } from './intake.ts';

/** One complete set of derived results: a pure function of its inputs. */
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
 * version, and makes it the current one. Where that generation exists already, nothing is computed.
 */
export async function build(operation: Operation, onProgress: OnProgress): Promise<Generation> {
  return operation.exclusively(async () => {
    await readPending(operation, onProgress);
    const inputs = inputsOf(operation);
    const id = sha256Hex(inputs).slice(0, 16);
    const known = operation.state.one<{ summary: string }>('select summary from generation where id = $id', {
      id,
    });
    if (known) {
      switchTo(operation, id);
      return { id, summary: JSON.parse(known.summary) as GenerationSummary };
    }
    const engine = await openLake(operation, lakeSchema);
    try {
      const summary = await derive(operation, engine, onProgress);
      const files = await write(operation, engine, id, onProgress);
      record(operation, id, inputs, summary, files);
      return { id, summary };
    } finally {
      engine.close();
    }
  });
}

/** The id of the generation in force. Throws WaymarkError 'not-found' before the first build. */
export function currentGeneration(operation: Operation): string {
  const row = operation.state.one<{ value: string }>("select value from setting where name = 'generation'");
  if (row) return row.value;
  throw new WaymarkError('not-found', 'nothing has been built in this operation yet', {
    remedy: 'Run "build" first.',
  });
}

/** The engine over the lake and the tables of the current generation. */
export async function openGeneration(operation: Operation): Promise<Engine> {
  const id = currentGeneration(operation);
  const files = operation.state.all<{ path: string; sha256: string }>(
    'select path, sha256 from generation_file where generation = $id order by path',
    { id },
  );
  const missing = derivedTables.find(
    (table) => !files.some(({ path }) => path === generationPath(id, table)),
  );
  if (missing !== undefined) {
    throw new WaymarkError(
      'not-found',
      `the generation in force was built by an earlier Waymark, without "${missing}"`,
      {
        remedy: 'Run "build" again.',
      },
    );
  }
  for (const file of files) await assertIntact(operation.path(file.path), file.sha256);
  const engine = await openLake(operation, lakeSchema);
  try {
    for (const table of derivedTables) {
      const file = operation.path(generationPath(id, table)).replaceAll("'", "''");
      await engine.run(`create view ${table} as select * from read_parquet('${file}')`);
    }
  } catch (error) {
    engine.close();
    throw error;
  }
  return engine;
}

/** What the statements do is part of the code version: a changed one makes another generation. */
const statements = sha256Hex(
  JSON.stringify([
    clockSkewStatements,
    placeStatements,
    timelineStatements,
    accountStatements,
    childStatements,
    fileStatements,
    handOffStatements,
    linkingStatements,
    priorityStatements,
    makeContactDays,
    derivedTables,
  ]),
);

function inputsOf(operation: Operation): string {
  const decisions = standing(listDecisions(operation));
  return canonicalJson({
    waymark: version,
    statements,
    lake: lakeFiles(operation).map(({ path: file, sha256 }) => [file, sha256]),
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
    clocks: clockSkewConfiguration,
    habits: habitsConfiguration,
    place: { ...jurisdictionConfiguration, tables: countryTables },
    given: givenConfiguration,
    rules: schemeInForce(decisions),
  });
}

async function derive(
  operation: Operation,
  engine: Engine,
  onProgress: OnProgress,
): Promise<GenerationSummary> {
  const stage = (name: string) => onProgress({ stage: name, done: 0, total: null });
  const decisions = standing(listDecisions(operation));
  stage('collecting accounts and contacts');
  const { accounts, contacts } = await makeFootprint(engine);
  stage('linking accounts to persons');
  const persons = await linkPersons(engine, decisions);
  stage('finding hand-offs');
  await makeGivenSelectors(engine);
  await makeHandOffs(engine);
  stage('ordering the timeline');
  await makeTimeline(engine);
  stage('comparing clocks');
  await compareClocks(engine);
  stage('placing persons');
  await placePersons(engine);
  stage('ranking');
  const queued = await rankQueue(engine, decisions, schemeInForce(decisions));
  await listChildrenAtRisk(engine, decisions);
  await makeLeads(engine);
  return { accounts, persons, contacts, queued };
}

interface GenerationFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

async function write(
  operation: Operation,
  engine: Engine,
  id: string,
  onProgress: OnProgress,
): Promise<GenerationFile[]> {
  onProgress({ stage: 'writing the generation', done: 0, total: derivedTables.length });
  const temporary = operation.path('tmp', `generation-${id}`);
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  const files: GenerationFile[] = [];
  for (const table of derivedTables) {
    const file = path.join(temporary, `${table}.parquet`);
    await engine.run(copyTable(table, file));
    const fd = fs.openSync(file, 'r+');
    try {
      fs.fsyncSync(fd);
      files.push({
        path: generationPath(id, table),
        sha256: await hashFile(fd),
        bytes: fs.fstatSync(fd).size,
      });
    } finally {
      fs.closeSync(fd);
    }
  }
  const folder = operation.path('generations', id);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(temporary, folder);
  syncFolder(folder);
  syncFolder(operation.path('generations'));
  return files;
}

function record(
  operation: Operation,
  id: string,
  inputs: string,
  summary: GenerationSummary,
  files: readonly GenerationFile[],
): void {
  const facts = { inputs: sha256Hex(inputs), ...summary, result: sha256Hex(canonicalJson(files)) };
  operation.record({ action: 'generation.build', objects: [id], facts }, () => {
    operation.state.run('insert into generation (id, inputs, summary) values ($id, $inputs, $summary)', {
      id,
      inputs,
      summary: canonicalJson(summary),
    });
    for (const file of files) {
      operation.state.run(
        'insert into generation_file (generation, path, sha256, bytes) values ($id, $path, $sha256, $bytes)',
        { id, ...file },
      );
    }
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
