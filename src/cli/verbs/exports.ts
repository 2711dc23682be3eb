import * as fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Argument, type Command, Option } from 'commander';
import { WaymarkError } from '../../base/errors.ts';
import type { Operation } from '../../store/operation.ts';
import { type ExportTable, exportTables } from '../../store/queries/views.ts';
import { assertPlaceOpen, hasClosedPlaces } from '../../workbench/authorities.ts';
import { exportWhole } from '../../workbench/export-act.ts';
import { generationInForce } from '../../workbench/overview.ts';
import { showSource } from '../../workbench/source.ts';
import { type Options, verb, withGeneration, withOperation } from '../verb.ts';
import { openFor, openingOptions } from './reading.ts';

/** Tables and original bytes, written out. */
export function addExportVerbs(program: Command): void {
  verb(program, 'export', 'write a table out')
    .addArgument(exportArgument)
    .addOption(
      new Option('--format <format>', 'of the file').choices(['csv', 'jsonl', 'parquet']).default('csv'),
    )
    .option('--out <file>', 'file to write instead of standard output')
    .option('--purpose <text>', 'what it is for; one that the authorities allow', 'not stated')
    .option('--permission <text>', 'who permitted it, where handling codes ask for that')
    .action(withOperation(false, exportTable));

  openingOptions(verb(program, 'source', 'print the original bytes that a record came from; recorded'))
    .argument('<pointer>')
    .action(withOperation(false, printSource));
}

const exportArgument = new Argument('<table>', 'what to export').choices(Object.keys(exportTables));

async function exportTable(operation: Operation, options: Options, name: ExportTable): Promise<undefined> {
  const format = options.format as 'csv' | 'jsonl' | 'parquet';
  const out = options.out as string | undefined;
  if (format === 'parquet' && out === undefined && process.stdout.isTTY) {
    throw new WaymarkError('usage', 'Parquet is no text for a terminal', {
      remedy: 'Name a file with --out.',
    });
  }
  const { purpose, permission } = options as { purpose: string; permission?: string };
  const request = { table: name, format, purpose, permission };
  const file = await withGeneration(operation, (engine) =>
    exportWhole(operation, engine, request, (act) => operation.exclusively(async () => act())),
  );
  if (out !== undefined) await pipeline(file.read(), fs.createWriteStream(out));
  else await pipeline(file.read(), process.stdout, { end: false });
}

async function printSource(operation: Operation, options: Options, pointer: string): Promise<undefined> {
  const now = operation.time();
  if (generationInForce(operation) === null || !hasClosedPlaces(operation)) {
    await assertPlaceOpen(operation, null, pointer, now);
  } else await withGeneration(operation, (engine) => assertPlaceOpen(operation, engine, pointer, now));
  const source = await showSource(operation, pointer);
  await openFor(operation, options, pointer);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ ...source, bytes: source.bytes.toString('base64') }, null, 2)}\n`,
    );
    return;
  }
  process.stdout.write(source.bytes);
  if (!source.whole) process.stderr.write(`cut after ${source.bytes.length} of ${source.length} bytes\n`);
}
