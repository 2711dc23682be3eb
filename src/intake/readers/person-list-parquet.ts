import * as zlib from 'node:zlib';
import { parquetMetadata, parquetSchema } from 'hyparquet/src/metadata.js';
import { parquetRead } from 'hyparquet/src/read.js';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import type { Compressors, FileMetaData, RowGroup } from 'hyparquet/src/types.js';
import { sha256Hex } from '../../base/hash.ts';
import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { ByteWindow, baseName, headOf } from '../byte-window.ts';
import {
  detectColumns,
  mappedColumns,
  type PersonColumns,
  type PersonMapping,
} from '../person-list/columns.ts';
import { type ListRow, PersonList, type Place, serviceOfList } from '../person-list/list.ts';
import { parquetText, parsers } from '../person-list/parquet-text.ts';
import { storedFileReader } from './stored-file.ts';

/** The footer of a file of millions of rows and hundreds of columns stays far below this. */
const maxFooterBytes = 16 * 1024 * 1024;
/** A row group is decoded whole: beyond this, packed or unpacked, or beyond so many values, memory would not hold it. */
const maxGroupBytes = 256 * 1024 * 1024;
const maxGroupValues = 12_000_000;
/** Dates of birth that are looked at to tell the order of day and month. */
const judgedRows = 1000;
const magic = 'PAR1';
const unit = 'persons';
const tooMuch = 'the values hold far more than an honest file of this size';

/** The reader of person lists as Parquet, with columns told by a mapping, or by their names where none is given. */
export function parquetPersonReaderFor(mapping: PersonMapping | null): Reader {
  return {
    name: 'person-list-parquet',
    version: 1,
    reads: 'plain lists of persons, as Parquet',
    unit: 'file',
    sniff: (head) => (Buffer.from(head.subarray(0, 4)).toString('latin1') === magic ? 0.6 : 0),
    async read(input: Input, records: Records): Promise<void> {
      const footer = await footerOf(input);
      const names = footer?.names ?? [];
      const header = { count: names.length, text: (field: number) => names[field] ?? '' };
      const columns = mapping ? mappedColumns(header, mapping) : detectColumns(header);
      if (footer === null || columns === null) {
        const text =
          footer === null
            ? 'the Parquet file has no footer that can be read: it is kept and hashed'
            : 'the columns of this Parquet file are no list of persons: it is kept and hashed';
        records.warn('person-list-header', text, 0, 0);
        await storedFileReader.read(input, records);
        return;
      }
      await new ParquetPersons(input, records, footer, columns).read();
    },
  };
}

/**
 * Lists of persons as Parquet, read in pure TypeScript and JavaScript inside the sandbox; the engine never opens them.
 * Records are those of a CSV list. A row of Parquet has no bytes of its own: an account points to the bytes of its
 * row group, a sighting to those of its columns there, and the attribute "row in the file" says which row.
 * Compression: none, Snappy, gzip, Zstandard, Brotli. Columns that hold more than one value a row are left out
 * with a warning. Tally unit `persons`. A Parquet file that is no list of persons is kept and hashed as any file.
 */
export const parquetPersonReader: Reader = parquetPersonReaderFor(null);

class ParquetPersons {
  private readonly input: Input;
  private readonly records: Records;
  private readonly footer: Footer;
  private readonly columns: PersonColumns;
  private readonly meter = new Meter();
  private list: PersonList | null = null;
  private service = '';
  private row = 0;

  constructor(input: Input, records: Records, footer: Footer, columns: PersonColumns) {
    this.input = input;
    this.records = records;
    this.footer = footer;
    this.columns = columns;
  }

  async read(): Promise<void> {
    const { input, records, footer } = this;
    const head = await headOf(input, limits.sniffBytes);
    const stem = baseName(input.name).replace(/(\.(parquet|gz))+$/i, '');
    this.service = serviceOfList(stem, sha256Hex(head));
    if (footer.leftOut > 0) {
      const text = `${footer.leftOut} columns hold several values a row, or have another's name: left out`;
      records.warn('person-columns', text, 0, 0);
    }
    const window = new ByteWindow();
    const pieces = input.chunks()[Symbol.asyncIterator]();
    let ended = false;
    for (const group of footer.metadata.row_groups) {
      const rows = Math.max(0, Math.min(Number(group.num_rows), 2 ** 31));
      const place = placeOfGroup(group);
      const refused = this.refusal(group, place, rows, window.offset);
      if (refused === null) {
        window.discard(Math.min(window.size, place!.offset - window.offset));
        while (!ended && window.offset + window.size < place!.offset + place!.length) {
          const { value, done } = await pieces.next();
          ended = done === true;
          if (done) break;
          this.meter.packed += value.length;
          window.append(value);
          // Passed over as they come, so that a gap between groups takes no memory.
          if (window.offset < place!.offset)
            window.discard(Math.min(window.size, place!.offset - window.offset));
        }
        await this.group(group, rows, place!, window);
      } else {
        const inside = place !== null && place.offset + place.length <= footer.bytes;
        records.warn('parquet-group', refused, inside ? place.offset : 0, inside ? place.length : 0);
        this.leave(refused, rows);
      }
    }
    await pieces.return?.();
  }

  /** Why a row group is not read, or null. */
  private refusal(group: RowGroup, place: Place | null, rows: number, from: number): string | null {
    if (place === null || place.offset + place.length > this.footer.bytes)
      return 'a row group does not say where in the file it lies';
    if (place.offset < from) return 'a row group lies before or within the one before it';
    const values = rows * Math.max(1, group.columns.length);
    if (place.length > maxGroupBytes || values > maxGroupValues)
      return 'a row group is larger than memory allows';
    return this.meter.spent ? tooMuch : null;
  }

  private leave(reason: string, rows: number): void {
    if (rows > 0) this.records.skip(unit, reason, rows);
    this.row += rows;
  }

  private async group(group: RowGroup, rows: number, place: Place, window: ByteWindow): Promise<void> {
    const { records, columns } = this;
    const { names } = this.footer;
    let found: unknown[][] = [];
    try {
      const base = window.offset;
      // One group as if it were the whole file.
      const metadata = { ...this.footer.metadata, row_groups: [group], num_rows: group.num_rows };
      const slice = (start: number, end = place.offset + place.length) => {
        if (start < base || end > base + window.size) throw new Error('bytes beyond the row group');
        return Uint8Array.prototype.slice.call(window.bytes, start - base, end - base).buffer as ArrayBuffer;
      };
      await parquetRead({
        file: { byteLength: place.offset + place.length, slice },
        metadata,
        columns: names,
        rowFormat: 'array',
        compressors,
        parsers,
        geoparquet: false,
        onComplete: (decoded) => {
          found = decoded as unknown[][];
        },
      });
    } catch {
      records.warn('parquet-damaged', 'a row group cannot be decoded', place.offset, place.length);
      this.leave('damaged', rows);
      return;
    }
    const ranges = columnPlaces(group, names);
    this.list ??= new PersonList(records, this.service, columns, birthdaysOf(found, columns), place);
    let taken = 0;
    for (const values of found) {
      if (this.meter.spent) break;
      this.row++;
      taken++;
      this.list.person(this.rowOf(values, place, ranges));
    }
    if (taken === rows) return;
    const reason = this.meter.spent ? tooMuch : 'a row group has fewer rows than it says';
    records.warn('parquet-group', reason, place.offset, place.length);
    this.leave(reason, rows - taken);
  }

  private rowOf(values: readonly unknown[], place: Place, ranges: readonly (Place | null)[]): ListRow {
    return {
      ...place,
      count: values.length,
      text: (field) => this.meter.weigh(parquetText(values[field])),
      placeOf: (fields) => {
        const places = fields
          .map((field) => ranges[field])
          .filter((each) => each !== null && each !== undefined);
        if (places.length === 0) return place;
        const offset = Math.min(...places.map((each) => each.offset));
        return { offset, length: Math.max(...places.map((each) => each.offset + each.length)) - offset };
      },
      notes: { 'row in the file': String(this.row) },
    };
  }
}

/** Counts what comes out of a file: one value, stored once, may stand in every row. */
class Meter {
  packed = 0;
  private out = 0;

  weigh(text: string): string {
    this.out += text.length;
    return text;
  }
  get spent(): boolean {
    return (
      this.out > limits.archiveRatioGraceBytes && this.out > limits.maxArchiveRatio * Math.max(this.packed, 1)
    );
  }
}

/** What the end of a file says of the rest. */
interface Footer {
  readonly metadata: FileMetaData;
  /** Names of the columns that hold one value a row, in order. */
  readonly names: string[];
  readonly leftOut: number;
  /** Length of the file. */
  readonly bytes: number;
}

/** The footer, for which the file is read once, or null where it has none that can be understood. */
async function footerOf(input: Input): Promise<Footer | null> {
  const tail = new ByteWindow();
  for await (const piece of input.chunks()) {
    tail.append(piece);
    if (tail.size > 2 * maxFooterBytes) tail.discard(tail.size - maxFooterBytes);
  }
  const from = Math.max(0, tail.size - maxFooterBytes);
  const bytes = Uint8Array.prototype.slice.call(tail.bytes, from, tail.size);
  try {
    const metadata = parquetMetadata(bytes, { parsers, geoparquet: false });
    const { children } = parquetSchema(metadata);
    const names = new Set(
      children
        .filter((child) => child.children.length === 0 && child.element.repetition_type !== 'REPEATED')
        .map(({ element }) => String(element.name)),
    );
    return {
      metadata,
      names: [...names],
      leftOut: children.length - names.size,
      bytes: tail.offset + tail.size,
    };
  } catch {
    return null;
  }
}

function placeOfGroup(group: RowGroup): Place | null {
  const places = group.columns.map(({ meta_data }) => placeOfChunk(meta_data));
  if (places.length === 0 || places.some((place) => place === null)) return null;
  const offset = Math.min(...places.map((place) => place!.offset));
  return { offset, length: Math.max(...places.map((place) => place!.offset + place!.length)) - offset };
}

function placeOfChunk(chunk: RowGroup['columns'][number]['meta_data']): Place | null {
  if (!chunk) return null;
  const offset = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const length = Number(chunk.total_compressed_size);
  return offset >= 0 && length >= 0 && Number.isSafeInteger(offset + length) ? { offset, length } : null;
}

function columnPlaces(group: RowGroup, names: readonly string[]): (Place | null)[] {
  const places = new Map(
    group.columns.map(({ meta_data }) => [meta_data?.path_in_schema[0], placeOfChunk(meta_data)]),
  );
  return names.map((name) => places.get(name) ?? null);
}

function* birthdaysOf(rows: readonly (readonly unknown[])[], columns: PersonColumns): Generator<string> {
  for (const row of rows.slice(0, judgedRows)) {
    for (const field of columns.birthday) yield parquetText(row[field]);
  }
}

/** Unpackers that stop at the size a page says it has, and at the most that is taken. */
const compressors: Compressors = {
  SNAPPY(packed, size) {
    const page = new Uint8Array(pageSize(size));
    snappyUncompress(packed, page);
    return page;
  },
  GZIP: (packed, size) => zlib.gunzipSync(packed, { maxOutputLength: pageSize(size) }),
  ZSTD: (packed, size) => zlib.zstdDecompressSync(packed, { maxOutputLength: pageSize(size) }),
  BROTLI: (packed, size) => zlib.brotliDecompressSync(packed, { maxOutputLength: pageSize(size) }),
};

function pageSize(size: number): number {
  if (!(size >= 0 && size <= maxGroupBytes)) throw new Error('a page is larger than memory allows');
  return Math.max(1, size);
}
