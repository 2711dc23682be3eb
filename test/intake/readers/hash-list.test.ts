import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashListReader } from '../../../src/intake/readers/hash-list.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { type ReadResult, readAll } from '../../support/read.ts';

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const md5 = (text: string) => hash('md5', text);
const sha1 = (text: string) => hash('sha1', text);
const sha256 = (text: string) => hash('sha256', text);
const emptyMd5 = md5('');
const emptySha1 = sha1('');

/** Reads at every chunk size, insists that the results agree, and that the counts add up. */
async function readEverywhere(content: string | Uint8Array, name = 'list'): Promise<ReadResult> {
  const bytes = new Uint8Array(typeof content === 'string' ? Buffer.from(content) : content);
  const results: ReadResult[] = [];
  for (const chunkBytes of [1, 7, 4096, 1024 * 1024]) {
    results.push(await readAll(hashListReader, bytes, { chunkBytes, name }));
  }
  for (const result of results) assert.deepEqual(result, results[0]);
  const result = results[0]!;
  for (const tally of result.tallies) {
    const skipped = Object.values(tally.skipped).reduce((sum, count) => sum + count, 0);
    assert.equal(tally.rows, tally.read + skipped, tally.unit);
  }
  for (const row of result.rows.listed_hash ?? []) {
    const from = row.source_offset as number;
    const cited = Buffer.from(bytes.subarray(from, from + (row.source_length as number))).toString('latin1');
    assert.ok(cited.toLowerCase().includes(row.value as string), 'the cited bytes hold the value');
  }
  return result;
}

function sniff(content: string | Uint8Array): number {
  return hashListReader.sniff(
    new Uint8Array(typeof content === 'string' ? Buffer.from(content) : content),
    '',
  );
}

const context2 = 'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata';

const caseFile = `\ufeff${JSON.stringify(
  {
    '@odata.context': `${context2}#Cases`,
    value: [
      {
        CaseID: '00000000-0000-0000-0000-000000000001',
        CaseNumber: 'EX-1',
        TotalMediaFiles: 99,
        Media: [
          {
            MediaID: 1,
            Category: 1,
            MD5: md5('bell').toUpperCase(),
            SHA1: sha1('bell').toUpperCase(),
            VictimIdentified: 'false',
            Comments: 'braces } ] and a quote \\" in text',
            PhotoDNA: 'AAAA',
            MediaFiles: [
              { MD5: md5('bell'), FileName: 'bell.jpg', FilePath: 'a\\bell.jpg' },
              { MD5: md5('bell').toUpperCase(), FileName: 'copy.jpg', FilePath: 'b\\copy.jpg' },
            ],
            AlternativeHashes: [
              { MD5: md5('bell'), HashName: 'SHA-256', HashValue: sha256('bell') },
              { MD5: md5('bell'), HashName: 'MD5', HashValue: md5('bell') },
              { MD5: md5('bell'), HashName: 'TLSH', HashValue: 'T1' },
            ],
          },
          { MediaID: 2, Category: null, IsPrecategorized: 'true', MD5: md5('gear'), SHA1: '' },
          { MediaID: 3, Category: 1, MD5: emptyMd5.toUpperCase(), SHA1: emptySha1 },
        ],
      },
      { CaseID: '2', Media: [] },
      {
        CaseNumber: 'EX-3',
        Tags: [{ a: [{}] }],
        Media: [
          { MediaID: 1, Category: '2', MD5: 'not a hash', SHA1: sha1('chain') },
          { MediaID: 2, Category: 2, MD5: 'zz' },
          { MediaID: 3, Category: 2, MD5: md5('bell'), MediaFiles: [{ MD5: md5('gear') }] },
          { MediaID: 4, Category: 2, MD5: '0'.repeat(32), SHA1: null },
        ],
      },
      { CaseNumber: 'EX-4' },
    ],
  },
  null,
  1,
)}`;

test('a VICS 2.0 case file', async () => {
  assert.equal(sniff(caseFile), 0.98);
  assertGolden('hash-list/vics-2.0-cases.jsonl', goldenText(await readEverywhere(caseFile, 'in/case.json')));
});

test('a VICS 1.3 hash set in one line, with its context after the entries', async () => {
  const set = JSON.stringify({
    'odata.id': 'x',
    value: [
      { MD5: md5('bell'), Category: 3, MediaID: 7 },
      { MD5: md5('gear'), Category: 0, MediaID: 8, SHA1: sha1('gear') },
    ],
    'odata.metadata': 'http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media',
  });
  assert.ok(sniff(set) > 0.7);
  assertGolden('hash-list/vics-1.3-set.jsonl', goldenText(await readEverywhere(set)));
});

test('a scheme that follows the entries is found all the same', async () => {
  const set = JSON.stringify({
    value: [{ MediaID: 7, MD5: md5('bell'), Category: 3 }],
    '@odata.context': `${context2}#Media`,
  });
  const { rows } = await readEverywhere(set);
  assert.deepEqual(
    rows.listed_hash!.map((row) => [row.scheme, row.category]),
    [['UK', '3']],
  );
});

const entries = Array.from({ length: 9 }, (_, index) => ({
  MediaID: index,
  Category: 1,
  MD5: md5(`spoke ${index}`),
  Comments: `spoke ${index}`,
  MediaFiles: [{ MD5: md5(`spoke ${index}`), FileName: 'spoke.jpg' }],
}));
const hashSet = (indent: number) =>
  JSON.stringify({ '@odata.context': `${context2}#Media`, value: entries }, null, indent);
const caseOf = (indent: number) =>
  JSON.stringify(
    { '@odata.context': `${context2}#Cases`, value: [{ CaseNumber: 'EX', Media: entries }] },
    null,
    indent,
  );

/** What damage to the fifth entry leaves: the other eight, one entry skipped, a warning inside the fifth. */
async function assertOneLost(whole: string, broken: string): Promise<void> {
  assert.notEqual(whole, broken);
  const { rows, tallies, warnings } = await readEverywhere(broken);
  assert.deepEqual(
    rows.listed_hash!.map((row) => row.value),
    entries.filter(({ MediaID }) => MediaID !== 4).map((entry) => entry.MD5),
  );
  assert.deepEqual(tallies, [{ unit: 'entries', rows: 9, read: 8, skipped: { damaged: 1 } }]);
  assert.equal(warnings, 1);
  const place = rows.warning![0]!;
  const cited = broken.slice(place.source_offset as number).slice(0, place.source_length as number);
  assert.ok(
    cited.includes(md5('spoke 4')) && !cited.includes(md5('spoke 3')) && !cited.includes(md5('spoke 5')),
  );
}

for (const [shape, make] of [
  ['hash set', hashSet],
  ['case file', caseOf],
] as const) {
  for (const indent of [0, 1]) {
    test(`damage inside one entry costs that entry alone (${shape}, indent ${indent})`, async () => {
      const whole = make(indent);
      const fifth = whole.indexOf(md5('spoke 4'));
      const edit = (find: string, put: string) => {
        const at = whole.indexOf(find, fifth);
        return whole.slice(0, at) + put + whole.slice(at + find.length);
      };
      await assertOneLost(whole, edit('spoke 4"', 'spoke 4'));
      await assertOneLost(whole, edit('"spoke 4"', 'spoke 4"'));
      await assertOneLost(whole, edit(']', ''));
      await assertOneLost(whole, edit('}', ''));
      await assertOneLost(whole, edit('{', ''));
      await assertOneLost(whole, edit('spoke 4', 'spoke\n4'));
      await assertOneLost(whole, edit('spoke 4', 'spoke \\q4'));
    });
  }
}

test('damage in the very first entry costs that entry alone', async () => {
  for (const whole of [hashSet(0), caseOf(1)]) {
    for (const [find, put] of [
      ['spoke 0"', 'spoke 0'],
      [']', ''],
      ['}', ''],
    ] as const) {
      const at = whole.indexOf(find, whole.indexOf(md5('spoke 0')));
      const { tallies } = await readEverywhere(whole.slice(0, at) + put + whole.slice(at + find.length));
      assert.deepEqual(tallies, [{ unit: 'entries', rows: 9, read: 8, skipped: { damaged: 1 } }]);
    }
  }
});

test('an entry over the limit is passed over, at every chunk size alike', async () => {
  const whole = hashSet(0);
  const at = whole.indexOf('spoke 4"');
  const broken = new Uint8Array(
    Buffer.from(`${whole.slice(0, at)}${'x'.repeat(17 * 1024 * 1024)}${whole.slice(at)}`),
  );
  for (const chunkBytes of [64 * 1024, 1024 * 1024, broken.length]) {
    const { rows, tallies } = await readAll(hashListReader, broken, { chunkBytes });
    assert.deepEqual(tallies, [{ unit: 'entries', rows: 9, read: 8, skipped: { damaged: 1 } }]);
    assert.equal(rows.warning![0]!.source_offset, whole.indexOf('{"MediaID":4'));
  }
});

test('an entry that is not UTF-8 is read and warned of', async () => {
  const bytes = Buffer.from(hashSet(1).replace('"spoke 4"', '"caf\xe9"'), 'latin1');
  const { rows, tallies } = await readEverywhere(bytes);
  assert.deepEqual(tallies, [{ unit: 'entries', rows: 9, read: 9, skipped: {} }]);
  assert.deepEqual(
    rows.warning!.map((row) => row.code),
    ['not-utf8'],
  );
});

test('a cut file keeps every whole entry and says where it ends', async () => {
  const whole = caseOf(1);
  const cut = whole.slice(0, whole.indexOf(md5('spoke 6')) + 5);
  const { rows, tallies } = await readEverywhere(cut);
  assert.equal(rows.listed_hash!.length, 6);
  assert.deepEqual(tallies[0], { unit: 'entries', rows: 7, read: 6, skipped: { damaged: 1 } });
  assert.equal(rows.warning!.length, 1);
});

test('any mutation of a VICS file: nothing thrown, counts add up, the same at every seam', async () => {
  const edit = fc.record({
    at: fc.nat(3000),
    cut: fc.nat(20),
    put: fc.constantFrom('', '"', '{', '}', '[', ']', '\\', '\n'),
  });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(edit, { minLength: 1, maxLength: 4 }), async (isCase, edits) => {
      let text = isCase ? caseOf(0) : hashSet(1);
      const keep = text.indexOf('"value"');
      for (const { at, cut, put } of edits) {
        const place = keep + (at % (text.length - keep));
        text = text.slice(0, place) + put + text.slice(place + cut);
      }
      const { tallies } = await readEverywhere(text);
      assert.ok(tallies.length <= 1);
    }),
    { seed: 21, numRuns: 120 },
  );
});

test('keys that would reach prototypes are dropped', async () => {
  const set = `{"@odata.context":"${context2}#Media","value":[{"MediaID":1,"__proto__":{"MD5":"${md5('x')}"},"SHA1":"${sha1('y')}"}]}`;
  const { rows } = await readEverywhere(set);
  assert.deepEqual(
    rows.listed_hash!.map((row) => row.value),
    [sha1('y')],
  );
});

test('NSRL RDS 2 is known-good', async () => {
  const line = (name: string, file: string) =>
    `"${sha1(name).toUpperCase()}","${md5(name).toUpperCase()}","6EF4367F","${file}",171315,1,"358",""\r\n`;
  const list = `"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n${line('bell', 'bell, small.jpg')}${line('gear', 'a ""gear"".jpg')}${line('', 'empty')}"${sha1('cut')}","${md5('cut')}\r\n${line('chain', 'chain.jpg')}`;
  assert.equal(sniff(list), 0.95);
  assertGolden('hash-list/nsrl-rds2.jsonl', goldenText(await readEverywhere(list, 'NSRLFile.txt')));
});

/** Lines followed by enough good ones that the file is claimed for all its damage. */
function padded(lines: string[], line: (value: string) => string): string {
  const good = Array.from({ length: 60 }, (_, index) => line(md5(`pedal ${index}`)));
  return [...lines, ...good].join('\n');
}

/** The result without the rows of the good lines; the tallies still count them. */
function withoutPadding(result: ReadResult): ReadResult {
  const good = new Set(Array.from({ length: 60 }, (_, index) => md5(`pedal ${index}`)));
  const kept = result.rows.listed_hash!.filter((row) => !good.has(row.value as string));
  assert.equal(kept.length, result.rows.listed_hash!.length - good.size);
  return { ...result, rows: { ...result.rows, listed_hash: kept } };
}

test('a plain list with comments, names and damage', async () => {
  const lines = [
    '\ufeff# bicycles\r',
    `${md5('bell').toUpperCase()}\r`,
    '\r',
    `${sha1('bell')}  bell.jpg\r`,
    `${sha256('bell')} *b/bell.jpg`,
    `\\${md5('odd')}  odd\\nname`,
    'no hash here',
    `${md5('x')}z`,
    '   ',
    emptyMd5,
    '0'.repeat(40),
  ];
  const list = padded(lines, (value) => value);
  assert.equal(sniff(list), 0.9);
  assertGolden('hash-list/plain.jsonl', goldenText(withoutPadding(await readEverywhere(list, 'plain.txt'))));
});

test('64-digit values are PDQ when half their bits are set, else SHA-256', async () => {
  // 32 bytes with four of eight bits set each.
  const fours = Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => byte.toString(2).replaceAll('0', '').length === 4,
  );
  const pdq = (index: number) =>
    Array.from({ length: 32 }, (_, at) =>
      fours[(index * 7 + at * 5) % fours.length]!.toString(16).padStart(2, '0'),
    ).join('');
  const list = Array.from({ length: 20 }, (_, index) => `${pdq(index)}\n`).join('');
  const { rows } = await readEverywhere(list);
  assert.deepEqual([...new Set(rows.listed_hash!.map((row) => row.algorithm))], ['pdq']);
  assert.equal(rows.warning![0]!.code, 'hash-list-taken-as-pdq');
  const other = Array.from({ length: 400 }, (_, index) => `${sha256(`tyre ${index}`)}\n`).join('');
  const second = await readEverywhere(other);
  assert.deepEqual([...new Set(second.rows.listed_hash!.map((row) => row.algorithm))], ['sha256']);
  assert.equal(second.warnings, 0);
});

test('a CSV list by its header, in any order and dialect', async () => {
  const any = 'ab'.repeat(32);
  const lines = [
    '# shared list',
    'Label;"PDQ";Category;SHA-256;pdq_quality;md5',
    `red;${any};A;${sha256('bell')};100;${md5('bell').toUpperCase()}`,
    `red;${any};B;;49;${md5('gear')}`,
    `;${any};"C; ""D""";;50;`,
    `;${any};;;20;`,
    ';;;;;',
    'blue;;;;;12345',
    `blue;"${any}"x;;;;`,
    '',
    `;${'00'.repeat(32)};;${sha256('')};90;${md5('chain')}`,
  ];
  const list = padded(lines, (value) => `;;;;;${value}`);
  assert.equal(sniff(list), 0.9);
  assertGolden('hash-list/table.jsonl', goldenText(withoutPadding(await readEverywhere(list))));
});

test('a table that is too damaged to be claimed is still read as a table when asked to', async () => {
  const list = `md5,label\nx,red\ny,red\n${md5('bell')},blue\n`;
  assert.equal(sniff(list), 0);
  const { rows, tallies } = await readEverywhere(list);
  assert.deepEqual(
    rows.listed_hash!.map((row) => [row.value, row.category]),
    [[md5('bell'), 'blue']],
  );
  assert.deepEqual(tallies[0]!.skipped, { header: 1, 'malformed hash': 2 });
});

test('the label stands in for a category that no column names', async () => {
  const list = `sha1,label\n${sha1('bell')},TEST\n${sha1('gear')},\n`;
  const { rows } = await readEverywhere(list);
  assert.deepEqual(
    rows.listed_hash!.map((row) => row.category),
    ['TEST', null],
  );
});

test('what is no hash list is not claimed', () => {
  const m = (index: number) => md5(`${index}`);
  const twenty = Array.from({ length: 20 }, (_, index) => index);
  const others = {
    empty: '',
    persons: `name,email,md5\n${twenty.map((i) => `n${i},n${i}@example.org,${m(i)}\n`).join('')}`,
    members: `user_id,username,sha1\n${twenty.map((i) => `${i},u${i},${sha1(`${i}`)}\n`).join('')}`,
    inventory: `path,size,modified,md5\n${twenty.map((i) => `a/${i},1,2019-01-01,${m(i)}\n`).join('')}`,
    log: twenty
      .map((i) => `192.0.2.1 - - [06/Jan/2019:08:00:54 +0000] "GET /?sid=${m(i)} HTTP/1.1" 200 1\n`)
      .join(''),
    sessions: twenty.map((i) => `${i} ${m(i)}\n`).join(''),
    dump: `-- dump\n${twenty.map((i) => `INSERT INTO t VALUES ('${m(i)}');\n`).join('')}`,
    prose: `Checksums of the files:\n${twenty.map((i) => `${m(i)}  bell${i}.jpg\n`).join('')}`,
    mixed: twenty.map((i) => (i % 5 === 4 ? 'text\n' : `${m(i)}\n`)).join(''),
    json: JSON.stringify({ value: [{ MD5: m(1) }] }),
    chat: `{"messages":[{"text":"MediaID value MD5"}]}`,
    short: twenty.map((i) => `${m(i).slice(0, 31)}\n`).join(''),
  };
  for (const [name, content] of Object.entries(others)) assert.equal(sniff(content), 0, name);
});

test('how sure: bare values more than values with names, one value alone less', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => md5(`${index}`));
  assert.equal(sniff(twenty.join('\n')), 0.9);
  assert.equal(sniff(`${twenty[0]}\n   \n${twenty.join('\n')}`), 0.9);
  assert.equal(sniff(twenty.map((value) => `${value}  bell.jpg\n`).join('')), 0.6);
  assert.equal(sniff(`${twenty[0]}\n`), 0.5);
});

test('random bytes are read without throwing, whatever they are', async () => {
  const piece = fc.constantFrom(
    md5('a'),
    sha1('b'),
    '\n',
    '\r\n',
    ' ',
    '#',
    '"',
    ',',
    ';',
    '{',
    '}',
    '"MD5"',
    'md5',
    '\u0000',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      await readEverywhere(pieces.join(''));
    }),
    { seed: 22, numRuns: 300 },
  );
});
