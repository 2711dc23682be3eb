import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import { WaymarkError } from '../../src/base/errors.ts';
import { decodeBatch, encodeBatch } from '../../src/evidence/frames.ts';
import type { Reader } from '../../src/evidence/reader.ts';
import { Records } from '../../src/evidence/records.ts';
import { columnsOf } from '../../src/evidence/tables.ts';
import { readers } from '../../src/intake/readers.ts';
import { bytesOfBuffer, unpack } from '../../src/intake/unpack.ts';
import { tarOf, zipOf } from '../support/pack.ts';
import { inputOf } from '../support/read.ts';

/** Something that takes bytes which others wrote. */
export interface Target {
  readonly name: string;
  /** Files as they should be, from which inputs are made. */
  readonly wellFormed: readonly Buffer[];
  /** Takes one input; throws an Error that says what it did wrong. What it refuses in good order is no error. */
  take(bytes: Buffer, pieceBytes: number): Promise<void>;
}

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');

function filesOf(folder: string): Buffer[] {
  return fs
    .readdirSync(path.join(fixtures, folder))
    .sort()
    .map((name) => fs.readFileSync(path.join(fixtures, folder, name)));
}

const text = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`);
const digest = 'd41d8cd98f00b204e9800998ecf8427e';

const wellFormed: Readonly<Record<string, readonly Buffer[]>> = {
  phpbb: filesOf('phpbb'),
  'access-log': filesOf('web-log'),
  'error-log': filesOf('web-log'),
  mbox: filesOf('mail'),
  mail: filesOf('mail'),
  'hash-list': [
    text('# invented', digest, digest.replace('d', '0')),
    text(
      '"SHA-1","MD5","CRC32","FileName","FileSize"',
      `"${digest}01234567","${digest}","00000000","kettle.txt",12`,
    ),
    Buffer.from(JSON.stringify({ value: [{ MediaID: 1, Category: 1, MD5: digest, MediaSize: '12' }] })),
  ],
  'fact-list': [
    text(
      'service,native_id,fact,reference,officer,entered_at',
      'phpbb:garden.example_board,3,prior record,2011/77,Officer 12,2020-05-01T10:00:00Z',
    ),
  ],
  'person-list': [
    text(
      'rec_id,given_name,surname,date_of_birth,suburb,postcode,email,club',
      'm-1,Anna,Kettle,23/04/1970,Upper Garden,1234,Anna@Coffee.Example,bicycle',
      'm-2,"Lee, J.",Spade,1970-13-40,,,,',
    ),
    text('name;dob;city', 'A B;1970-01-01;X', '"C ""D""";1.2.1980;Y'),
  ],
  'person-list-parquet': filesOf('person-list'),
  'column-mapping': [
    text('given name: voornaam', 'street: [straat, "nr."]'),
    Buffer.from('{"name": "wie", "birthday": ["dag", "jaar"]}'),
  ],
  'chat-export': filesOf('chat-export'),
  'whatsapp-export': filesOf('whatsapp-export'),
  'provider-report': filesOf('provider-report'),
  'subscriber-return': filesOf('subscriber-return'),
  registry: filesOf('registry'),
  'stored-file': [Buffer.from('\x89PNG\r\n\x1a\n a kettle', 'latin1'), text('a note')],
};

/** Runs a reader as the sandbox does, through the pipe's encoding, and holds it to the contract of readers. */
async function takeWith(reader: Reader, bytes: Buffer, pieceBytes: number): Promise<void> {
  let rows = 0;
  const records = new Records('', (batch) => {
    const decoded = decodeBatch(encodeBatch(batch));
    rows += decoded.rows;
    assertPlacesInside(decoded, bytes.length);
  });
  const score = reader.sniff(bytes.subarray(0, 65_536), 'exhibit');
  if (!(score >= 0 && score <= 1)) throw new Error(`sniffing gave ${score}`);
  await reader.read(inputOf(bytes, { chunkBytes: pieceBytes }), records);
  const { counts, tallies } = records.finish();
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (counted !== rows) throw new Error(`${counted} rows counted, ${rows} sent`);
  for (const { unit, rows, read, skipped } of tallies) {
    const sum = Object.values(skipped).reduce((a, b) => a + b, read);
    if (sum !== rows) throw new Error(`of ${rows} ${unit}, ${sum} are accounted for`);
  }
}

function assertPlacesInside(batch: ReturnType<typeof decodeBatch>, bytes: number): void {
  const names = columnsOf(batch.table).map(([name]) => name);
  const offsets = batch.columns[names.indexOf('source_offset')]!;
  const lengths = batch.columns[names.indexOf('source_length')]!;
  if (offsets.kind !== 'int' || lengths.kind !== 'int') throw new Error('a row without its place');
  offsets.values.forEach((offset, row) => {
    const end = offset + lengths.values[row]!;
    if (offset < 0 || end < offset || end > bytes)
      throw new Error(`a ${batch.table} points to ${offset}+${end - offset} of ${bytes} bytes`);
  });
}

async function packed(): Promise<Buffer[]> {
  const files = [
    { name: 'club.mbox', bytes: wellFormed.mbox![0]! },
    { name: 'a/b.log', bytes: wellFormed['access-log']![0]! },
  ];
  const tar = await tarOf(files);
  return [
    zipOf(files),
    tar,
    zlib.gzipSync(tar),
    zlib.gzipSync(files[0]!.bytes),
    zipOf([{ name: 'a.tar', bytes: tar }]),
  ];
}

/** Everything that a packed file can hold is read to its end, or refused in good order. */
async function takePacked(bytes: Buffer): Promise<void> {
  try {
    for await (const inner of unpack(bytesOfBuffer(bytes), () => {})) for await (const _ of inner.chunks());
  } catch (error) {
    if (!(error instanceof WaymarkError)) throw error;
  }
}

/** The parent's side of the pipe: a batch from a process that hostile bytes have taken over. */
async function takeFrame(bytes: Buffer): Promise<void> {
  try {
    decodeBatch(bytes);
  } catch (error) {
    if (!(error instanceof WaymarkError)) throw error;
  }
}

async function framesOf(name: string): Promise<Buffer[]> {
  const frames: Buffer[] = [];
  const reader = readers.find((each) => each.name === name)!;
  for (const file of wellFormed[name]!) {
    const records = new Records('', (batch) => frames.push(Buffer.from(encodeBatch(batch))));
    await reader.read(inputOf(file), records);
    records.finish();
  }
  return frames;
}

/** Every reader, what unpacks exhibits, and what takes the sandbox's answers. */
export const targets: readonly Target[] = [
  ...readers.map((reader) => {
    const files = wellFormed[reader.name];
    if (!files)
      throw new Error(`name well-formed files for the reader "${reader.name}" in test/fuzz/targets.ts`);
    return {
      name: reader.name,
      wellFormed: files,
      take: (bytes: Buffer, pieceBytes: number) => takeWith(reader, bytes, pieceBytes),
    };
  }),
  { name: 'unpacking', wellFormed: await packed(), take: takePacked },
  {
    name: 'sandbox frames',
    wellFormed: [...(await framesOf('phpbb')), ...(await framesOf('mbox'))],
    take: takeFrame,
  },
];
