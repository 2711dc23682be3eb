/** The store of human acts: closed kinds, checked parts, and taking back. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { checkMarking, gradeWords, parseGrade, writeGrade } from '../../src/access/grading.ts';
import { checkDecision, type DecisionKind, decisionKinds } from '../../src/persons/decision-kinds.ts';
import {
  type Decision,
  decide,
  listDecisions,
  standing,
  undo,
  undoneBy,
} from '../../src/persons/decisions.ts';
import { Operation } from '../../src/store/operation.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

const wrong: [string, DecisionKind, string[], string, Record<string, unknown>][] = [
  ['two accounts are needed', 'link', ['a/1'], 'same', {}],
  ['no such verdict', 'link', ['a/1', 'a/2'], 'perhaps', {}],
  ['no account', 'review', [], 'reviewed', {}],
  ['no such outcome', 'review', ['a/1'], 'guilty', {}],
  ['no such category', 'category', ['a/1'], 'offender', {}],
  [
    'a country in words',
    'outcome',
    ['a/1'],
    'arrest',
    { country: 'Holland', agency: 'x', date: '2026-01-01' },
  ],
  ['no agency', 'outcome', ['a/1'], 'arrest', { country: 'NL', date: '2026-01-01' }],
  ['a day that is not', 'outcome', ['a/1'], 'arrest', { country: 'NL', agency: 'x', date: '2025-02-29' }],
  ['no case', 'outcome', ['a/1'], 'child safeguarded', { country: 'NL', agency: 'x', date: '2026-01-01' }],
  ['no agency', 'child state', ['CH-1'], 'located', {}],
  ['no such state', 'child state', ['CH-1'], 'lost', { agency: 'x' }],
  ['a field that is not known', 'child', ['CH-1'], 'listed', { description: 'x' }],
  ['no such urgency', 'child urgency', ['CH-1'], 'soon', {}],
  ['no version', 'risk assessment', ['a/1'], 'high', { tool: 'x', assessor: 'y' }],
  ['nothing graded', 'grade', ['exhibit', 'x'], 'note', {}],
  ['no such thing', 'grade', ['person', 'x'], 'x', { marking: { tlp: 'RED' } }],
  ['no such grade', 'fact', ['a/1'], 'x', { marking: { grade: '5x5x5 A11' } }],
  ['a code that needs a note', 'fact', ['a/1'], 'x', { marking: { grade: '3x5x2 1AC' } }],
  ['no such label', 'fact', ['a/1'], 'x', { marking: { tlp: 'PINK' } }],
  ['no digest', 'rules', [], 'x', { name: 'x', version: 1, text: 'x' }],
  ['beyond the most', 'policy', ['days until a cleared person is due for erasure'], '99999', {}],
  ['no such policy', 'policy', ['days of rest'], '9', {}],
  ['no number', 'undo', ['last'], 'undone', {}],
];

for (const [what, kind, subject, value, details] of wrong) {
  test(`refused: ${kind}, ${what}`, () => {
    assert.throws(() => checkDecision(kind, subject, value, details), { code: 'usage' });
  });
}

test('an unknown kind is refused, and nothing that is given makes checking crash', () => {
  assert.throws(() => checkDecision('verdict' as DecisionKind, ['a/1'], 'x', {}), /is no kind of decision/);
  assert.throws(() => checkDecision('constructor' as DecisionKind, ['a/1'], 'x', {}), { code: 'usage' });
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(decisionKinds) as DecisionKind[])),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.string(),
      fc.dictionary(
        fc.constantFrom('marking', 'country', 'agency', 'date', 'case', 'person', '__proto__'),
        fc.jsonValue(),
      ),
      (kind, subject, value, details) => {
        try {
          const checked = checkDecision(kind, subject, value, details);
          assert.deepEqual(
            checkDecision(kind, checked.subject, checked.value, checked.details ?? {}),
            checked,
          );
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'usage', String(error));
        }
      },
    ),
    { seed: 3, numRuns: 600 },
  );
});

test('grades keep their scheme and are read back as they were written', () => {
  for (const text of ['3x5x2 1AP', '3x5x2 3EP', '4x4 X4', '4x4 A1 H0 H1 H2']) {
    assert.equal(writeGrade(parseGrade(text)), text);
    assert.ok(gradeWords(parseGrade(text)).length > 10);
  }
  assert.equal(writeGrade(parseGrade('4x4:b2 h2 h0 h2')), '4x4 B2 H0 H2');
  for (const text of [
    '',
    '3x5x2 4AP',
    '3x5x2 1A',
    '4x4 D1',
    '4x4 A5',
    '4x4 A1 H4',
    '4x4',
    'TLP:RED',
    '4x4 A1 P',
  ])
    assert.throws(() => parseGrade(text), { code: 'usage' }, text);
  assert.throws(() => checkMarking({ grade: '4x4 A1 H3' }), /needs a note/);
  assert.deepEqual(checkMarking({ grade: '4x4 a1 h3', note: ' ask first ' }), {
    grade: '4x4 A1 H3',
    note: 'ask first',
  });
  assert.equal(checkMarking({}), null);
});

test('decisions are kept with their details; taking back and taking that back', async () => {
  const operation = Operation.open(folder, { actor: 'tester', now: () => '2026-01-01T00:00:00Z' });
  const by = { reason: 'seen', author: 'tester', time: '2026-01-01T00:00:00Z' };
  const made = await operation.exclusively(async () => [
    decide(operation, { kind: 'fact', subject: ['a/1'], value: 'prior record', ...by }),
    decide(operation, {
      kind: 'child state',
      subject: ['CH-1'],
      value: 'located',
      details: { agency: 'Unit 1' },
      ...by,
    }),
    undo(operation, 1, by),
    undo(operation, 3, by),
  ]);
  assert.deepEqual(made, [1, 2, 3, 4]);
  const all = listDecisions(operation);
  assert.deepEqual(all[0]!.details, null);
  assert.deepEqual(all[1]!.details, { agency: 'Unit 1' });
  assert.deepEqual([...undoneBy(all)], [[3, 4]]);
  assert.deepEqual(
    standing(all).map(({ sequence }) => sequence),
    [1, 2],
  );
  await assert.rejects(
    operation.exclusively(async () => undo(operation, 3, by)),
    /taken back already/,
  );
  await assert.rejects(
    operation.exclusively(async () => undo(operation, 99, by)),
    { code: 'not-found' },
  );
  await assert.rejects(
    operation.exclusively(async () =>
      decide(operation, { kind: 'fact', subject: ['a/1'], value: 'x', ...by, reason: ' ' }),
    ),
    /needs a reason/,
  );
  assert.equal(listDecisions(operation).length, 4);
  operation.close();
});

test('what stands is what was not taken back, in whatever order acts were taken back', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(30)), { maxLength: 30 }), (targets) => {
      const all = targets.map((target, index): Decision => {
        const undoes = target !== null && index > 0;
        return {
          sequence: index + 1,
          kind: undoes ? 'undo' : 'fact',
          subject: [undoes ? String((target % index) + 1) : 'a/1'],
          value: undoes ? 'undone' : 'x',
          reason: 'r',
          author: 'a',
          time: 't',
        };
      });
      const holds = (sequence: number): boolean =>
        !all.some(
          (each) => each.kind === 'undo' && Number(each.subject[0]) === sequence && holds(each.sequence),
        );
      assert.deepEqual(
        standing(all).map(({ sequence }) => sequence),
        all
          .filter(({ kind, sequence }) => kind !== 'undo' && holds(sequence))
          .map(({ sequence }) => sequence),
      );
    }),
    { seed: 4, numRuns: 300 },
  );
});
