import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type XmlElement, XmlTrees } from '../../src/intake/xml/tree.ts';
import { rootName, scanXml, XmlScanner } from '../../src/intake/xml.ts';
import { inputOf } from '../support/read.ts';

type Call = readonly unknown[];

/** Everything a scan says; texts of one element next to each other joined. */
async function scan(text: string | Uint8Array, chunkBytes = 1024 * 1024): Promise<Call[]> {
  const calls: unknown[][] = [];
  const bytes = typeof text === 'string' ? new Uint8Array(Buffer.from(text)) : text;
  await scanXml(inputOf(bytes, { chunkBytes }), {
    open: (name, attributes, offset) => calls.push(['open', name, Object.fromEntries(attributes), offset]),
    close: (name, end) => calls.push(['close', name, end]),
    text: (piece) => calls.push(['text', piece]),
    warn: (code, _text, offset, length) => calls.push(['warn', code, offset, length]),
  });
  return calls;
}

async function scanAtEverySeam(text: string | Uint8Array): Promise<Call[]> {
  const whole = await scan(text);
  for (const size of [1, 2, 7, 64]) assert.deepEqual(await scan(text, size), whole, `pieces of ${size}`);
  return whole;
}

const textsOf = (calls: Call[]) =>
  calls
    .filter(([kind]) => kind === 'text')
    .map(([, text]) => text)
    .join('');
const codesOf = (calls: Call[]) => calls.filter(([kind]) => kind === 'warn').map(([, code]) => code);

test('elements, attributes, text, CDATA, comments and instructions', async () => {
  const xml =
    '\ufeff<?xml version="1.0"?>\n<!-- <a> & --><r:a x="1 &lt; 2" y=\'"\'>tea<b/><![CDATA[<b> & ]] >]]>&#x2615;&amp;lt;</r:a >\n';
  const at = (text: string) => Buffer.from(xml).indexOf(text);
  assert.deepEqual(await scanAtEverySeam(xml), [
    ['open', 'r:a', { x: '1 < 2', y: '"' }, at('<r:a')],
    ['text', 'tea'],
    ['open', 'b', {}, at('<b/>')],
    ['close', 'b', at('<b/>') + 4],
    ['text', '<b> & ]] >'],
    ['text', '☕&lt;'],
    ['close', 'r:a', Buffer.from(xml).length - 1],
  ]);
});

test('a document type is passed over and declares nothing', async () => {
  const bomb = `<!DOCTYPE a [<!-- it's > --><!ENTITY x "${'y'.repeat(50)}"><!ENTITY z "&x;&x;]>">\n<!ENTITY f SYSTEM "file:///none">]><a>&z;&f;&lt;</a>`;
  const calls = await scanAtEverySeam(bomb);
  assert.equal(textsOf(calls), '&z;&f;<');
  assert.deepEqual(codesOf(calls), ['xml-doctype', 'xml-entity']);
  assert.deepEqual(calls[0], ['warn', 'xml-doctype', 0, bomb.indexOf('<a>')]);
});

test('a million nested entities cost their own bytes', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`);
  const calls = await scan(`<!DOCTYPE a [<!ENTITY l0 "kettle">${lines.join('')}]><a>&l30;</a>`);
  assert.equal(textsOf(calls), '&l30;');
});

test('a document type without an end costs what it may hold, not the file', async () => {
  const calls = await scan(`<!DOCTYPE a [ "${'z'.repeat(80_000)}<a>tea</a>`);
  assert.deepEqual(codesOf(calls), ['xml-damaged']);
  assert.equal(textsOf(calls), 'tea');
});

test('only predefined entities and allowed characters are resolved', async () => {
  const calls = await scanAtEverySeam(
    '<a>&quot;&apos;&gt;&#65;&#x41;&#0;&#xD800;&#x110000;&nbsp;&amp &;&LT;&#65</a>',
  );
  assert.equal(textsOf(calls), '"\'>AA&#0;&#xD800;&#x110000;&nbsp;&amp &;&LT;&#65');
  assert.deepEqual(codesOf(calls), ['xml-entity']);
});

test('damage is passed over up to the next tag', async () => {
  const calls = await scanAtEverySeam(
    '<a><b x=1>cup</b><1/>pot<c>tea</c><c d="1" d="2"/></x><<e>mint</e><d>left</a>',
  );
  assert.equal(textsOf(calls), 'teamintleft');
  assert.deepEqual(codesOf(calls), [
    'xml-damaged',
    'xml-damaged',
    'xml-damaged',
    'xml-attribute',
    'xml-damaged',
    'xml-damaged',
    'xml-damaged',
  ]);
  assert.deepEqual(calls.at(-1)!.slice(0, 2), ['close', 'a']);
});

test('a cut file closes what is open, wherever it is cut', async () => {
  const xml = '<?xml version="1.0"?><a k="v"><!-- c --><b>tea &amp; <![CDATA[cake]]></b></a>';
  for (let cut = 1; cut < xml.length; cut++) {
    const calls = await scanAtEverySeam(xml.slice(0, cut));
    const opens = calls.filter(([kind]) => kind === 'open').length;
    assert.equal(calls.filter(([kind]) => kind === 'close').length, opens, String(cut));
    if (cut !== 21) assert.ok(codesOf(calls).length > 0, `${cut}: ${JSON.stringify(calls)}`);
  }
});

test('depth, tags and texts have limits', async () => {
  const deep = await scan(`${'<a>'.repeat(100_000)}tea${'</a>'.repeat(100_000)}`);
  assert.equal(deep.filter(([kind]) => kind === 'open').length, 256);
  assert.deepEqual(codesOf(deep), ['xml-depth']);
  const wide = await scan(`<a ${'x'.repeat(300_000)}="1">tea</a><b>cup</b>`);
  assert.equal(textsOf(wide), 'cup');
  const long = new Uint8Array(Buffer.from(`<a>${'é'.repeat(9_000_000)}</a><b>cup</b><![CDATA[x]]>`));
  const results = [];
  for (const size of [1024 * 1024, 40_000_000, 777_777]) {
    const calls = await scan(long, size);
    results.push([textsOf(calls).length, codesOf(calls)]);
  }
  assert.deepEqual(results[0], [16 * 1024 * 512 + 3, ['xml-text-cut', 'xml-damaged']]);
  for (const result of results) assert.deepEqual(result, results[0]);
});

test('whatever tree is written is read back, at every seam alike', async () => {
  const name = fc.constantFrom('a', 'b', 'ns:c', 'd-1', 'é');
  const content = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => text.replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/gu, ''));
  const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const level = (children: fc.Arbitrary<unknown[]>) => fc.tuple(name, content, children, fc.boolean());
  let element = level(fc.constant([]));
  for (let depth = 0; depth < 4; depth++) element = level(fc.array(element, { maxLength: 3 }));
  type Element = [string, string, Element[], boolean];
  const write = ([tag, text, children, cdata]: Element): string => {
    const body = cdata && !text.includes(']]>') ? `<![CDATA[${text}]]>` : escaped(text);
    return `<${tag} k="${escaped(text.replace(/[\t\n]/g, ' '))}">${body}${children.map(write).join('<!-- - -->')}</${tag}>`;
  };
  const plain = ([tag, text, children]: Element): unknown => [
    tag.replace('ns:', ''),
    text.trim(),
    text.replace(/[\t\n]/g, ' '),
    children.map(plain),
  ];
  const found = ({ name: tag, text, attributes, children }: XmlElement): unknown => [
    tag,
    text,
    attributes.get('k'),
    children.map(found),
  ];
  await fc.assert(
    fc.asyncProperty(element, fc.integer({ min: 1, max: 30 }), async (tree, chunkBytes) => {
      const bytes = new Uint8Array(Buffer.from(write(tree as Element)));
      const trees: XmlElement[] = [];
      const collector = new XmlTrees({
        wants: () => true,
        tree: (each) => trees.push(each),
        close: () => assert.fail(),
        warn: (code) => assert.fail(code),
      });
      await scanXml(inputOf(bytes, { chunkBytes }), collector);
      assert.deepEqual(trees.map(found), [plain(tree as Element)]);
      assert.deepEqual([trees[0]!.offset, trees[0]!.length], [0, bytes.length]);
    }),
    { seed: 21, numRuns: 200 },
  );
});

test('any bytes: nothing thrown, opens and closes balance, the same at every seam', async () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    '<a',
    '<a>',
    '</a>',
    '<b k="',
    '"',
    "'",
    '&',
    '&lt;',
    ';',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE a',
    '[',
    ']',
    '<?',
    '?>',
    ' ',
    'tea',
    '=',
    '\xff',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (pieces) => {
      const bytes = new Uint8Array(Buffer.from(pieces.join(''), 'latin1'));
      const calls = await scanAtEverySeam(bytes);
      let depth = 0;
      for (const [kind] of calls) {
        if (kind === 'open') depth++;
        if (kind === 'close') depth--;
        assert.ok(depth >= 0);
      }
      assert.equal(depth, 0);
    }),
    { seed: 22, numRuns: 500 },
  );
});

test('a reused chunk is not kept', () => {
  const texts: string[] = [];
  const scanner = new XmlScanner({ open() {}, close() {}, text: (text) => texts.push(text), warn() {} });
  const chunk = Buffer.from('<a>te');
  scanner.push(chunk);
  chunk.fill(0x58);
  scanner.push(Buffer.from('a</a>'));
  scanner.end();
  assert.deepEqual(texts, ['tea']);
});

test('the root of a head', () => {
  const of = (text: string) => rootName(Buffer.from(text));
  assert.equal(of('\ufeff<?xml version="1.0"?>\n<!-- <x> --><!DOCTYPE a [<!ENTITY b "c">]> <ns:a>'), 'ns:a');
  for (const text of ['', 'a', '<', '<1>', '<!-- ', '{"a": "<b>"}']) assert.equal(of(text), null, text);
});
