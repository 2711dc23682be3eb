import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCharset } from '../../src/intake/mail/charsets.ts';
import { htmlToText } from '../../src/intake/mail/html.ts';
import { idOf, parseMail, unquote } from '../../src/intake/mail/message.ts';
import { leavesOf } from '../../src/intake/mail/parts.ts';
import { decodeBase64, decodeQuotedPrintable, decodeUuencode } from '../../src/intake/mail/transfer.ts';
import { uuencodedIn } from '../../src/intake/mail/uuencoded.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const all = (decode: typeof decodeBase64, text: string) => {
  const source = bytesOf(text);
  const { bytes, strays } = decode(source, 0, source.length);
  return [textOf(bytes), strays];
};

test('base64', () => {
  for (const [written, meant, strays] of [
    ['Z2Vhcg==', 'gear', 0],
    ['Z2Vh\r\ncg==', 'gear', 0],
    ['Z2Vhcg', 'gear', 0],
    ['Z2Vhcg==Z2Vhcg==', 'geargear', 0],
    ['Z2*Vhcg==', 'gear', 1],
    ['Z', '', 1],
    ['', '', 0],
  ] as const) {
    assert.deepEqual(all(decodeBase64, written), [meant, strays], written);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const wrapped = Buffer.from(bytes)
        .toString('base64')
        .replace(/.{1,60}/g, '$&\r\n');
      assert.deepEqual(all(decodeBase64, wrapped), [textOf(bytes), 0]);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('quoted-printable', () => {
  for (const [written, meant, strays] of [
    ['a=C3=A9', 'a\xc3\xa9', 0],
    ['a=\r\nb=\nc', 'abc', 0],
    ['a= \t\r\nb', 'ab', 0],
    ['a  \r\nb', 'a\r\nb', 0],
    ['a=20 \nb', 'a \nb', 0],
    ['a=', 'a', 0],
    ['1=2 =zz', '1=2 =zz', 2],
    ['=e9=E9', '\xe9\xe9', 0],
  ] as const) {
    assert.deepEqual(all(decodeQuotedPrintable, written), [meant, strays], written);
  }
});

function uuencode(bytes: Uint8Array): string {
  let text = 'begin 644 gear.bin\n';
  for (let at = 0; at < bytes.length; at += 45) {
    const line = bytes.subarray(at, at + 45);
    text += String.fromCharCode(32 + line.length);
    for (let i = 0; i < line.length; i += 3) {
      const group = ((line[i] ?? 0) << 16) | ((line[i + 1] ?? 0) << 8) | (line[i + 2] ?? 0);
      for (const shift of [18, 12, 6, 0])
        text += String.fromCharCode(((group >> shift) & 63) + 32 === 32 ? 96 : ((group >> shift) & 63) + 32);
    }
    text += '\n';
  }
  return `${text}\`\nend\n`;
}

test('uuencoded files in text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      const block = uuencode(bytes);
      assert.deepEqual(all(decodeUuencode, block), [textOf(bytes), 0]);
      const mail = bytesOf(`some words\n${block}more words\nbegin 644 nothing\nwords and words\nend\n`);
      const [file, ...others] = uuencodedIn(mail, 0, mail.length);
      assert.equal(others.length, 0);
      assert.equal(file!.name, 'gear.bin');
      assert.deepEqual(textOf(file!.bytes), textOf(bytes));
      assert.equal(textOf(mail.subarray(file!.start, file!.end)), block.trimEnd());
    }),
    { seed: 2, numRuns: 100 },
  );
});

test('charsets', () => {
  for (const [hex, charset, text, guessed] of [
    ['636166e9', 'iso-8859-1', 'café', false],
    ['80', 'windows-1252', '€', false],
    ['80', 'iso-8859-1', '€', false],
    ['636166c3a9', 'utf-8', 'café', false],
    ['636166e9', 'utf-8', 'café', true],
    ['636166c3a9', null, 'café', false],
    ['636166e9', 'us-ascii', 'café', true],
    ['a4', 'iso-8859-15', '€', false],
    ['e6', 'windows-1251', 'ж', false],
    ['c4', 'koi8-r', 'д', false],
    ['d7d4d0d0b3b5', 'gb2312', '自行车', false],
    ['8ea9935d8ed4', 'cp932', '自転車', false],
    ['c0dac0fcb0c5', 'euc-kr', '자전거', false],
    ['2b4150592d', 'utf-7', 'ö', false],
    ['312b2d31', 'UTF-7', '1+1', false],
    ['e9', 'no-such', 'é', true],
  ] as const) {
    assert.deepEqual(decodeCharset(Buffer.from(hex, 'hex'), charset), { text, guessed }, `${charset} ${hex}`);
  }
});

test('HTML becomes text', () => {
  for (const [html, text] of [
    ['<p>a</p><p>b</p>', 'a\n\nb'],
    ['a<br>b<BR/>c', 'a\nb\nc'],
    ['  a \n b  ', 'a b'],
    ['<head><title>t</title><style>x{}</style></head><body>a</body>', 'a'],
    ['<script>if (a<b) {}</script>a', 'a'],
    ['a<!-- b -->c', 'ac'],
    ['caf&eacute; &amp; &#8364;&#x20ac; &unknown; &', 'café & €€ &unknown; &'],
    ['<a href="https://velo.example/?a=1&amp;b=2">tour</a>', 'tour <https://velo.example/?a=1&b=2>'],
    ['<a href="https://velo.example/">https://velo.example/</a>', 'https://velo.example/'],
    ['<a href="javascript:x">tour</a>', 'tour'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['<img alt="a > b" src=x>c', 'c'],
    ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
    ['<pre>a\n  b</pre>', 'a\nb'],
    ['a<unclosed', 'a<unclosed'],
    ['<head><body>a', 'a'],
    ['', ''],
  ] as const) {
    assert.equal(htmlToText(html), text, html);
  }
});

test('HTML of any shape is reduced in linear time', () => {
  for (const piece of [
    '<',
    '<a',
    '<a href="',
    '<script>',
    '</',
    '<!--',
    '&#',
    '<head>',
    '<p ',
    "<b x='",
    '<a x=">',
    '<title>',
    '<p x="y',
  ]) {
    const started = performance.now();
    htmlToText(piece.repeat(100_000));
    assert.ok(performance.now() - started < 5000, piece);
  }
});

test('quoted From lines lose one mark', () => {
  assert.equal(
    unquote(bytesOf('>From a\n>>From b\nx >From c\n>From d')).toString(),
    'From a\n>From b\nx >From c\nFrom d',
  );
  assert.equal(unquote(bytesOf('>Frome\n')).toString(), '>Frome\n');
});

test('message ids', () => {
  assert.equal(idOf('<a@b.example>'), 'a@b.example');
  assert.equal(idOf(' <a@\t b.example> (note)'), 'a@b.example');
  assert.equal(idOf('a@b.example'), 'a@b.example');
  assert.equal(idOf('<>'), null);
  assert.equal(idOf(''), null);
});

const head = 'From: a@b.example\nMIME-Version: 1.0\n';
const parse = (text: string) => parseMail(bytesOf(text), 0, text.length);
const shape = (text: string) =>
  leavesOf(parse(text).root).map((part) => [part.path, part.type, text.slice(part.bodyStart, part.end)]);

test('multiparts divide where their delimiters stand', () => {
  const nested =
    `${head}Content-Type: multipart/mixed; boundary=one\n\npreamble --one\n--one \n\na\n--onefold\n--one\n` +
    'Content-Type: multipart/digest; boundary="one two"\n\n--one two\n\nSubject: x\n\nb\n--one two--\nepilogue\n--one--\nepilogue --one\n';
  assert.deepEqual(shape(nested), [
    ['1', 'text/plain', 'a\n--onefold'],
    ['2.1', 'message/rfc822', 'Subject: x\n\nb'],
  ]);
  const unclosed = `${head}Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nb\n--x\n\nc`;
  assert.deepEqual(shape(unclosed), [
    ['1', 'text/plain', 'a'],
    ['2.1', 'text/plain', 'b'],
    ['3', 'text/plain', 'c'],
  ]);
  assert.ok(parse(unclosed).troubles.some((trouble) => trouble.code === 'mail-boundary'));
  assert.equal(parse(`${head}Content-Type: multipart/mixed; boundary=x\n\nno parts\n`).body, 'no parts\n');
  const words = 'These are words, not base64: no part of them was encoded.\n';
  assert.equal(parse(`${head}Content-Transfer-Encoding: base64\n\n${words}`).body, words);
  assert.equal(parse(`${head}Content-Type: nonsense\n\ntext\n`).body, 'text\n');
  assert.equal(parse(`${head}Content-Type: text/enriched\n\ntext\n`).body, 'text\n');
});

test('every part lies within the message, whatever the bytes', () => {
  const piece = fc.constantFrom(
    '--b',
    '--b--',
    '\n',
    '\r\n',
    '\n\n',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: text/html',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename=x',
    ': ',
    'word',
    '\xff',
    '=?utf-8?Q?=C3?=',
    '<',
    ';',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n${pieces.join('')}`;
      const { root, troubles } = parse(text);
      for (const part of leavesOf(root)) {
        assert.ok(part.start <= part.bodyStart && part.bodyStart <= part.end && part.end <= text.length);
      }
      for (const trouble of troubles) assert.ok(trouble.at >= 0 && trouble.at <= text.length);
    }),
    { seed: 5, numRuns: 3000 },
  );
});
