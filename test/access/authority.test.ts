import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowsPurpose, authorityTerms, scopeOf, standingOf, whyClosed } from '../../src/access/authority.ts';
import { checkMarking, gradeWords, parseGrade, type Tlp, writeGrade } from '../../src/access/grading.ts';

const terms = { kind: 'search warrant', issuer: 'Court 1' } as const;
const warrant = (more: object = {}, withdrawn: string | null = null) => ({
  reference: 'W-1',
  terms: { ...terms, ...more },
  withdrawn,
});

test('an authority stands from its first day to the end of its last', () => {
  const limited = warrant({ valid_from: '2026-01-10', valid_until: '2026-01-31' });
  const at = (now: string) => [standingOf(limited, now), whyClosed(limited, now)];
  assert.deepEqual(at('2026-01-09T23:59:59Z'), ['not yet', 'authority W-1 stands only from 2026-01-10']);
  assert.deepEqual(at('2026-01-10T00:00:00Z'), ['in force', null]);
  assert.deepEqual(at('2026-01-31T23:59:59Z'), ['in force', null]);
  assert.deepEqual(at('2026-02-01T00:00:00Z'), ['expired', 'authority W-1 expired after 2026-01-31']);
  assert.equal(standingOf(warrant(), '1999-01-01T00:00:00Z'), 'in force');
  assert.match(whyClosed(warrant({}, 'appeal'), '2026-01-10T00:00:00Z')!, /withdrawn: appeal/);
});

test('terms are taken only as they can be', () => {
  const good = authorityTerms.parse({ ...terms, people: ['mail/a@b.example'], purposes: ['the case'] });
  assert.deepEqual(good.people, ['mail/a@b.example']);
  for (const bad of [
    {},
    { ...terms, kind: 'whim' },
    { ...terms, issuer: '' },
    { ...terms, valid_from: '31.1.2026' },
    { ...terms, valid_from: '2026-02-30' },
    { ...terms, valid_from: '2026-02-01', valid_until: '2026-01-31' },
    { ...terms, records_from: '2026-02-01', records_until: '2026-01-31' },
    { ...terms, people: [] },
    { ...terms, everything: true },
  ])
    assert.equal(authorityTerms.safeParse(bad).success, false, JSON.stringify(bad));
});

test('a scope holds whole days, and nothing where nothing is limited', () => {
  assert.equal(scopeOf(terms), null);
  assert.equal(scopeOf({ ...terms, valid_until: '2026-01-31', purposes: ['x'] }), null);
  assert.deepEqual(scopeOf({ ...terms, records_from: '2019-01-05', records_until: '2019-01-05' }), {
    people: null,
    services: null,
    from: Date.UTC(2019, 0, 5) * 1000,
    until: Date.UTC(2019, 0, 6) * 1000,
  });
  assert.deepEqual(scopeOf({ ...terms, people: ['a/b'] })?.people, ['a/b']);
  assert.deepEqual(scopeOf({ ...terms, services: ['mail'] })?.services, ['mail']);
});

test('purposes that are not stated limit nothing', () => {
  assert.equal(allowsPurpose(terms, 'anything'), true);
  assert.equal(allowsPurpose({ ...terms, purposes: ['Operation Bell'] }, ' operation bell'), true);
  assert.equal(allowsPurpose({ ...terms, purposes: ['Operation Bell'] }, 'statistics'), false);
});

test('grades are read, written and put into words without loss; others are refused', () => {
  for (const [given, written, words] of [
    ['3x5x2 2bp', '3x5x2 2BP', 'untested; known indirectly but corroborated; lawful sharing permitted'],
    ['4x4: B2 H1 H0 H1', '4x4 B2 H0 H1', /to prevent and combat crime; not in judicial/],
    ['4x4 A1', '4x4 A1', 'no doubt about the source; accuracy not in doubt'],
  ] as const) {
    assert.equal(writeGrade(parseGrade(given)), written);
    if (typeof words === 'string') assert.equal(gradeWords(parseGrade(given)), words);
    else assert.match(gradeWords(parseGrade(given)), words);
  }
  for (const bad of ['', '5x5x5 B22', '3x5x2 4AP', '3x5x2', '4x4 D1', '4x4 A1 H9'])
    assert.throws(() => parseGrade(bad), { code: 'usage' }, bad);
});

test('a marking keeps what was stated and needs a note where a code says so', () => {
  assert.equal(checkMarking({}), null);
  assert.equal(checkMarking({ note: '  ' }), null);
  assert.deepEqual(checkMarking({ grade: '4x4 a1 h3', note: ' only here ' }), {
    grade: '4x4 A1 H3',
    note: 'only here',
  });
  assert.deepEqual(checkMarking({ tlp: 'RED' }), { tlp: 'RED' });
  assert.throws(() => checkMarking({ tlp: 'PINK' as Tlp }), { code: 'usage' });
  assert.throws(() => checkMarking({ grade: '4x4 A1 H3' }), /conditions/);
  assert.throws(() => checkMarking({ grade: '3x5x2 1AC' }), /conditions/);
  assert.deepEqual(checkMarking({ grade: '4x4 A1 H1' }), { grade: '4x4 A1 H1' });
});
