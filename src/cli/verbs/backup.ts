import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Command, Option } from 'commander';
import { writeFileDurably } from '../../base/durable.ts';
import { WaymarkError } from '../../base/errors.ts';
import { createReceivingKey, fingerprintOf } from '../../packages/seal.ts';
import { Operation } from '../../store/operation.ts';
import {
  listBackups,
  makeBackup,
  type RestoreTest,
  recordDestroyed,
  recordRestore,
  recordRestoreTest,
  restoreBackup,
  testRestore,
} from '../../workbench/backup.ts';
import { actorId } from '../actor.ts';
import { exitCode, table } from '../terminal.ts';
import { type Options, print, verb, withOperation, withProgress } from '../verb.ts';

/** Backups, and restoring them. */
export function addBackupVerbs(program: Command): void {
  const backup = program
    .command('backup')
    .description('everything that cannot be made again, in one sealed file');
  verb(backup, 'make', 'write a backup', { isDefault: true })
    .argument('<file>')
    .requiredOption('--to <recipient...>', 'age recipients (age1...) that can open it')
    .action(withOperation(false, make));
  verb(backup, 'list', 'backups made, and those that still hold what was erased since').action(
    withOperation(false, list),
  );
  verb(backup, 'destroyed', 'record that every copy of a backup was destroyed')
    .argument('<backup>', 'as "backup list" names it')
    .requiredOption('--reason <text>', 'how, and by whom')
    .action(withOperation(false, destroyed));
  backup
    .command('key')
    .description('make a key that opens backups; keep it away from them')
    .argument('<file>')
    .option('--json', 'print one JSON document and nothing else')
    .exitOverride()
    .action(makeKey);
  verb(program, 'restore', 'restore a backup into a new folder; every byte is compared on the way')
    .argument('<file>')
    .requiredOption('--identity <file>', 'key that opens it (AGE-SECRET-KEY-1...)')
    .requiredOption('--into <folder>', 'new folder')
    .option('--key <key>', "the operation's key, as it is known from elsewhere")
    .addOption(
      new Option('--verify', 'restore for trial: count, build anew, compare, and remove the folder again'),
    )
    .action(restore);
}

async function make(operation: Operation, options: Options, file: string): Promise<undefined> {
  const made = await withProgress((onProgress) =>
    makeBackup(operation, file, options.to as string[], onProgress),
  );
  const { files, ledger } = made.contents;
  print(
    options,
    { id: made.id, file, bytes: made.bytes, files: files.length, ledger },
    () =>
      `${file}: ${files.length} files, ${ledger.size} ledger entries, ${made.bytes} bytes, sealed. Test it: restore ${file} --verify --identity <key> --into <new folder>`,
  );
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const backups = listBackups(operation);
  print(options, { backups }, () =>
    table(
      ['backup', 'made', 'by', 'entries', 'destroyed', 'still holds (erased since)'],
      backups.map((each) => [
        each.id.slice(0, 16),
        each.time,
        each.author,
        String(each.size),
        each.destroyed ?? '',
        each.destroyed === null ? each.erased.join(' ') : '',
      ]),
    ),
  );
}

async function destroyed(operation: Operation, options: Options, id: string): Promise<undefined> {
  await recordDestroyed(operation, id, options.reason as string);
  print(options, { recorded: true }, () => 'Recorded.');
}

async function makeKey(file: string, options: Options): Promise<void> {
  if (fs.existsSync(file)) {
    throw new WaymarkError('storage', 'there is a file of that name already', { where: file });
  }
  const { identity, recipient } = await createReceivingKey();
  writeFileDurably(file, `# recipient: ${recipient}\n${identity}\n`);
  fs.chmodSync(file, 0o600);
  print(
    options,
    { recipient, fingerprint: fingerprintOf(recipient), file },
    () => `${recipient}\n${file} opens what is sealed for it: keep it away from the backups, and print it.`,
  );
}

async function restore(file: string, options: Options): Promise<void> {
  const { into, key } = options as { into: string; key?: string } & Options;
  const identity = readIdentity(options.identity as string);
  if (options.verify) {
    const test = await withProgress((onProgress) => testRestore(file, identity, into, key, onProgress));
    const recorded = await rememberTest(options.operation as string, test);
    print(options, { ...test, recorded }, () => testText(test, recorded));
    process.exitCode = test.ok ? exitCode.done : exitCode.failed;
    return;
  }
  const restored = await withProgress((onProgress) => restoreBackup(file, identity, into, key, onProgress));
  const { contents, folder } = restored;
  const operation = Operation.openExisting(folder, { actor: actorId() });
  try {
    await recordRestore(operation, contents);
  } finally {
    operation.close();
  }
  print(
    options,
    { folder, files: contents.files.length, ledger: contents.ledger },
    () =>
      `${folder}: ${contents.files.length} files and ${contents.ledger.size} ledger entries are as the backup lists them. Run "build" there.`,
  );
}

/** The test is remembered where the operation is at hand; on another machine it cannot be. */
async function rememberTest(folder: string, test: RestoreTest): Promise<boolean> {
  if (!fs.existsSync(path.join(folder, 'operation.json'))) return false;
  const operation = Operation.openExisting(folder, { actor: actorId() });
  try {
    await recordRestoreTest(operation, test);
    return test.ok;
  } finally {
    operation.close();
  }
}

function testText(test: RestoreTest, recorded: boolean): string {
  const { same } = test.generation;
  const derived =
    same === null
      ? 'not compared: Waymark or the decisions changed since they were built, or they never were'
      : same
        ? 'built anew, equal byte for byte'
        : 'built anew, DIFFERENT';
  return [
    test.ok ? 'The backup restores.' : 'The backup does NOT restore as it should.',
    `  ${test.files} files, ${test.bytes} bytes, each as listed`,
    `  ledger: ${test.ledger.size} entries, root ${test.ledger.root}`,
    ...test.rows.map(({ table: name, listed, found }) => `  ${name}: ${found} of ${listed} rows`),
    `  derived tables: ${derived}`,
    recorded ? 'Recorded in the operation.' : 'Not recorded: the operation is not at hand (--operation).',
  ].join('\n');
}

/** The key in a file as age writes them. */
function readIdentity(file: string): string {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the key cannot be read', { where: file, cause });
  }
  const line = text.split('\n').find((each) => each.trim().startsWith('AGE-SECRET-KEY-1'));
  if (line !== undefined) return line.trim();
  throw new WaymarkError('usage', 'this file holds no age key', {
    where: file,
    remedy: 'It has a line that starts with AGE-SECRET-KEY-1.',
  });
}
