/** Files of rules: what they can say, and that everything else is refused with its line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../src/base/json.ts';
import { indicatorKinds, orders, type RuleScheme } from '../../src/priorities/rules.ts';
import { parseScheme, readScheme, schemeDigest, writeScheme } from '../../src/priorities/scheme-file.ts';
import { brought, defaultScheme } from '../../src/priorities/schemes.ts';

const good = `name: trial
version: 3
bands:
  A: first
  B: second
rules:
  - band: A
    all: [listed file, prior record]
  - band: B
    all:
      - indicator: listed file
        at least: 3
order: [latest act]
`;

test('a good file is read, and its one spelling reads back the same', () => {
  const scheme = parseScheme(good);
  assert.deepEqual(scheme.rules[1], {
    band: 'B',
    all: [{ indicator: 'listed file', least: 3, tool: null, results: [] }],
  });
  assert.deepEqual(parseScheme(writeScheme(scheme)), scheme);
  assert.equal(schemeDigest(scheme), schemeDigest(parseScheme(good.replaceAll('\n', '\r\n'))));
  for (const each of brought) assert.deepEqual(parseScheme(writeScheme(each.scheme)), each.scheme);
  assert.equal(defaultScheme.name, 'own conduct');
});

const word = fc.string({
  unit: fc.constantFrom(...'abcé 1:#-&*!?{}[],|>%@`"\'0nullYes~'),
  minLength: 1,
  maxLength: 20,
});
const words = word.map((text) => `x${text}y`.replace(/\s+/g, ' '));
const condition = fc.oneof(
  fc.record({
    indicator: fc.constantFrom(...indicatorKinds),
    least: fc.integer({ min: 1, max: 1000 }),
    tool: fc.constant(null),
    results: fc.constant([]),
  }),
  fc.record({
    indicator: fc.constant('accredited risk assessment' as const),
    least: fc.integer({ min: 1, max: 5 }),
    tool: fc.option(words.map((text) => text.toLowerCase())),
    results: fc.array(
      words.map((text) => text.toLowerCase()),
      { maxLength: 3 },
    ),
  }),
);
const scheme: fc.Arbitrary<RuleScheme> = fc
  .uniqueArray(fc.constantFrom('A', 'B', '1', '0x1', 'null', 'true', 'Top', '1e3'), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((bands) =>
    fc.record({
      name: words,
      version: fc.integer({ min: 1, max: 1_000_000 }),
      about: fc.oneof(fc.constant(''), words),
      bands: fc.tuple(...bands.map((band) => fc.record({ band: fc.constant(band), meaning: words }))),
      rules: fc.tuple(
        ...bands.map((band) =>
          fc.record({ band: fc.constant(band), all: fc.array(condition, { minLength: 1, maxLength: 3 }) }),
        ),
      ),
      order: fc.uniqueArray(fc.constantFrom(...orders)),
    }),
  );

test('every scheme that can be held can be written and read back', () => {
  fc.assert(
    fc.property(scheme, (each) => {
      assert.equal(canonicalJson(parseScheme(writeScheme(each))), canonicalJson(each));
    }),
    { seed: 11, numRuns: 300 },
  );
});

/** What a rule must never see, and made-up words. */
const association = [
  'membership',
  'member',
  'contact',
  'contacts',
  'reply',
  'replies',
  'hand-off',
  'hand_off',
  'community',
  'group',
  'topic',
  'thread',
  'friend',
  'relation',
  'message',
  'messages',
  'degree',
  'betweenness',
  'linked person',
  'country',
  'hidden',
];
const foreign = fc.oneof(
  fc.constantFrom(...association),
  fc
    .stringMatching(/^[a-z][a-z _-]{0,20}$/)
    .filter((name) => !(indicatorKinds as string[]).includes(name.trim())),
);

test('a rule that names anything but an indicator is refused, at its line', () => {
  fc.assert(
    fc.property(foreign, fc.boolean(), (name, long) => {
      const quoted = JSON.stringify(name);
      const text = long
        ? good.replace('indicator: listed file', `indicator: ${quoted}`)
        : good.replace('listed file, prior record', `listed file, ${quoted}`);
      const { scheme: read, problems } = readScheme(text);
      assert.equal(read, null);
      assert.equal(problems[0]!.line, long ? 11 : 8);
      assert.match(problems[0]!.remedy, /The indicators are listed file/);
    }),
    { seed: 12, numRuns: 300 },
  );
});

test('a field that is not known is refused wherever it stands', () => {
  const places: [string, string, number][] = [
    ['name: trial\n', 'name: trial\nKEY: 1\n', 2],
    ['  - band: A\n', '  - band: A\n    KEY: 1\n', 8],
    ['        at least: 3\n', '        at least: 3\n        KEY: 1\n', 13],
    ['order: [latest act]', 'order: [latest act, KEY]', 13],
  ];
  fc.assert(
    fc.property(
      foreign.filter(
        (name) =>
          ![
            'name',
            'version',
            'about',
            'bands',
            'rules',
            'order',
            'band',
            'all',
            'indicator',
            'at least',
            'tool',
            'results',
            ...orders,
          ].includes(name.trim()),
      ),
      fc.constantFrom(...places),
      (name, [from, to, line]) => {
        const { scheme: read, problems } = readScheme(
          good.replace(from, to.replace('KEY', JSON.stringify(name))),
        );
        assert.equal(read, null);
        assert.equal(problems[0]!.line, line, problems[0]!.what);
      },
    ),
    { seed: 13, numRuns: 200 },
  );
});

const faults: [string, string, RegExp][] = [
  ['name: trial', 'nam: trial', /"nam" is not known/],
  ['version: 3', 'version: "3"', /"version" is no whole number/],
  ['version: 3', 'version: 0', /"version" is no whole number/],
  ['band: A', 'band: Z', /there is no band "Z"/],
  ['all: [listed file, prior record]', 'all: []', /would raise everybody/],
  ['all: [listed file, prior record]', 'none: [listed file]', /"none" is not known/],
  ['at least: 3', 'at least: -1', /"at least" is no whole number/],
  ['at least: 3', 'tool: x', /belong to an accredited risk assessment/],
  ['  B: second', '  B: second\n  C: third', /no rule leads to band C/],
  ['  B: second', '  A: again', /no YAML/],
  ['  A: first', '  A: !!binary aGk=', /tags cannot be used|no text/],
  ['all: [listed file, prior record]', 'all: &x [listed file]', /anchors and tags/],
  ['order: [latest act]', 'order: [latest act, latest act]', /named twice/],
  ['rules:', 'rules: *nobody', /alias|no YAML/i],
  ['name: trial', 'name: "a\\u202eb"', /"name" is no text/],
];

for (const [from, to, what] of faults) {
  test(`refused: ${to.replaceAll('\n', ' ')}`, () => {
    const { scheme: read, problems } = readScheme(good.replace(from, to));
    assert.equal(read, null);
    assert.ok(
      problems.some((problem) => what.test(problem.what)),
      JSON.stringify(problems),
    );
    for (const { remedy } of problems) assert.notEqual(remedy, '');
    assert.throws(() => parseScheme(good.replace(from, to)), { code: 'usage' });
  });
}

test('whatever is given, reading ends with a scheme or with problems', () => {
  const hostile = [
    '',
    '\0',
    '[',
    '{'.repeat(5000),
    '- '.repeat(9000),
    '['.repeat(30_000),
    'a: '.repeat(3000),
    '? '.repeat(4000),
    '&a [*a]',
    'x'.repeat(70_000),
    '--- a\n--- b',
    '%YAML 9.9\n---\nname: x',
  ];
  for (const text of hostile) assert.ok(readScheme(text).problems.length > 0, text.slice(0, 20));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(good.length), (junk, at) => {
      const { scheme: read, problems } = readScheme(good.slice(0, at) + junk + good.slice(at));
      assert.ok((read === null) === problems.length > 0);
    }),
    { seed: 14, numRuns: 500 },
  );
});
