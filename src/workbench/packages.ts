import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseGrade, type Tlp, tlpLabels } from '../access/grading.ts';
import { makeFolder, writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { isPointer, type Pointer, parsePointer } from '../evidence/pointer.ts';
import { filesOf, findExhibit } from '../intake/exhibits.ts';
import { readPlaces } from '../intake/read-exhibit.ts';
import { readKeyFile } from '../ledger/key.ts';
import { formatProof } from '../ledger/proof.ts';
import type { LedgerReader } from '../ledger/reader.ts';
import { readTable } from '../packages/archive.ts';
import { collectTables, countWithheldContacts, type Part, parts, type Table } from '../packages/contents.ts';
import { type Manifest, nameManifest } from '../packages/manifest.ts';
import {
  type CitedSource,
  digestOf,
  filesOfPackage,
  type OpenedPackage,
  openPackage,
  packageAction,
  writePackage,
} from '../packages/package.ts';
import { linkDecisions } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { accountsOfPerson } from '../store/queries/linking.ts';
import { selectorsOfPerson } from '../store/queries/packages.ts';
import { accountsOfPersons, handlesOfPersons } from '../store/queries/priorities.ts';
import { currentGeneration } from './build.ts';
import { decisionsInForce, type MarkingView, viewOfAct } from './decided.ts';
import { gradesInForce } from './decisions.ts';
import { findPartner, type Partner, receivingKey } from './partners.ts';

export interface PackageRequest {
  readonly persons: readonly string[];
  /** Names of partners. */
  readonly to: readonly string[];
  readonly purpose: string;
  readonly tlp: Tlp;
  readonly parts: readonly Part[];
}

export interface MadePackage {
  readonly manifest: Manifest;
  readonly file: string;
  readonly bytes: number;
}

/** A handling code that keeps material from being passed on until whoever gave it permits. */
const blockingCodes: Readonly<Record<string, string>> = {
  H1: 'it must not be used in judicial proceedings without the permission of whoever gave it',
  H2: 'it must not be passed on without the permission of whoever gave it',
};

/** Something that the package rests on and that was graded. */
export interface ContentMarking {
  readonly what: 'exhibit' | 'record' | 'decision';
  /** Exhibit id, pointer, or number of the decision. */
  readonly id: string;
  readonly marking: MarkingView;
  /** Why it keeps the package from being made; null where it does not. */
  readonly blocked: { readonly code: string; readonly why: string; readonly remedy: string } | null;
}

/** What a package would hold, before it is made. */
export interface PackagePreview {
  /** Digest of the contents and the request: what is made must be what was seen. */
  readonly seen: string;
  readonly generation: string;
  readonly persons: readonly { readonly person: string; readonly handles: readonly string[] }[];
  readonly to: readonly Partner[];
  readonly purpose: string;
  readonly tlp: Tlp;
  readonly files: readonly { readonly path: string; readonly about: string; readonly rows: number }[];
  readonly exhibits: readonly (Manifest['exhibits'][number] & { readonly path: string })[];
  readonly sources: number;
  readonly withheld: Manifest['withheld'];
  readonly markings: readonly ContentMarking[];
  /** The most restricted label of what it holds, which its own label may not fall below. */
  readonly least: Tlp | null;
  /** Why it cannot be made as asked; empty where it can. */
  readonly blocks: readonly { readonly where: string; readonly why: string; readonly remedy: string }[];
}

interface Collected {
  readonly preview: PackagePreview;
  readonly tables: readonly Table[];
  readonly pointers: readonly string[];
}

/**
 * What a package would hold, what would be withheld, and what keeps it from being made. Changes nothing. Throws
 * WaymarkError 'usage' without a purpose, persons or a recipient, 'not-found' for a person or partner that is not
 * there.
 */
export async function previewPackage(
  operation: Operation,
  engine: Engine,
  request: PackageRequest,
  onProgress: OnProgress,
): Promise<PackagePreview> {
  return (await collect(operation, engine, request, onProgress)).preview;
}

async function collect(
  operation: Operation,
  engine: Engine,
  request: PackageRequest,
  onProgress: OnProgress,
): Promise<Collected> {
  const purpose = request.purpose.trim();
  if (purpose === '') {
    throw new WaymarkError('usage', 'a package needs a purpose', {
      remedy: 'Say what the partner is asked to do, and under which arrangement.',
    });
  }
  const asked = [...new Set(request.persons)].sort();
  if (asked.length === 0) throw new WaymarkError('usage', 'a package needs at least one person');
  for (const person of asked) await assertPerson(engine, person);
  const to = [...new Set(request.to)].map((name) => findPartner(operation, name));
  if (to.length === 0) throw new WaymarkError('usage', 'a package needs a recipient');
  onProgress({ stage: 'collecting', done: 0, total: null });
  const tables = await collectTables(engine, asked, request.parts);
  const pointers = [...new Set(tables.flatMap((table) => table.pointers))].sort();
  const outside = await countWithheldContacts(engine, asked);
  const accounts = new Set(await accountsOfAll(engine, asked));
  const markings = markingsOfContents(operation, pointers, tables, accounts);
  const least = tlpLabels.findLast((label) => markings.some(({ marking }) => marking.tlp === label)) ?? null;
  const handles = new Map(
    (await engine.rows<{ person: string; handles: string[] }>(handlesOfPersons, { persons: asked })).map(
      (row) => [row.person, row.handles],
    ),
  );
  const left = parts.filter((part) => !request.parts.includes(part));
  const rest = {
    generation: currentGeneration(operation),
    persons: asked.map((person) => ({ person, handles: handles.get(person) ?? [] })),
    to,
    purpose,
    tlp: request.tlp,
    files: tables.map(({ path: file, about, rows }) => ({ path: file, about, rows })),
    exhibits: citedExhibits(operation, pointers),
    sources: pointers.length,
    withheld: [
      { what: 'contacts with others', count: outside, why: 'they are with people outside this package' },
      {
        what: 'bytes of sources',
        count: pointers.length,
        why: 'their hashes are given; originals are shown on request',
      },
      { what: `parts (${left.join(', ')})`, count: left.length, why: 'they were not chosen' },
    ].filter(({ count }) => count > 0),
    markings,
    least,
    blocks: blocksOf(markings, least, request.tlp),
  };
  const seen = sha256Hex(canonicalJson({ ...rest, contents: tables.map(({ text }) => sha256Hex(text)) }));
  return { preview: { seen, ...rest }, tables, pointers };
}

async function accountsOfAll(engine: Engine, persons: readonly string[]): Promise<string[]> {
  const rows = await engine.rows<{ account: string }>(accountsOfPersons, { persons: [...persons] });
  return rows.map(({ account }) => account);
}

/** The gradings of what a package rests on: exhibits it cites, records in the places it cites, decisions. */
function markingsOfContents(
  operation: Operation,
  pointers: readonly string[],
  tables: readonly Table[],
  accounts: ReadonlySet<string>,
): ContentMarking[] {
  const exhibits = new Set(pointers.map((pointer) => parsePointer(pointer).exhibit));
  const places = Map.groupBy(pointers.map(parsePointer), ({ exhibit, path: inner }) => `${exhibit}/${inner}`);
  const cited = new Set(tables.flatMap(({ decisions }) => decisions));
  const standing = decisionsInForce(operation);
  for (const { subject, sequence } of linkDecisions(standing).values()) {
    if (subject.every((account) => accounts.has(account))) cited.add(sequence);
  }
  const found: Omit<ContentMarking, 'blocked'>[] = [];
  for (const [thing, marking] of gradesInForce(operation)) {
    const [, what, id] = /^(exhibit|record|decision) (.*)$/s.exec(thing)!;
    const touches =
      what === 'exhibit'
        ? exhibits.has(id!)
        : what === 'decision'
          ? cited.has(Number(id))
          : isPointer(id!) && isCited(id!, places);
    if (touches) found.push({ what: what as ContentMarking['what'], id: id!, marking });
  }
  for (const decision of standing) {
    const { marking } = viewOfAct(decision);
    if (marking && cited.has(decision.sequence)) {
      found.push({ what: 'decision', id: String(decision.sequence), marking });
    }
  }
  return found
    .map((each) => ({ ...each, blocked: blockOf(each.what, each.id, each.marking) }))
    .sort((x, y) => {
      const [a, b] = [`${x.what} ${x.id}`, `${y.what} ${y.id}`];
      return a < b ? -1 : a > b ? 1 : 0;
    });
}

/** Whether a place that is cited lies in the record, in part or whole. */
function isCited(record: string, places: ReadonlyMap<string, readonly Pointer[]>): boolean {
  const { exhibit, path: inner, offset, length } = parsePointer(record);
  return (places.get(`${exhibit}/${inner}`) ?? []).some(
    (place) =>
      (place.offset < offset + length && offset < place.offset + place.length) ||
      (place.offset === offset && place.length === length),
  );
}

function blockOf(what: string, id: string, marking: MarkingView): ContentMarking['blocked'] {
  if (marking.grade === null) return null;
  const code = parseGrade(marking.grade).handling.find((each) => blockingCodes[each] !== undefined);
  if (code === undefined) return null;
  return {
    code,
    why: `${what} ${id} is graded ${marking.grade}: ${blockingCodes[code]}`,
    remedy: `Ask whoever gave it; when the permission is there, grade it anew without ${code} and name the permission as the reason. Or leave out the persons or parts that rest on it.`,
  };
}

function blocksOf(
  markings: readonly ContentMarking[],
  least: Tlp | null,
  tlp: Tlp,
): PackagePreview['blocks'] {
  const blocks = markings.flatMap(({ what, id, blocked }) =>
    blocked === null ? [] : [{ where: `${what} ${id}`, why: blocked.why, remedy: blocked.remedy }],
  );
  if (least === null || tlpLabels.indexOf(tlp) >= tlpLabels.indexOf(least)) return blocks;
  const why = `it holds material marked TLP:${least}, which TLP:${tlp} would let go further`;
  return [...blocks, { where: `TLP:${tlp}`, why, remedy: `Mark the package TLP:${least} or stricter.` }];
}

/**
 * Makes a sealed package about persons of the generation in force and records it: who made it, for whom, about
 * how many. `file` null keeps it in the operation's own folder. With `seen`, what is made must be what a preview
 * showed. Throws WaymarkError 'usage' without a purpose or persons or where something changed since the preview,
 * 'not-found' for a person or partner that is not there, 'denied' where a handling code keeps something of it from
 * being passed on, 'storage' when the file cannot be written or exists already.
 */
export async function createPackage(
  operation: Operation,
  engine: Engine,
  request: PackageRequest,
  file: string | null,
  onProgress: OnProgress,
  seen?: string,
): Promise<MadePackage> {
  const { preview, tables, pointers } = await collect(operation, engine, request, onProgress);
  const block = preview.blocks[0];
  if (block) {
    throw new WaymarkError('denied', `this package cannot be made: ${block.why}`, {
      where: block.where,
      remedy: block.remedy,
    });
  }
  if (seen !== undefined && seen !== preview.seen) {
    throw new WaymarkError('usage', 'what the package would hold has changed since it was looked at', {
      remedy: 'Look at it again, then confirm.',
    });
  }
  if (file !== null && fs.existsSync(file)) {
    throw new WaymarkError('storage', 'there is a file of that name already', { where: file });
  }
  const sources = await hashSources(operation, pointers, onProgress);
  const { files, listed } = filesOfPackage(tables, sources);
  const { origin, vkey } = operation.ledgerIdentity();
  const persons = preview.persons.map(({ person }) => person);
  const manifest = await operation.exclusively(async () => {
    const named = nameManifest({
      created: operation.time(),
      from: { origin, vkey, author: operation.actor },
      to: preview.to.map(({ name, recipient, fingerprint }) => ({ name, recipient, fingerprint })),
      purpose: preview.purpose,
      tlp: request.tlp,
      generation: preview.generation,
      persons: persons.length,
      exhibits: preview.exhibits.map(({ path: _, ...cited }) => cited),
      files: listed,
      markings: preview.markings.map(({ what, id, marking }) => ({
        what,
        id,
        grade: marking.grade,
        tlp: marking.tlp,
        note: marking.note,
      })),
      withheld: preview.withheld,
    });
    const facts = {
      manifest: digestOf(named),
      recipients: named.to.length,
      persons: persons.length,
    };
    const note = {
      reason: named.purpose,
      recipients: named.to.map(({ name }) => name),
      about: persons,
    };
    operation.record({ action: packageAction, objects: [named.id], facts, note }, () =>
      keep(operation, named, 'sent', persons),
    );
    return named;
  });
  // The act stands in the ledger once nothing holds the operation any more.
  const ledger = operation.readLedger();
  const index = indexOfMaking(ledger, manifest);
  const [entry] = ledger.entries(index, index + 1);
  const sealed = await writePackage(manifest, files, {
    key: readKeyFile(operation.path('keys', 'ledger.pem'), origin),
    entry: entry!.bytes,
    proof: formatProof(ledger, index),
  });
  const target = file ?? keptFile(operation, manifest.id);
  makeFolder(path.dirname(path.resolve(target)));
  writeFileDurably(target, sealed);
  return { manifest, file: target, bytes: sealed.length };
}

/** Entries looked through at once, from the end of the ledger. */
const entriesAtOnce = 256;

/** Where the ledger records the making of a package: near its end, other acts may have followed. */
function indexOfMaking(ledger: LedgerReader, manifest: Manifest): number {
  const digest = digestOf(manifest);
  for (let to = ledger.size; to > 0; to -= entriesAtOnce) {
    for (const { index, entry } of ledger.entries(Math.max(0, to - entriesAtOnce), to)) {
      if (entry.action === packageAction && entry.facts.manifest === digest) return index;
    }
  }
  throw new WaymarkError('integrity', 'the ledger does not hold the making of this package', {
    where: manifest.id,
    remedy: 'Run "ledger check".',
  });
}

/** Where a package that was made in the workbench lies, sealed. */
function keptFile(operation: Operation, id: string): string {
  return operation.path('packages', `${id}.waymark`);
}

/** The sealed file of a package made in the workbench, to be carried by a human. Throws WaymarkError 'not-found'. */
export function sealedFile(operation: Operation, id: string): { file: string; bytes: number } {
  const known = operation.state.one("select 1 from package where id = $id and direction = 'sent'", { id });
  const file = keptFile(operation, id);
  if (known && fs.existsSync(file)) return { file, bytes: fs.statSync(file).size };
  throw new WaymarkError('not-found', 'the sealed file of this package is not kept here', {
    where: id,
    remedy: 'A package made on the command line lies where --out said. Make it again, or look there.',
  });
}

/** A package that was made or opened here. */
export interface PackageLine {
  readonly id: string;
  readonly direction: 'sent' | 'received';
  readonly created: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly purpose: string;
  readonly tlp: Tlp;
  readonly persons: number;
  /** Exhibits that it cites. */
  readonly exhibits: readonly string[];
  /** Cited exhibits that have been excluded since: the recipients must be told. */
  readonly excluded: readonly string[];
  /** Whether its sealed file lies in the operation. */
  readonly kept: boolean;
  readonly manifest: Manifest;
}

export function listPackages(operation: Operation): PackageLine[] {
  const rows = operation.state.all<{
    id: string;
    direction: 'sent' | 'received';
    manifest: string;
    exhibits: string;
  }>('select id, direction, manifest, exhibits from package order by rowid');
  const excluded = new Set(
    operation.state
      .all<{ id: string }>("select id from exhibit where status = 'excluded'")
      .map(({ id }) => id),
  );
  return rows.map(({ id, direction, manifest, exhibits }) => {
    const parsed = JSON.parse(manifest) as Manifest;
    const { created, from, to, purpose, tlp, persons } = parsed;
    const cited = JSON.parse(exhibits) as string[];
    return {
      id,
      direction,
      created,
      from: from.origin,
      to: to.map(({ name }) => name),
      purpose,
      tlp,
      persons,
      exhibits: cited,
      excluded: cited.filter((exhibit) => excluded.has(exhibit)),
      kept: direction === 'sent' && fs.existsSync(keptFile(operation, id)),
      manifest: parsed,
    };
  });
}

/** Packages that were sent and cite an exhibit. */
export function packagesCiting(operation: Operation, exhibit: string): PackageLine[] {
  return listPackages(operation).filter(
    ({ direction, exhibits }) => direction === 'sent' && exhibits.includes(exhibit),
  );
}

/** A draft for one recipient of a package that cites an exhibit which no longer stands, or stands again. */
export interface Notice {
  readonly package: string;
  readonly to: string;
  readonly text: string;
}

/** Notices of recall: for each package sent that cites excluded exhibits, one to each of its recipients. */
export function draftNotices(operation: Operation): Notice[] {
  return listPackages(operation)
    .filter(({ direction, excluded }) => direction === 'sent' && excluded.length > 0)
    .flatMap((line) => {
      const reasons = line.excluded.map((id) => ({ exhibit: id, reason: findExhibit(operation, id).reason }));
      return noticesFor([line], 'exclude', reasons);
    });
}

/** A notice to each recipient of these packages, about exhibits that they cite. A human sends them. */
export function noticesFor(
  packages: readonly PackageLine[],
  act: 'exclude' | 'include',
  exhibits: readonly { readonly exhibit: string; readonly reason: string | null }[],
): Notice[] {
  const cited = exhibits.map(({ exhibit, reason }) => `  ${exhibit}: ${reason ?? 'no reason stated'}`);
  const told =
    act === 'exclude'
      ? [
          'These exhibits, which the package cites, have been excluded from our operation since:',
          ...cited,
          '',
          'Please do not rely on what rests on them, tell those whom you passed it on to, and confirm in writing.',
        ]
      : [
          'These exhibits, which the package cites and which had been excluded, stand in our operation again:',
          ...exhibits.map(({ exhibit }) => `  ${exhibit}`),
          '',
          'Please tell those whom you told of the exclusion.',
        ];
  return packages.flatMap((line) =>
    line.to.map((to) => ({
      package: line.id,
      to,
      text: [
        `To: ${to}`,
        `About: package ${line.id} of ${line.created} (TLP:${line.tlp})`,
        '',
        ...told,
        'Records that cite them are found in the package by the exhibit id at the start of each pointer.',
      ].join('\n'),
    })),
  );
}

export interface ReceivedPackage {
  readonly manifest: Manifest;
  readonly entry: { readonly index: number; readonly size: number };
  readonly folder: string;
  /** Selectors of its persons that are kept for seeing that the partner knows them too, of all it names. */
  readonly selectors: { readonly kept: number; readonly named: number };
}

export interface CheckedPackage {
  readonly manifest: Manifest;
  readonly entry: { readonly index: number; readonly size: number };
  /** Whether it was taken in here before. */
  readonly before: boolean;
}

/**
 * Checks all of a package that a partner sent, and keeps nothing. Throws WaymarkError 'denied' for another's,
 * 'integrity' for one that fails a check, 'not-found', 'usage'.
 */
export async function checkPackage(
  operation: Operation,
  sealed: Uint8Array,
  from: string,
): Promise<CheckedPackage> {
  const { manifest, entry } = await opened(operation, sealed, from);
  return { manifest, entry, before: wasReceived(operation, manifest.id) };
}

async function opened(operation: Operation, sealed: Uint8Array, from: string): Promise<OpenedPackage> {
  const { vkey } = findPartner(operation, from);
  if (vkey === null) {
    throw new WaymarkError('usage', `the card of "${from}" has no key that signs packages`, {
      remedy: 'Ask the partner for a card made with "partner me".',
    });
  }
  return openPackage(sealed, await receivingKey(operation), vkey);
}

function wasReceived(operation: Operation, id: string): boolean {
  return (
    operation.state.one("select 1 from package where id = $id and direction = 'received'", { id }) !==
    undefined
  );
}

/** Selectors of one package that are kept; more are counted. */
const mostSelectors = 200_000;

/**
 * Opens a package that a partner sent, checks all of it, and writes its files into a new folder (null: the
 * operation's own). Each package is taken once: a second time it is refused as a repetition. Throws WaymarkError
 * 'denied', 'integrity', 'not-found', 'usage' for one that was opened before, 'storage'.
 */
export async function receivePackage(
  operation: Operation,
  sealed: Uint8Array,
  from: string,
  into: string | null,
): Promise<ReceivedPackage> {
  const { manifest, files, entry } = await opened(operation, sealed, from);
  if (wasReceived(operation, manifest.id)) {
    throw new WaymarkError('usage', 'this package was opened here before', {
      where: manifest.id,
      remedy: 'Use what was taken from it then. "package list" shows when.',
    });
  }
  const folder = into ?? operation.path('received', manifest.id);
  if (fs.existsSync(folder)) {
    throw new WaymarkError('storage', 'there is a folder of that name already', { where: folder });
  }
  const table = files.get('records/selectors.csv');
  const { rows, total } =
    table === undefined || table.length === 0
      ? { rows: [], total: 0 }
      : await readTable(table, selectorColumns, mostSelectors);
  const selectors = rows.filter(([, , , canonical]) => canonical !== '');
  await operation.exclusively(async () => {
    for (const [name, bytes] of files) writeFileDurably(path.join(folder, name), bytes);
    writeFileDurably(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const facts = { manifest: digestOf(manifest), 'sender.entry': entry.index, 'sender.size': entry.size };
    const note = { reason: manifest.purpose, about: [manifest.from.origin] };
    operation.record({ action: 'package.receive', objects: [manifest.id], facts, note }, () => {
      keep(operation, manifest, 'received', null);
      for (const row of selectors) keepSelector(operation, manifest.id, row);
    });
  });
  return { manifest, entry, folder, selectors: { kept: selectors.length, named: total } };
}

const selectorColumns = ['person', 'account', 'selector', 'canonical', 'basis', 'times'] as const;

function keepSelector(operation: Operation, id: string, row: readonly string[]): void {
  const [person, account, selector, canonical, basis, times] = row.map((cell) =>
    // The sender put an apostrophe before what a spreadsheet would take for a formula.
    /^'[=+\-@\t\r\0]/.test(cell) ? cell.slice(1) : cell,
  ) as [string, string, string, string, string, string];
  operation.state.run(
    `insert into received_selector (package, person, account, selector, canonical, basis, times)
     values ($id, $person, $account, $selector, $canonical, $basis, $times)
     on conflict do update set times = times + excluded.times`,
    { id, person, account, selector, canonical, basis, times: /^\d{1,12}$/.test(times) ? Number(times) : 1 },
  );
}

/** Kinds of selectors that say something when two agencies hold the same. */
const tellingKinds: readonly string[] = ['email', 'phone', 'messenger', 'url', 'key', 'handle'];
const mostElsewhere = 200;

/** A selector of a person that a partner's package names too. */
export interface SeenElsewhere {
  readonly selector: string;
  readonly canonical: string;
  readonly package: string;
  readonly from: string;
  readonly created: string;
  readonly tlp: Tlp;
  readonly purpose: string;
  /** Persons, accounts of the partner's operation that show it. */
  readonly persons: number;
  readonly accounts: readonly string[];
  readonly times: number;
}

/**
 * Which selectors of a person packages of partners speak of too. The same value is no proof of the same human: a
 * handle can be anybody's. Throws WaymarkError 'not-found'.
 */
export async function seenElsewhere(
  operation: Operation,
  engine: Engine,
  person: string,
): Promise<{ readonly seen: readonly SeenElsewhere[]; readonly more: number }> {
  await assertPerson(engine, person);
  const own = await engine.rows<{ selector: string; canonical: string }>(selectorsOfPerson, { person });
  const manifests = new Map(
    listPackages(operation)
      .filter(({ direction }) => direction === 'received')
      .map((line) => [line.id, line]),
  );
  const seen: SeenElsewhere[] = [];
  for (const { selector, canonical } of own) {
    if (!tellingKinds.includes(selector)) continue;
    const rows = operation.state.all<{ package: string; person: string; account: string; times: number }>(
      `select package, person, account, sum(times) as times from received_selector
       where selector = $selector and canonical = $canonical group by package, person, account
       order by package, person, account`,
      { selector, canonical },
    );
    for (const [id, group] of Map.groupBy(rows, (row) => row.package)) {
      const line = manifests.get(id);
      if (!line) continue;
      const { created, tlp, purpose, from } = line;
      seen.push({
        selector,
        canonical,
        package: id,
        from,
        created,
        tlp,
        purpose,
        persons: new Set(group.map((row) => row.person)).size,
        accounts: group.slice(0, 20).map(({ account }) => account),
        times: group.reduce((sum, { times }) => sum + times, 0),
      });
    }
  }
  return { seen: seen.slice(0, mostElsewhere), more: Math.max(0, seen.length - mostElsewhere) };
}

/** The bytes of a package. Throws WaymarkError 'not-found', 'limit'. */
export function readSealed(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    throw new WaymarkError('not-found', 'the package cannot be opened', { where: file, cause });
  }
}

function keep(
  operation: Operation,
  manifest: Manifest,
  direction: 'sent' | 'received',
  persons: readonly string[] | null,
): void {
  operation.state.run(
    `insert into package (id, direction, manifest, persons, exhibits)
     values ($id, $direction, $manifest, $persons, $exhibits)`,
    {
      id: manifest.id,
      direction,
      manifest: canonicalJson(manifest),
      persons: persons === null ? null : canonicalJson(persons),
      exhibits: canonicalJson(manifest.exhibits.map(({ exhibit }) => exhibit)),
    },
  );
}

async function assertPerson(engine: Engine, person: string): Promise<void> {
  if ((await engine.rows(accountsOfPerson, { person })).length > 0) return;
  throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
    remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
  });
}

/** The hash of the bytes of each cited place: one pass through each file that is cited. */
async function hashSources(
  operation: Operation,
  pointers: readonly string[],
  onProgress: OnProgress,
): Promise<CitedSource[]> {
  const files = Map.groupBy(pointers, (pointer) => {
    const { exhibit, path: inner } = parsePointer(pointer);
    return `${exhibit}/${inner}`;
  });
  const hashed = new Map<string, string>();
  for (const cited of files.values()) {
    onProgress({ stage: 'hashing sources', done: hashed.size, total: pointers.length });
    const { exhibit: id, path: inner } = parsePointer(cited[0]!);
    const hashes = cited.map(() => createHash('sha256'));
    const exhibit = findExhibit(operation, id);
    await readPlaces(
      operation.vault,
      filesOf(operation, exhibit),
      inner,
      cited.map(parsePointer),
      (place, bytes) => hashes[place]!.update(bytes),
    );
    for (const [place, pointer] of cited.entries()) hashed.set(pointer, hashes[place]!.digest('hex'));
  }
  return pointers.map((pointer) => ({ pointer, sha256: hashed.get(pointer)! }));
}

function citedExhibits(
  operation: Operation,
  pointers: readonly string[],
): (Manifest['exhibits'][number] & { readonly path: string })[] {
  const ids = [...new Set(pointers.map((pointer) => parsePointer(pointer).exhibit))].sort();
  return ids.map((id) => {
    const { sha256, authority, reference, paths } = findExhibit(operation, id);
    return { exhibit: id, sha256, authority, reference, path: paths[0] ?? '' };
  });
}
