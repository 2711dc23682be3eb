import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSelectors } from '../../src/evidence/find-selectors.ts';
import { canonicalSelector, type SelectorKind, selectorKinds } from '../../src/evidence/selectors.ts';

const canonical: [SelectorKind, string, string | null][] = [
  ['email', 'North.Fender@Proton.Example', 'north.fender@proton.example'],
  ['email', ' a+forum@b.example. ', 'a+forum@b.example'],
  ['email', 'jürgen@bücher.example', 'jürgen@xn--bcher-kva.example'],
  ['email', 'two@at@b.example', null],
  ['email', 'no domain@', null],
  ['ip', '198.51.100.007', '198.51.100.7'],
  ['ip', '256.1.1.1', null],
  ['ip', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['ip', '[2001:db8::1%eth0]', '2001:db8::1'],
  ['ip', '::ffff:198.51.100.7', '198.51.100.7'],
  ['ip', 'forum.example', null],
  ['phone', '+31 (0)20-123 45 67', '+310201234567'],
  ['phone', '0031 20 1234567', '+31201234567'],
  ['phone', '12', null],
  ['domain', 'BÜCHER.example.', 'xn--bcher-kva.example'],
  ['url', 'www.bikes.example/a', 'http://www.bikes.example/a'],
  ['url', 'javascript:void(0)', null],
  ['handle', '  North.Fender ', 'north.fender'],
];

test('canonical forms', () => {
  for (const [kind, raw, expected] of canonical)
    assert.equal(canonicalSelector(kind, raw), expected, `${kind} ${raw}`);
});

test('a canonical form is its own canonical form, and nothing makes it throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...selectorKinds),
      fc.string({ unit: 'binary', maxLength: 80 }),
      (kind, raw) => {
        const once = canonicalSelector(kind, raw);
        if (once !== null) assert.equal(canonicalSelector(kind, once), once);
      },
    ),
    { seed: 4, numRuns: 3000 },
  );
});

const written: [string, string[]][] = [
  ['Ride on. Threema ID: north_crema', ['messenger threema:north_crema']],
  ['Telegram: @derny19 -- messages welcome', ['messenger telegram:derny19']],
  [
    'mail me: a.b@post.example or https://bikes.example/x).',
    ['email a.b@post.example', 'url https://bikes.example/x'],
  ],
  ['jabber: someone@chat.example', ['messenger jabber:someone@chat.example']],
  ['call +31 20 123 45 67 after six', ['phone +31201234567']],
  ['a signal is a sign, not an address; order 1234-5678', []],
  ['We met on Discord, where the talk is of bread.', []],
  ['my discord: baker#1234', ['messenger discord:baker#1234']],
];

test('selectors written in text', () => {
  for (const [text, expected] of written) {
    assert.deepEqual(
      findSelectors(text).map(({ kind, canonical }) => `${kind} ${canonical}`),
      expected,
      text,
    );
  }
});

test('places are where the raw text stands; long hostile text takes no longer than it should', () => {
  for (const [text] of written)
    for (const { raw, index } of findSelectors(text))
      assert.equal(text.slice(index, index + raw.length), raw);
  const began = process.cpuUsage().user;
  for (const unit of ['a@', 'icq: ', '+1 ', 'http://', 'a.b.', 'telegram @'])
    findSelectors(unit.repeat(200_000 / unit.length));
  assert.ok(process.cpuUsage().user - began < 20_000_000, 'quadratic or worse');
});
