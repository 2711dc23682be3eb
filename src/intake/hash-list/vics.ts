import { isUtf8 } from 'node:buffer';
import parseJson from 'secure-json-parse';
import { decodeLoosely } from '../../evidence/columns.ts';
import type { Input } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { bomLength } from '../byte-window.ts';
import { JsonObjects, type ObjectsShape } from '../json-objects.ts';
import {
  type HashAlgorithm,
  type HashOutcome,
  hashAlgorithmOf,
  ListedHashes,
  type ListHeading,
} from './listed-hashes.ts';

/**
 * Reads JSON in the shape of VICS 1.x and 2.0 case files and hash sets. The model itself is closed; the shape
 * is known from open tools (IPED, Autopsy, GLEAPP), so this is compatible, not certified. What is trusted is
 * the hashes and `Category` alone: `IsPrecategorized` stands on uncategorised entries, and booleans arrive as
 * texts of which "false" is one.
 */

/**
 * The entries are the objects of `value[]` (a hash set) or of `value[].Media[]` (a case). The keys are those
 * that the objects nested in a Media object may begin with.
 */
const shape: ObjectsShape = {
  array: 'value',
  inner: 'Media',
  anchor: new Set(
    'MD5 SHA1 FileName FilePath Created Written Accessed Unallocated Deleted PhysicalLocation SourceID ParentMD5 HashName HashValue PropertyName PropertyValue SegmentIndex Start End Category RepositoryName'.split(
      ' ',
    ),
  ),
};

/** How surely the head is such a file. */
export function judgeVics(head: Uint8Array): number {
  const text = Buffer.from(head.subarray(bomLength(head))).toString('latin1');
  if (!/^\s*\{/.test(text)) return 0;
  const context = /"@?odata\.(?:context|metadata)"\s*:\s*("[^"]*")/.exec(text);
  if (context && isContext(textOf(context[1]!))) return 0.98;
  const shaped =
    /"value"\s*:\s*\[/.test(text) && /"MediaID"\s*:/.test(text) && /"MD5"\s*:\s*"[0-9A-Fa-f]{32}"/.test(text);
  return shaped ? 0.8 : 0;
}

/** Root members that name the data model. */
const contextKeys = new Set(['@odata.context', 'odata.context', 'odata.metadata', '@odata.metadata']);

function isContext(url: string): boolean {
  return /projectvic/i.test(url);
}

function textOf(json: string): string {
  try {
    return String(parseJson(json));
  } catch {
    return '';
  }
}

/**
 * Whose categories the file uses: the country segment of the 2.0 context
 * (`.../DataModels/2.0.xml/<country>/$metadata#Media`). 1.x states none: null.
 */
export function schemeOf(context: string): string | null {
  const segment = /\/([^/]+)\/\$metadata(?:#|$)/.exec(context)?.[1];
  return segment === undefined || /\.xml$/i.test(segment) ? null : segment;
}

export async function readVics(input: Input, records: Records, heading: ListHeading): Promise<void> {
  const context = await findContext(input);
  if (context === null) {
    records.warn(
      'vics-context',
      'the file does not name its data model; whose categories these are is unknown',
      0,
      0,
    );
  }
  const hashes = new ListedHashes(records, {
    ...heading,
    scheme: context === null ? null : schemeOf(context),
  });
  const media = new MediaEntries(records, hashes);
  const scanner = new JsonObjects(shape, media);
  for await (const chunk of input.chunks()) scanner.push(chunk);
  scanner.end();
}

/** The file's context. It mostly stands first; where it follows the entries, the file is read once more for it. */
async function findContext(input: Input): Promise<string | null> {
  let context: string | null = null;
  const scanner = new JsonObjects(shape, {
    root(key, json) {
      if (contextKeys.has(key)) context ??= textOf(json);
    },
    entry() {},
    lost() {},
  });
  for await (const chunk of input.chunks()) {
    scanner.push(chunk);
    if (context !== null) break;
  }
  return context;
}

type Members = Record<string, unknown>;

class MediaEntries {
  private readonly records: Records;
  private readonly hashes: ListedHashes;

  constructor(records: Records, hashes: ListedHashes) {
    this.records = records;
    this.hashes = hashes;
  }

  root(): void {}

  lost(offset: number, length: number, entry: boolean): void {
    if (entry) this.records.skip('entries', 'damaged');
    const text =
      length === 0 ? 'the file ends before its last bracket' : 'the JSON is damaged here and was passed over';
    this.records.warn('vics-damaged', text, offset, length);
  }

  entry(bytes: Uint8Array, offset: number): void {
    const { records } = this;
    const media = parseEntry(bytes);
    if (media === null) {
      records.skip('entries', 'damaged');
      records.warn('vics-damaged', 'the entry is no valid JSON', offset, bytes.length);
      return;
    }
    if (!isUtf8(bytes)) {
      records.warn('not-utf8', 'the entry is not UTF-8 and was read as Windows-1252', offset, bytes.length);
    }
    const outcomes = this.values(media, offset, bytes.length);
    const refused = outcomes.find((each) => each !== 'taken');
    if (outcomes.includes('taken')) {
      records.read('entries');
      if (refused)
        records.warn('hash-left-out', `one of several values was left out: ${refused}`, offset, bytes.length);
    } else {
      records.skip('entries', refused ?? (isCase(media) ? 'case without media' : 'no hash'));
      if (refused === 'malformed hash') {
        records.warn('hash-malformed', 'a value has not the digits of its algorithm', offset, bytes.length);
      }
    }
  }

  /** Adds every different value of an entry: its own, its alternative ones, and those of other algorithms counted. */
  private values(media: Members, offset: number, length: number): HashOutcome[] {
    const category = categoryOf(media.Category);
    const seen = new Set<string>();
    const outcomes: HashOutcome[] = [];
    const add = (algorithm: HashAlgorithm, value: unknown) => {
      if (typeof value !== 'string' || value.trim() === '') return;
      const text = value.trim().toLowerCase();
      if (seen.has(`${algorithm} ${text}`)) return;
      seen.add(`${algorithm} ${text}`);
      const bytes = Buffer.from(text);
      outcomes.push(this.hashes.add(algorithm, bytes, 0, bytes.length, category, offset, length));
    };
    add('md5', media.MD5);
    add('sha1', media.SHA1);
    add('sha256', media.SHA256);
    for (const each of objectsOf(media.AlternativeHashes)) {
      const algorithm = hashAlgorithmOf(String(each.HashName ?? ''));
      if (algorithm) add(algorithm, each.HashValue);
      else this.records.skip('other hashes', 'algorithm not matched');
    }
    if (typeof media.PhotoDNA === 'string' && media.PhotoDNA !== '') {
      this.records.skip('other hashes', 'PhotoDNA');
    }
    this.compareFiles(media, offset, length);
    return outcomes;
  }

  /** MediaFiles say where the medium was found, under its own MD5; another value there is a contradiction. */
  private compareFiles(media: Members, offset: number, length: number): void {
    const own = typeof media.MD5 === 'string' ? media.MD5.trim().toLowerCase() : '';
    const differs = objectsOf(media.MediaFiles).some(
      ({ MD5 }) => typeof MD5 === 'string' && MD5.trim() !== '' && MD5.trim().toLowerCase() !== own,
    );
    if (differs) {
      this.records.warn(
        'vics-md5-differs',
        'a MediaFiles entry has another MD5; only the own one is listed',
        offset,
        length,
      );
    }
  }
}

function parseEntry(bytes: Uint8Array): Members | null {
  try {
    const value: unknown = parseJson(decodeLoosely(bytes), {
      protoAction: 'remove',
      constructorAction: 'remove',
    });
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectsOf(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isCase(media: Members): boolean {
  return 'CaseID' in media || 'CaseNumber' in media;
}

/** A whole number, also when written as text; null where the entry is not categorised. */
function categoryOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || text.toLowerCase() === 'null' ? null : text;
}
