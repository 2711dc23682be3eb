import * as fs from 'node:fs';
import { Argument, type Command, Option } from 'commander';
import { WaymarkError } from '../../base/errors.ts';
import type { Operation } from '../../store/operation.ts';
import { type ExportTable, exportTables } from '../../store/queries/views.ts';
import { writeExport } from '../../workbench/export.ts';
import { showSource } from '../../workbench/source.ts';
import { type Options, verb, withGeneration, withOperation } from '../verb.ts';

/** Tables and original bytes, written out. */
export function addExportVerbs(program: Command): void {
  verb(program, 'export', 'write a table out')
    .addArgument(exportArgument)
    .addOption(
      new Option('--format <format>', 'of the file').choices(['csv', 'jsonl', 'parquet']).default('csv'),
    )
    .option('--out <file>', 'file to write instead of standard output')
    .action(withOperation(false, exportTable));

  verb(program, 'source', 'print the original bytes that a record came from')
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
  const target = out === undefined ? process.stdout : fs.createWriteStream(out);
  await withGeneration(operation, (engine) => writeExport(operation, engine, name, format, target));
  if (out !== undefined) await new Promise((resolve) => (target as fs.WriteStream).end(resolve));
}

async function printSource(operation: Operation, options: Options, pointer: string): Promise<undefined> {
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
