import * as fs from 'node:fs';
import { type Command, Option } from 'commander';
import { writeFileDurably } from '../../base/durable.ts';
import { WaymarkError } from '../../base/errors.ts';
import type { Operation } from '../../store/operation.ts';
import { checkLedger, type LedgerCheck, listActs } from '../../workbench/ledger.ts';
import {
  acceptCosigned,
  acceptStamp,
  checkpointPage,
  initWitness,
  offerLedger,
  requestStamp,
  trustWitness,
  witnessOffer,
} from '../../workbench/witnesses.ts';
import { exitCode, safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withOperation } from '../verb.ts';

/** The append-only log, and what vouches for it from outside. */
export function addLedgerVerbs(program: Command): void {
  const ledger = program.command('ledger').description('the append-only log of every act');
  verb(ledger, 'check', 'recompute the whole ledger and compare every byte; who cosigned what, and when')
    .option('--checkpoint <file...>', 'checkpoints kept elsewhere that the ledger must extend')
    .action(withOperation(false, checkWholeLedger));
  verb(ledger, 'list', 'the latest acts')
    .option('--limit <n>', 'how many', count, 50)
    .action(withOperation(false, listLedger));
  verb(ledger, 'checkpoint', 'the last signed checkpoint')
    .option('--print', 'as a page to print, sign and put away')
    .action(withOperation(false, showCheckpoint));
  verb(
    ledger,
    'offer',
    'write a file for a witness: the checkpoint, and that it extends the last one cosigned',
  )
    .argument('<file>')
    .option('--witness <name>', 'for whom, where there are several')
    .option('--since <n>', 'entries that the witness cosigned last', count)
    .action(withOperation(false, offer));
  verb(ledger, 'trust', "count a witness's cosignatures, by the key it handed over in person")
    .argument('<key>')
    .action(withOperation(false, trust));
  verb(ledger, 'accept', 'take in the file that a witness cosigned')
    .argument('<file>')
    .action(withOperation(false, accept));
  addTimestampVerbs(ledger);
  addWitnessVerbs(ledger);
}

function addTimestampVerbs(ledger: Command): void {
  const timestamp = ledger.command('timestamp').description('time stamps by an outside authority (RFC 3161)');
  verb(timestamp, 'request', 'write a request for the checkpoint as it is, to be carried out')
    .argument('<file.tsq>')
    .action(withOperation(false, requestTime));
  verb(timestamp, 'accept', "check the authority's answer, offline, and keep it")
    .argument('<file.tsr>')
    .requiredOption('--authority <pem>', "the authority's certificates, as you have them")
    .action(withOperation(false, acceptTime));
}

/** A witness has a folder of its own and no operation. */
function addWitnessVerbs(ledger: Command): void {
  const witness = ledger
    .command('witness')
    .description('on a second machine: cosign checkpoints that extend the last one seen');
  const folder = () =>
    new Option('--folder <folder>', 'what the witness remembers').default('waymark-witness');
  witness
    .command('init')
    .description('make a witness with a key of its own')
    .requiredOption('--name <name>', 'of the witness, without spaces: office.example/witness')
    .addOption(folder())
    .option('--json', 'print one JSON document and nothing else')
    .exitOverride()
    .action((options: Options) => {
      const { name, vkey } = initWitness(options.folder as string, options.name as string);
      print(options, { name, vkey }, () => `${name} is a witness now. Hand its key over in person:\n${vkey}`);
    });
  witness
    .command('accept')
    .description('cosign what was offered, if it extends what was cosigned last')
    .argument('<file>', 'made by "ledger offer"')
    .requiredOption('--out <file>', 'to carry back')
    .option('--key <key>', "the ledger's key, when it is seen for the first time")
    .option('--ledger <folder>', 'a copy of the ledger, to name the first bad entry of one that is refused')
    .addOption(folder())
    .option('--json', 'print one JSON document and nothing else')
    .exitOverride()
    .action(acceptOffer);
}

async function acceptOffer(file: string, options: Options): Promise<void> {
  const seconds = Math.floor(Date.now() / 1000);
  const { key, ledger } = options as { key?: string; ledger?: string };
  const accepted = await witnessOffer(options.folder as string, readText(file), seconds, { key, ledger });
  writeFileDurably(options.out as string, accepted.note);
  print(
    options,
    accepted,
    () =>
      `Cosigned: ${safeText(accepted.origin)} at ${accepted.size} entries (${accepted.before} before). Carry ${options.out} back.`,
  );
}

async function checkWholeLedger(operation: Operation, options: Options): Promise<number> {
  const kept = ((options.checkpoint as string[] | undefined) ?? []).map(readText);
  const result = await checkLedger(operation, kept);
  const view = { ...result, root: result.root?.toString('hex') ?? null };
  print(options, view, () => [wholeness(result), ...vouchersText(result)].join('\n'));
  return result.ok ? exitCode.done : exitCode.failed;
}

function wholeness(result: LedgerCheck): string {
  if (result.ok) return `The ledger is whole: ${result.size} entries, root ${result.root?.toString('hex')}.`;
  const problems = [...result.problems, ...result.vouchers.problems];
  const count = result.problemCount + result.vouchers.problems.length;
  return `The ledger is NOT as it was signed (${count} problems):\n${problems
    .map((p) => `  ${p.file}: ${p.what}${'index' in p ? `, entry ${p.index}` : ''}`)
    .join('\n')}`;
}

function vouchersText({ vouchers, size }: LedgerCheck): string[] {
  const { cosigned, stamped, requested } = vouchers;
  const latest = Math.max(0, ...[...cosigned, ...stamped].map((each) => each.size));
  return [
    ...cosigned.map(
      (each) => `  ${each.size} entries cosigned by ${each.witness} (${each.keyId}), ${each.time}`,
    ),
    ...stamped.map((each) => `  ${each.size} entries time stamped by ${each.authority}, ${each.time}`),
    ...requested.map((each) => `  ${each} entries: time stamp requested, no answer yet`),
    latest === 0
      ? 'Nobody else has seen it: whoever holds its key could still write another history. See "ledger offer".'
      : `Outside witnesses have seen ${latest} of ${size ?? 0} entries.`,
  ];
}

async function listLedger(operation: Operation, options: Options): Promise<undefined> {
  const acts = listActs(operation, options.limit as number);
  print(options, { acts }, () =>
    table(
      ['#', 'time', 'actor', 'act', 'what'],
      acts.map((act) => [String(act.index), act.time, act.actor, act.action, act.objects.join(' ')]),
    ),
  );
}

async function showCheckpoint(operation: Operation, options: Options): Promise<undefined> {
  const { checkpoint, size, root } = operation.readLedger();
  const page = options.print ? await checkpointPage(operation, new Date().toISOString()) : checkpoint;
  print(options, { size, root: root.toString('hex'), checkpoint }, () => page.trimEnd());
}

async function offer(operation: Operation, options: Options, file: string): Promise<undefined> {
  const { witness, since } = options as { witness?: string; since?: number };
  const made = await offerLedger(operation, { witness, since });
  writeFileDurably(file, made.text);
  print(
    options,
    { size: made.size, since: made.since, file },
    () => `${file} offers ${made.size} entries (${made.since} cosigned before). Carry it to the witness.`,
  );
}

async function trust(operation: Operation, options: Options, key: string): Promise<undefined> {
  const witness = await trustWitness(operation, key);
  print(options, { witness }, () => `${safeText(witness)} counts as a witness from now on.`);
}

async function accept(operation: Operation, options: Options, file: string): Promise<undefined> {
  const cosigned = await acceptCosigned(operation, readText(file));
  print(options, { cosigned }, () =>
    cosigned
      .map(({ witness, size, time }) => `${safeText(witness)} has cosigned ${size} entries, ${time}.`)
      .join('\n'),
  );
}

async function requestTime(operation: Operation, options: Options, file: string): Promise<undefined> {
  const { size, request } = await requestStamp(operation);
  writeFileDurably(file, request);
  print(
    options,
    { size, file },
    () => `${file} asks for a time stamp of ${size} entries (application/timestamp-query). Carry it out.`,
  );
}

async function acceptTime(operation: Operation, options: Options, file: string): Promise<undefined> {
  const stamp = await acceptStamp(operation, readBytes(file), readText(options.authority as string));
  print(
    options,
    stamp,
    () => `${stamp.size} entries existed at ${stamp.time}, says ${safeText(stamp.authority)}.`,
  );
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    throw new WaymarkError('not-found', 'the file cannot be read', { where: file, cause });
  }
}

function readText(file: string): string {
  return readBytes(file).toString('utf8');
}
