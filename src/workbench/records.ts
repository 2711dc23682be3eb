import { lakeSchema } from '../evidence/lake-schema.ts';
import type { Engine } from '../store/engine.ts';
import { intactLake, lakeFiles, type ManifestFile, type Otherwise, openFiles } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import {
  makeScope,
  makeScopePeople,
  makeScopeServices,
  renameForScope,
  type ScopeRow,
  scopedTables,
  scopedView,
} from '../store/queries/authorities.ts';
import { scopesInForce } from './scope.ts';

/**
 * The engine over the records of the operation that its authorities cover: the one way to open them. Where no
 * authority is limited it costs nothing.
 */
export async function openRecords(operation: Operation): Promise<Engine> {
  return openRecordFiles(operation, await intactLake(operation));
}

/** The same over files of the lake that were found intact. */
export async function openRecordFiles(operation: Operation, files: readonly ManifestFile[]): Promise<Engine> {
  const engine = await openFiles(operation, lakeSchema, files);
  try {
    await limit(engine, scopesInForce(operation));
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** What the records are made from: the lake's files with their hashes, and what limits them. */
export function lakeInputs(operation: Operation, otherwise: Otherwise = {}): unknown[] {
  const files = lakeFiles(operation, otherwise).map(({ path, sha256 }) => [path, sha256]);
  return [...files, ...scopesInForce(operation).map((scope) => ['scope', scope])];
}

async function limit(engine: Engine, scopes: readonly ScopeRow[]): Promise<void> {
  if (scopes.length === 0) return;
  const rows = scopes.map(({ exhibit, from, until, services, people }) => ({
    exhibit,
    from_time: from,
    until_time: until,
    has_services: services !== null,
    has_people: people !== null,
  }));
  await engine.run(makeScope, { scopes: JSON.stringify(rows) });
  const services = scopes.flatMap(({ exhibit, services }) => (services ?? []).map((each) => [exhibit, each]));
  const people = scopes.flatMap(({ exhibit, people }) => (people ?? []).map((each) => [exhibit, each]));
  const firsts = (pairs: string[][]) => pairs.map(([exhibit]) => exhibit!);
  const seconds = (pairs: string[][]) => pairs.map(([, value]) => value!);
  await engine.run(makeScopeServices, { exhibits: firsts(services), services: seconds(services) });
  await engine.run(makeScopePeople, { exhibits: firsts(people), people: seconds(people) });
  for (const table of scopedTables) await engine.run(renameForScope(table));
  for (const table of scopedTables) await engine.run(scopedView(table));
}
