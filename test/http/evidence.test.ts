import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText, fromBase64, hexLines } from '../../web/src/ui/bytes.ts';
import { segmentsOf } from '../../web/src/ui/evidence.ts';

function shown(text: string, lines = false): string {
  return segmentsOf(text, lines)
    .map((segment) => (segment.kind === 'text' ? segment.text : segment.label))
    .join('');
}

test('what would not be seen, or would turn what is seen, becomes a mark', () => {
  assert.equal(shown('bell'), 'bell');
  assert.equal(shown('a\u202egnp.b\u202c'), 'a⟦RLO⟧gnp.b⟦PDF⟧');
  assert.equal(shown('be\u200bll\u2066x\u2069\ufeff'), 'be⟦ZWSP⟧ll⟦LRI⟧x⟦PDI⟧⟦BOM⟧');
  assert.equal(shown('\u0000\u001b\u007f\u0085\u00ad'), '⟦NUL⟧⟦ESC⟧⟦DEL⟧⟦U+0085⟧⟦SHY⟧');
  assert.equal(shown('\u{e0041}\u{e007f}'), '⟦U+E0041⟧⟦U+E007F⟧', 'tag characters');
  assert.equal(shown('\ue000\u2800\u3164\ufffd'), '⟦U+E000⟧⟦BRAILLE BLANK⟧⟦HF⟧⟦?⟧');
  assert.equal(shown('\ud800x\udc00'), '⟦U+D800⟧x⟦U+DC00⟧', 'halves of characters');
  assert.equal(shown('a\nb\tc'), 'a⟦LF⟧b⟦TAB⟧c');
  assert.equal(shown('a\r\nb\tc\rd', true), 'a\nb\tc⟦CR⟧d', 'line breaks stand where lines are shown');
  assert.equal(shown('straße Äpfel 自転車 велосипед دراجة 🚲'), 'straße Äpfel 自転車 велосипед دراجة 🚲');
});

test('whatever the text, nothing unseen is left in it and nothing else is lost', () => {
  const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, (value) => {
      const segments = segmentsOf(value);
      for (const segment of segments) {
        if (segment.kind === 'text') assert.doesNotMatch(segment.text, unseen);
        else assert.match(segment.label, /^⟦.+⟧$/);
      }
      const kept = segments.map((segment) => (segment.kind === 'text' ? segment.text : '\u0001')).join('');
      assert.equal([...kept].length, [...value].length);
    }),
    { numRuns: 2000, seed: 3 },
  );
});

test('bytes as hex and as text', () => {
  const bytes = fromBase64(Buffer.from('From the garden: 12').toString('base64'));
  assert.deepEqual(hexLines(bytes, 100, 99), [
    '       100  46 72 6f 6d 20 74 68 65  20 67 61 72 64 65 6e 3a',
    '       116  20 31 32                 ',
  ]);
  assert.equal(hexLines(new Uint8Array(100), 0, 2).length, 2);
  assert.deepEqual(decodeText(Buffer.from('Äpfel'), false), { text: 'Äpfel', encoding: 'UTF-8' });
  assert.equal(decodeText(Buffer.from([0xc4, 0x70]), false).text, 'Äp');
  assert.match(decodeText(Buffer.from([0xc4, 0x70]), false).encoding, /Windows-1252/);
  const cut = Buffer.from('Äpfel ä').subarray(0, 8);
  assert.deepEqual(decodeText(cut, true), { text: 'Äpfel ', encoding: 'UTF-8' }, 'a character cut in two');
});
