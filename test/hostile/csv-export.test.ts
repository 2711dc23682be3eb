/** What is exported as CSV is text in every spreadsheet, and nothing of it is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvCell, parseCsv } from '../../src/base/csv.ts';

/** As OWASP lists them, with the full-width forms that some spreadsheets take alike. */
const triggers = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.constantFrom(...triggers, "'"), fc.string({ unit: 'binary' })).map((parts) => parts.join('')),
);

test('no cell starts like a formula, and every text comes back', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
      const names = texts.map((_, index) => `c${index}`);
      const csv = `${names.join(',')}\r\n${texts.map(csvCell).join(',')}\r\n`;
      // A row of empty cells in one column would be no row at all.
      const [row] = parseCsv(csv, 'export');
      texts.forEach((original, index) => {
        const cell = row![`c${index}`]!;
        assert.ok(!triggers.some((trigger) => cell.startsWith(trigger)), JSON.stringify(cell));
        const defused = triggers.some((trigger) => original.startsWith(trigger));
        assert.equal(defused ? cell.slice(1) : cell, original);
      });
    }),
    { numRuns: 2000 },
  );
});

test('numbers stay numbers', () => {
  assert.equal(csvCell(-5), '-5');
  assert.equal(csvCell(null), '');
});
