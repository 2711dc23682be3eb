import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { mediaTypeOf } from '../../../src/intake/media-type.ts';
import { storedFileReader } from '../../../src/intake/readers/stored-file.ts';
import { readAll } from '../../support/read.ts';

/** A head of `size` bytes with text (latin1) at given places. */
function head(places: Record<number, string>, size = 600): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (const [at, text] of Object.entries(places)) bytes.write(text, Number(at), 'latin1');
  return new Uint8Array(bytes);
}

/** A ZIP local file header with a stored content. */
function zipEntry(name: string, content = ''): string {
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 0, 'latin1');
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return header.toString('latin1') + name + content;
}

const office = 'application/vnd.openxmlformats-officedocument';
const types = zipEntry('[Content_Types].xml', '<x/>');
const mp3Frame = '\xff\xfb\x90\x00'; // MPEG-1 Layer III, 128 kbit/s, 44.1 kHz: 417 bytes
const bitmap = 'BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0';

const known: [string, Uint8Array][] = [
  ['image/jpeg', head({ 0: '\xff\xd8\xff\xe0' })],
  ['image/png', head({ 0: '\x89PNG\r\n\x1a\n' })],
  ['image/gif', head({ 0: 'GIF89a' })],
  ['image/webp', head({ 0: 'RIFF', 8: 'WEBP' })],
  ['image/tiff', head({ 0: 'II*\0' })],
  ['image/bmp', head({ 0: bitmap })],
  ['image/heic', head({ 3: '\x18', 4: 'ftypheic', 16: 'mif1heic' })],
  ['image/heic', head({ 3: '\x18', 4: 'ftypmif1', 16: 'mif1heic' })],
  ['image/avif', head({ 3: '\x18', 4: 'ftypavif', 16: 'mif1avif' })],
  ['video/mp4', head({ 3: '\x18', 4: 'ftypisom', 16: 'isommp41' })],
  ['video/quicktime', head({ 3: '\x14', 4: 'ftypqt  ' })],
  ['video/quicktime', head({ 3: '\x08', 4: 'wide', 12: 'mdat' })],
  ['audio/mp4', head({ 3: '\x18', 4: 'ftypM4A ' })],
  ['video/3gpp', head({ 3: '\x18', 4: 'ftyp3gp5' })],
  ['video/webm', head({ 0: '\x1aE\xdf\xa3\x9f\x42\x82\x84webm' })],
  ['video/matroska', head({ 0: '\x1aE\xdf\xa3\x9f\x42\x82\x88matroska' })],
  ['video/vnd.avi', head({ 0: 'RIFF', 8: 'AVI ' })],
  ['audio/vnd.wave', head({ 0: 'RIFF', 8: 'WAVE' })],
  ['audio/mpeg', head({ 0: 'ID3\x03\0\0\0\0\x02\x01' })],
  ['audio/mpeg', head({ 0: mp3Frame, 417: mp3Frame })],
  ['application/ogg', head({ 0: 'OggS\0' })],
  ['application/pdf', head({ 0: '%PDF-1.7' })],
  ['application/x-ole-storage', head({ 0: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' })],
  ['application/vnd.rar', head({ 0: 'Rar!\x1a\x07\x01\0' })],
  ['application/x-7z-compressed', head({ 0: '7z\xbc\xaf\x27\x1c' })],
  ['application/vnd.sqlite3', head({ 0: 'SQLite format 3\0' })],
  ['video/mp2t', head({ 0: 'G', 188: 'G', 376: 'G', 564: 'G' })],
  ['application/vnd.microsoft.portable-executable', head({ 0: 'MZ', 60: '\x80', 128: 'PE\0\0' })],
  [`${office}.wordprocessingml.document`, head({ 0: types + zipEntry('word/document.xml') })],
  [
    `${office}.spreadsheetml.sheet`,
    head({ 0: types + zipEntry('_rels/.rels') + zipEntry('xl/workbook.xml') }),
  ],
  [
    `${office}.presentationml.presentation`,
    head({ 0: zipEntry('_rels/.rels') + zipEntry('ppt/presentation.xml') }),
  ],
  [
    'application/vnd.oasis.opendocument.text',
    head({ 0: zipEntry('mimetype', 'application/vnd.oasis.opendocument.text') }),
  ],
  ['application/epub+zip', head({ 0: zipEntry('mimetype', 'application/epub+zip') })],
];

const packings: [string, Uint8Array][] = [
  ['application/zip', head({ 0: zipEntry('word/bell.txt') })],
  ['application/zip', head({ 0: zipEntry('mimetype', 'no type') })],
  ['application/zip', head({ 0: 'PK\x05\x06' }, 22)],
  ['application/gzip', head({ 0: '\x1f\x8b\x08' })],
  ['application/x-tar', head({ 0: 'bell.txt', 257: 'ustar\x0000' })],
  ['application/x-bzip2', head({ 0: 'BZh91AY&SY' })],
  ['application/x-xz', head({ 0: '\xfd7zXZ\0' })],
];

for (const [type, bytes] of known) {
  test(`${type} is told by its first bytes`, () => {
    assert.equal(mediaTypeOf(bytes), type);
    assert.equal(storedFileReader.sniff(bytes, 'any'), 0.3);
  });
}

test('packings are named but left to the unpacking', () => {
  for (const [type, bytes] of packings) {
    assert.equal(mediaTypeOf(bytes), type);
    assert.equal(storedFileReader.sniff(bytes, 'any'), 0, type);
  }
});

test('text, and what only begins like a signature, has no type', () => {
  for (const text of [
    '',
    'B',
    'BM is a make of bicycle\n'.repeat(20),
    'MZ are initials\n'.repeat(20),
    'ID3 is a tag\n'.repeat(20),
    'GET / HTTP/1.1\n'.repeat(50),
    'BZh is no archive\n'.repeat(20),
    'From a@example.org Sun Jan  6 08:00:54 2019\n',
    '{"value":[]}',
    '<?xml version="1.0"?>',
    'RIFF of something else entirely',
    'wide tyres roll well\n',
    'a,b;moov\n',
  ]) {
    assert.equal(mediaTypeOf(new Uint8Array(Buffer.from(text))), null, text.slice(0, 20));
  }
});

test('any head is judged without throwing, also when cut', () => {
  const source = fc.constantFrom(...known, ...packings);
  fc.assert(
    fc.property(source, fc.nat(600), fc.uint8Array({ maxLength: 40 }), ([, bytes], cut, noise) => {
      const head = bytes.slice(0, cut);
      head.set(noise.subarray(0, Math.max(0, head.length - 4)), Math.min(4, head.length));
      mediaTypeOf(head);
    }),
    { seed: 31, numRuns: 2000 },
  );
});

test('name, size, type and hashes of any bytes, at any chunk size', async () => {
  const byte = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(byte, async (bytes) => {
      const hash = (name: string) => createHash(name).update(bytes).digest('hex');
      for (const chunkBytes of [1, 7, 4096]) {
        const { rows, tallies } = await readAll(storedFileReader, bytes, {
          chunkBytes,
          name: 'a/b\\12_file',
        });
        assert.deepEqual(rows.content, [
          {
            name: '12_file',
            size: bytes.length,
            media_type: mediaTypeOf(bytes) ?? 'application/octet-stream',
            md5: hash('md5'),
            sha1: hash('sha1'),
            sha256: hash('sha256'),
            source_path: '',
            source_offset: 0,
            source_length: bytes.length,
          },
        ]);
        assert.deepEqual(tallies, [{ unit: 'files', rows: 1, read: 1, skipped: {} }]);
      }
    }),
    { seed: 32, numRuns: 60 },
  );
});
