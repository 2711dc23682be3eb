import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdMap, PairSet } from '../../../src/intake/readers/phpbb/id-map.ts';
import { readSerialized } from '../../../src/intake/readers/phpbb/php-serialized.ts';
import { StoredText } from '../../../src/intake/readers/phpbb/stored-text.ts';
import { readDump } from '../../../src/intake/sql-dump/read-dump.ts';
import { inputOf } from '../../support/read.ts';

/** The readable text of a stored body, by way of a dump as in a real reading. */
async function readable(stored: string, uid = ''): Promise<string> {
  const dump = new TextEncoder().encode(
    `INSERT INTO t VALUES (0x${Buffer.from(stored).toString('hex') || '00'});`,
  );
  const text = new StoredText();
  let result = '';
  await readDump(inputOf(dump), {
    table: () => (row) => {
      assert.ok(text.loadBody(row, 0, uid));
      result = text.text();
    },
    counted() {},
    unreadable() {},
    warn: (...what) => assert.fail(what.join(' ')),
  });
  return result;
}

test('markup of phpBB 3.2 and later gives back what was typed', async () => {
  const cases: [string, string][] = [
    ['<t>plain</t>', 'plain'],
    ['<t></t>', ''],
    ['<t>a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#39; &#128690;</t>', 'a <b> &amp; "c" \'d\' \u{1f6b2}'],
    ['<t>two<br/>\nlines</t>', 'two\nlines'],
    ['<r><B><s>[b]</s>x<e>[/b]</e></B> <E>:)</E></r>', '[b]x[/b] :)'],
    [
      '<r><URL url="https://a.example/?b=1&amp;c=2"><LINK_TEXT text="https://a ...">https://a.example/?b=1&amp;c=2</LINK_TEXT></URL></r>',
      'https://a.example/?b=1&c=2',
    ],
    ['<t>cut off <', 'cut off <'],
    ['<r>1 < 2 <B', '1 < 2 <B'],
  ];
  for (const [stored, typed] of cases) assert.equal(await readable(stored), typed, stored);
});

test('markup of phpBB 3.0 and 2.0 loses its marks and keeps its addresses', async () => {
  const cases: [string, string][] = [
    ['[i:u1]x[/i:u1] at 10:30 &amp; :u1x', '[i]x[/i] at 10:30 & x'],
    ['[list=1:u1][*:u1]a[/*:m:u1][/list:o:u1]', '[list=1][*]a[/list]'],
    ['[code:1:u1]a < b[/code:1:u1]', '[code]a < b[/code]'],
    [
      '<!-- w --><a class="postlink" href="http://www.a.example">www.a.example</a><!-- w -->',
      'http://www.a.example',
    ],
    ['<!-- s:D --><img src="{SMILIES_PATH}/d.gif" alt=":D" title="x" /><!-- s:D -->', ':D'],
    ['<a href="http://x.example/unclosed', '<a href="http://x.example/unclosed'],
  ];
  for (const [stored, typed] of cases) assert.equal(await readable(stored, 'u1'), typed, stored);
});

test('any stored text is read without an error and never grows', async () => {
  const piece = fc.constantFrom(
    '<r>',
    '<t>',
    '</t>',
    '<',
    '>',
    '&',
    '&amp;',
    '&#x1f600;',
    '&#9;',
    ';',
    ':u1',
    ':m:u1',
    '[/*:m:u1]',
    '<a href="',
    '"',
    '</a>',
    '<!--',
    '-->',
    'é',
    'x',
    '\n',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 40 }),
      fc.constantFrom('', 'u1'),
      async (pieces, uid) => {
        const stored = pieces.join('');
        const text = await readable(stored, uid);
        assert.ok(Buffer.byteLength(text) <= Buffer.byteLength(stored));
        assert.ok(text.isWellFormed());
      },
    ),
    { seed: 21, numRuns: 1000 },
  );
});

test('serialized values of PHP give their strings; anything else gives null', () => {
  const read = (text: string) => readSerialized(new TextEncoder().encode(text));
  assert.deepEqual(read('a:2:{i:0;s:5:"caf\u00e9";s:1:"k";a:1:{i:0;i:-7;}}'), ['café', '-7']);
  assert.deepEqual(read('s:3:"a";";'), ['a";']);
  assert.deepEqual(read('b:1;'), ['1']);
  for (const bad of [
    '',
    'a:1:{',
    'a:9999999999:{}',
    's:9:"a";',
    's:1:"a"',
    'O:1:"A":0:{}',
    'i:1;i:2;',
    `${'a:1:{i:0;'.repeat(20)}N;${'}'.repeat(20)}`,
  ])
    assert.equal(read(bad), null, bad);
});

test('number maps and sets agree with Map and Set', () => {
  const number = fc.oneof(fc.nat(50), fc.nat(0xffffffff));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 3000 }), (pairs) => {
      const map = new IdMap();
      const set = new PairSet();
      const firsts = new Map<number, number>();
      const known = new Set<string>();
      for (const [a, b] of pairs) {
        assert.equal(map.add(a, b), !firsts.has(a));
        if (!firsts.has(a)) firsts.set(a, b);
        assert.equal(set.has(a, b), known.has(`${a} ${b}`));
        assert.equal(set.add(a, b), !known.has(`${a} ${b}`));
        known.add(`${a} ${b}`);
      }
      for (const [a] of pairs) assert.equal(map.get(a), firsts.get(a));
    }),
    { seed: 22, numRuns: 60 },
  );
});
