import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../src/base/json.ts';
import { decodeEntry, type Entry, encodeEntry, entryFault, saltedDigest } from '../../src/ledger/entry.ts';
import { entryNumber } from './fixture.ts';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,20}$/);
const fact = fc.oneof(id, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
const entry: fc.Arbitrary<Entry> = fc.record({
  time: fc.constantFrom('2026-01-31T09:30:00Z', '2024-02-29T23:59:59.123456Z', '2000-02-29T00:00:00Z'),
  actor: id,
  action: fc.constantFrom('exhibit.add', 'package', 'person.split-off'),
  objects: fc.array(id, { maxLength: 5 }),
  facts: fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9_.-]{0,12}$/), fact),
});

test('the bytes of an entry are its canonical JSON, and only those are read back', () => {
  fc.assert(
    fc.property(entry, (each) => {
      const bytes = encodeEntry(each);
      assert.equal(bytes.toString(), canonicalJson(each));
      assert.deepEqual(JSON.stringify(decodeEntry(bytes)), bytes.toString());
    }),
    { seed: 3 },
  );
});

test('the bytes of one entry, spelled out', () => {
  assert.equal(
    encodeEntry(entryNumber(7)).toString(),
    '{"action":"exhibit.add","actor":"user:7","facts":{"kind":"coffee-club","number":7},' +
      '"objects":["exhibit:7"],"time":"2026-01-31T09:30:00Z"}',
  );
});

const good = entryNumber(1);
const bad: Record<string, unknown> = {
  'no object': 'exhibit.add',
  null: null,
  'a list': [good],
  'a member too few': { ...good, facts: undefined, actor: undefined },
  'a missing member': { time: good.time, actor: good.actor, action: good.action, objects: [] },
  'a member too many': { ...good, note: 'x' },
  'another member': { time: good.time, actor: good.actor, action: good.action, objects: [], other: {} },
  'no time': { ...good, time: 1 },
  'local time': { ...good, time: '2026-01-31T09:30:00+01:00' },
  'a day that is none': { ...good, time: '2026-02-29T09:30:00Z' },
  'a day 0': { ...good, time: '2026-02-00T09:30:00Z' },
  'a leap day in 1900': { ...good, time: '1900-02-29T09:30:00Z' },
  'a 31st of April': { ...good, time: '2026-04-31T09:30:00Z' },
  'an actor with a space': { ...good, actor: 'A Gardener' },
  'an e-mail address': { ...good, actor: 'gardener@bicycle.example' },
  'an action in capitals': { ...good, action: 'Add' },
  'no action': { ...good, action: 7 },
  'objects that are none': { ...good, objects: 'exhibit:1' },
  'prose as an object': { ...good, objects: ['tea and coffee'] },
  'a list of facts': { ...good, facts: [] },
  'prose as a fact': { ...good, facts: { title: 'How to plant a tulip' } },
  'letters beyond ASCII': { ...good, facts: { title: 'Café' } },
  'an id that is too long': { ...good, facts: { title: 'a'.repeat(201) } },
  'a fact that is no number': { ...good, facts: { rows: Number.NaN } },
  'a truth value': { ...good, facts: { rows: true } },
  'a nested fact': { ...good, facts: { rows: {} } },
  'a name with a space': { ...good, facts: { 'a title': 1 } },
};

for (const [name, value] of Object.entries(bad)) {
  test(`no entry: ${name}`, () => {
    const fault = entryFault(value);
    assert.equal(typeof fault, 'string');
    assert.ok(!/tulip|coffee|gardener/i.test(fault!), 'a fault never repeats the value');
    assert.throws(() => encodeEntry(value as Entry), { code: 'usage' });
  });
}

test('an entry is at most 65,535 bytes', () => {
  const objects = Array.from({ length: 335 }, () => 'a'.repeat(195));
  assert.throws(() => encodeEntry({ ...good, objects }), { code: 'limit' });
  assert.ok(encodeEntry({ ...good, objects: objects.slice(10) }).length < 65_535);
});

test('bytes that no encoder wrote are refused', () => {
  const text = encodeEntry(good).toString();
  const facts = '{"kind":"coffee-club","number":1}';
  assert.ok(text.includes(facts));
  for (const other of [
    text.slice(1),
    `${text} `,
    ` ${text}`,
    `\ufeff${text}`,
    text.replace('user', '\\u0075ser'),
    text.replace('"number":1', '"number":1.0'),
    text.replace('"number":1', '"number":1,"number":1'),
    text.replace(facts, '{"number":1,"kind":"coffee-club"}'),
    JSON.stringify(good),
    text.replace('user:7', 'usér:7'),
    '{}',
  ]) {
    assert.throws(() => decodeEntry(Buffer.from(other)), { code: 'unreadable' }, other);
  }
});

test('a salted digest depends on text and salt, and a salt is not short', () => {
  const salt = Buffer.alloc(16, 1);
  assert.match(saltedDigest(salt, 'tulip'), /^[0-9a-f]{64}$/);
  assert.notEqual(saltedDigest(salt, 'tulip'), saltedDigest(Buffer.alloc(16, 2), 'tulip'));
  assert.notEqual(saltedDigest(salt, 'tulip'), saltedDigest(salt, 'crocus'));
  assert.equal(entryFault({ ...good, facts: { reason: saltedDigest(salt, 'tulip') } }), null);
  assert.throws(() => saltedDigest(Buffer.alloc(15), 'tulip'), { code: 'usage' });
});
