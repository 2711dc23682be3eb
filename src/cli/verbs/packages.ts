import { type Command, Option } from 'commander';
import { type Tlp, tlpLabels } from '../../access/grading.ts';
import { type Part, parts, usualParts } from '../../packages/contents.ts';
import type { Manifest } from '../../packages/manifest.ts';
import type { Operation } from '../../store/operation.ts';
import {
  createPackage,
  draftNotices,
  listPackages,
  type PackagePreview,
  previewPackage,
  readSealed,
  receivePackage,
} from '../../workbench/packages.ts';
import { addPartner, listPartners, ownCard, readCardFile } from '../../workbench/partners.ts';
import { safeText, table } from '../terminal.ts';
import { type Options, print, verb, withGeneration, withOperation, withProgress } from '../verb.ts';

/** Partner agencies, and what is sent to them and comes from them. */
export function addPackageVerbs(program: Command): void {
  const partner = program.command('partner').description('agencies that packages are exchanged with');
  verb(partner, 'me', 'print our own card, for partners')
    .requiredOption('--name <name>', 'of our unit, as partners know it')
    .action(withOperation(false, printOwnCard));
  verb(partner, 'add', "take in a partner's card, after comparing its fingerprint by voice or in person")
    .argument('<card>', 'file that the partner handed over')
    .requiredOption('--fingerprint <digits>', 'as the partner reads it out')
    .action(withOperation(false, takeCard));
  verb(partner, 'list', 'partners and their fingerprints').action(withOperation(false, listAllPartners));

  const packages = program.command('package').description('signed, sealed products for partner agencies');
  verb(packages, 'create', 'seal what is known of persons for partners')
    .argument('<person...>')
    .requiredOption('--to <partner...>', 'names of partners')
    .requiredOption('--purpose <text>', 'what the partner is asked to do, and under which arrangement')
    .addOption(new Option('--tlp <label>', 'Traffic Light Protocol').choices([...tlpLabels]).default('RED'))
    .addOption(new Option('--with <part...>', 'instead of the usual parts').choices([...parts]))
    .option('--out <file>', 'file to write; the operation keeps it otherwise')
    .option('--preview', 'say what it would hold and what keeps it from being made; nothing is made')
    .action(withOperation(false, makePackage));
  verb(packages, 'open', 'check a package from a partner and take its files out')
    .argument('<file>')
    .requiredOption('--from <partner>', 'who sent it')
    .requiredOption('--out <folder>', 'new folder for its files')
    .action(withOperation(false, openReceived));
  verb(packages, 'list', 'packages sent and received').action(withOperation(false, listAllPackages));
  verb(packages, 'notices', 'drafts for recipients of packages that cite excluded exhibits').action(
    withOperation(false, printNotices),
  );
}

async function printOwnCard(operation: Operation, options: Options): Promise<undefined> {
  const card = await ownCard(operation, options.name as string);
  process.stdout.write(`${JSON.stringify(card, null, 2)}\n`);
}

async function takeCard(operation: Operation, options: Options, card: string): Promise<undefined> {
  const partner = await addPartner(operation, readCardFile(card), options.fingerprint as string, card);
  print(options, partner, () => `${safeText(partner.name)} is a partner now (${partner.fingerprint}).`);
}

async function listAllPartners(operation: Operation, options: Options): Promise<undefined> {
  const partners = listPartners(operation);
  print(options, { partners }, () =>
    table(
      ['partner', 'fingerprint', 'signs'],
      partners.map(({ name, fingerprint, vkey }) => [name, fingerprint, vkey === null ? 'no' : 'yes']),
    ),
  );
}

async function makePackage(operation: Operation, options: Options, persons: string[]): Promise<undefined> {
  const request = {
    persons: [...new Set(persons)].sort(),
    to: options.to as string[],
    purpose: options.purpose as string,
    tlp: options.tlp as Tlp,
    parts: (options.with as Part[] | undefined) ?? usualParts,
  };
  if (options.preview) {
    const preview = await withGeneration(operation, (engine) =>
      withProgress((onProgress) => previewPackage(operation, engine, request, onProgress)),
    );
    print(options, preview, () => previewText(preview));
    return;
  }
  const out = (options.out as string | undefined) ?? null;
  const made = await withGeneration(operation, (engine) =>
    withProgress((onProgress) => createPackage(operation, engine, request, out, onProgress)),
  );
  print(options, made, () => `${manifestText(made.manifest)}\n\n${made.file}: ${made.bytes} bytes, sealed`);
}

function previewText(preview: PackagePreview): string {
  const rows = [
    ...preview.persons.map(({ person, handles }) => ['person', `${person} ${handles.join(', ')}`]),
    ...preview.to.map(({ name, fingerprint }) => ['to', `${name} (${fingerprint})`]),
    ...preview.files.map(({ path, rows: count, about }) => ['would hold', `${path} (${count}): ${about}`]),
    ...preview.exhibits.map(({ exhibit, path, authority }) => [
      'cites',
      `${exhibit} ${path}, authority: ${authority ?? 'not stated'}`,
    ]),
    ...preview.withheld.map(({ what, count, why }) => ['withheld', `${count} ${what}: ${why}`]),
    ...preview.markings.map(({ what, id, marking }) => [
      'marked',
      [`${what} ${id}:`, marking.grade, marking.tlp && `TLP:${marking.tlp}`, marking.note]
        .filter((part) => part)
        .join(' '),
    ]),
    ...preview.blocks.flatMap(({ why, remedy }) => [
      ['BLOCKED', why],
      ['do', remedy],
    ]),
  ];
  return table(['', ''], rows, 200).trimStart();
}

async function openReceived(operation: Operation, options: Options, file: string): Promise<undefined> {
  const received = await receivePackage(
    operation,
    readSealed(file),
    options.from as string,
    options.out as string,
  );
  const { manifest, entry, folder } = received;
  print(
    options,
    received,
    () =>
      `${manifestText(manifest)}\n\nSigned by the partner, whole, and entry ${entry.index} of ${entry.size} in its ledger. Files are in ${folder}.`,
  );
}

async function listAllPackages(operation: Operation, options: Options): Promise<undefined> {
  const packages = listPackages(operation);
  print(options, { packages }, () =>
    table(
      ['package', '', 'made', 'to', 'TLP', 'persons', 'purpose', 'excluded since'],
      packages.map((each) => [
        each.id,
        each.direction,
        each.created,
        each.to.join(', '),
        each.tlp,
        String(each.persons),
        each.purpose,
        each.excluded.join(' '),
      ]),
    ),
  );
}

async function printNotices(operation: Operation, options: Options): Promise<undefined> {
  const notices = draftNotices(operation);
  print(options, { notices }, () =>
    notices.length === 0
      ? 'No package that was sent cites an excluded exhibit.'
      : notices.map(({ text }) => text).join('\n\n----\n\n'),
  );
}

function manifestText(manifest: Manifest): string {
  const rows = [
    ['package', manifest.id],
    ['made', manifest.created],
    ['from', `${manifest.from.origin}, by ${manifest.from.author}`],
    ...manifest.to.map(({ name, fingerprint }) => ['to', `${name} (${fingerprint})`]),
    ['purpose', manifest.purpose],
    ['handling', `TLP:${manifest.tlp}`],
    ['persons', String(manifest.persons)],
    ...manifest.exhibits.map(({ exhibit, authority }) => [
      'exhibit',
      `${exhibit}, authority: ${authority ?? 'not stated'}`,
    ]),
    ...manifest.files.map(({ path, rows, about }) => ['holds', `${path} (${rows}): ${about}`]),
    ...manifest.withheld.map(({ what, count, why }) => ['withheld', `${count} ${what}: ${why}`]),
  ];
  return table(['', ''], rows, 120).trimStart();
}
