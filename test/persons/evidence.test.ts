import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linkingConfiguration as config } from '../../src/persons/configuration.ts';
import { browserFamily, Devices } from '../../src/persons/devices.ts';
import {
  barsOf,
  bitsBesidesHousehold,
  type Evidence,
  isPersonal,
  totalBits,
} from '../../src/persons/evidence.ts';
import { handleSkeleton } from '../../src/persons/keys.ts';
import { cluster, type Link, proposes } from '../../src/persons/link.ts';
import { NameChance, Surprise, sharedRun } from '../../src/persons/names.ts';
import { Prior } from '../../src/persons/prior.ts';

const piece = (group: Evidence['group'], bits: number, text: string): Evidence => ({
  group,
  text,
  bits,
  accounts: 2,
  pointers: ['aaaaaaaaaaaaaaaa@0+1', 'aaaaaaaaaaaaaaaa@5+1'],
});
const line = (n: number) =>
  piece('line', 5, `one line, 192.0.2.${n}, used by both within 30 days (1 and 1 days)`);
const browser = (bits: number, kind = 'phone') => piece('device', bits, `same ${kind} browser ${bits}`);
const address = (n: number) =>
  piece('device', 8, `one device's address, 2001:db8::${n}, used by both on one day`);
const linkOf = (evidence: Evidence[], threshold = 14): Link => ({
  a: 's/1',
  b: 's/2',
  bits: totalBits(evidence),
  decision: null,
  threshold,
  evidence,
});

test('lines and browsers alone never propose one person, however many; something personal beside them may', () => {
  const lines = [1, 2, 3, 4, 5, 6, 7, 8].map(line);
  const shared = [...lines, browser(5), browser(5, 'computer')];
  assert.ok(totalBits(shared) > linkOf(shared).threshold);
  assert.equal(proposes(linkOf(shared)), false);
  assert.equal(isPersonal(shared), false);
  assert.equal(proposes(linkOf([line(1), browser(3), address(1)])), true);
  assert.equal(proposes(linkOf([line(1), piece('handle', 10, 'names that share "kettlefriend"')])), true);
  assert.equal(proposes(linkOf([piece('handle', 10, 'names that share "kettlefriend"')])), false);
});

test('the bar rises with the operation, and with the service that is larger', () => {
  const accounts = (service: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${service}/${i + 1}`);
  const small = new Prior(accounts('s', 200));
  const large = new Prior([...accounts('s', 50_000), ...accounts('t', 300), ...accounts('u', 20)]);
  // 250 times the accounts: log2(250) bits more.
  assert.ok(Math.abs(large.bar('s/1', 's/2') - small.bar('s/1', 's/2') - Math.log2(49_999 / 199)) < 1e-9);
  assert.ok(large.bits('s/1', 't/1') > large.bits('t/1', 't/2'));
  assert.equal(large.bits('s/1', 't/1'), large.bits('t/1', 's/1'));
  assert.ok(large.bits('u/1', 't/1') < large.bits('u/1', 's/1'));
  // What is counted is worth no more than its rarity among all pairs.
  assert.ok(Math.abs(small.bitsOfCounted(0.5, 199) - Math.log2(0.5 * 100)) < 1e-9);
  assert.ok(Number.isFinite(new Prior(['s/1']).bar('s/1', 't/1')));
});

test('browsers known to differ take bits off, and are among the bars', () => {
  const against = piece('device', -4, 'different computer browsers in the same months: a; b');
  const evidence = [line(1), piece('handle', 10, 'names that share "kettlefriend"'), against];
  assert.equal(totalBits(evidence), 11);
  assert.equal(proposes(linkOf(evidence)), false);
  assert.equal(bitsBesidesHousehold(evidence), 6);
  assert.equal(barsOf(evidence).find((bar) => bar.bits === -4)!.counted, -4);
});

test('one device told many times counts once, and devices in all never more than their cap', () => {
  const many = [address(1), address(2), address(3), browser(5), browser(5, 'computer')];
  assert.equal(totalBits(many), config.device.cap);
  assert.equal(totalBits([address(1), address(2)]), config.device.addressBits);
});

test('a browser counts by its rarity, only in neighbouring months, and not by its updates', () => {
  const firefox = (version: number) =>
    `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
  const phone = (model: string, version: string) =>
    `Mozilla/5.0 (Linux; Android 9; ${model}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Mobile Safari/537.36`;
  assert.equal(browserFamily(firefox(64)), browserFamily(firefox(71)));
  assert.notEqual(
    browserFamily(phone('SM-A520F', '71.0.3578.98')),
    browserFamily(phone('Pixel 2', '71.0.3578.98')),
  );
  assert.notEqual(
    browserFamily('Mozilla/5.0 (Windows NT 6.1; rv:1.0)'),
    browserFamily('Mozilla/5.0 (Windows NT 10.0; rv:1.0)'),
  );
  const devices = new Devices();
  for (let i = 0; i < 30; i++) devices.add(`s/${100 + i}`, firefox(60 + i), 1, 'x@0+1');
  devices.add('s/1', phone('SM-A520F', '71.0'), 1, 'x@1+1');
  devices.add('s/1', firefox(64), 1, 'x@2+1');
  devices.add('s/2', phone('SM-A520F', '75.0'), 2, 'x@3+1');
  devices.add('s/3', phone('Pixel 2', '75.0'), 2, 'x@4+1');
  devices.add('s/4', phone('Pixel 2', '75.0'), 9, 'x@5+1');
  const [same] = devices.compare('s/1', 's/2');
  assert.deepEqual([same!.accounts, same!.pointers], [2, ['x@1+1', 'x@3+1']]);
  assert.ok(Math.abs(same!.bits - Math.log2(34 / 2)) < 1e-9);
  const [different] = devices.compare('s/1', 's/3');
  assert.equal(different!.bits, -config.device.differentBits);
  // Seven months apart, and classes that only one has: nothing is known.
  assert.deepEqual(devices.compare('s/1', 's/4'), []);
  assert.deepEqual(devices.compare('s/2', 's/100'), []);
  const [common] = devices.compare('s/1', 's/100');
  assert.ok(common!.bits < 0.2);
});

test('runs that names share: spelled otherwise, longer or shorter, never a common word alone', () => {
  assert.equal(sharedRun('Copper Kettle43', 'c0pperk3ttle_43'), 'copperkettlea' + 'e');
  assert.equal(sharedRun('Quiet Petal65', 'the_QuietPetal65')!.includes('quietpetal'), true);
  assert.equal(sharedRun('Omar_nettle', 'OmarNettle.two')!.startsWith('omarnettle'), true);
  assert.equal(sharedRun('copper kettle', 'silver spade'), null);
  assert.equal(sharedRun('copperkettlefriend', 'silverkettlegarden'), null);
  assert.equal(sharedRun('', ''), null);
});

test('runs are symmetric, and stand in both names', () => {
  const word = fc.stringMatching(/^[a-d0-9_.]{0,14}$/);
  fc.assert(
    fc.property(word, word, (a, b) => {
      const run = sharedRun(a, b);
      assert.equal(run?.length, sharedRun(b, a)?.length);
      if (run === null) return;
      const chance = new NameChance([[handleSkeleton(a)], [handleSkeleton(b)], ['zz']]);
      chance.count([run]);
      assert.equal(chance.worth(run, 0.1).accounts, 2);
    }),
    { seed: 20260102, numRuns: 400 },
  );
});

test('a name of two common words is worth what the words are worth together, and less with each further holder', () => {
  const colours = ['copper', 'silver', 'golden', 'bronze', 'violet', 'orange', 'purple', 'indigo'];
  const things = ['kettle', 'spanner', 'pedal', 'teapot', 'trowel', 'saddle', 'jar', 'stamp'];
  const names = colours.flatMap((colour) => things.map((thing) => [colour + thing]));
  const worth = (further: string[][], text: string) => {
    const chance = new NameChance([...names, ...further]);
    chance.count([text]);
    return chance.worth(text, 0.15).bits;
  };
  const common = worth([['copperkettle'], ['zq8x']], 'copperkettle');
  // One in eight for either word, and not the letters' surprise.
  assert.ok(common > Math.log2(0.15 * 40) && common < Math.log2(0.15 * 90));
  assert.ok(worth([['copperkettle'], ['copperkettle']], 'copperkettle') < common);
  assert.ok(worth([['t6uapq9vx'], ['t6uapq9vx']], 't6uapq9vx') > common + 6);
});

test('a name of chance letters is more surprising than one of the common words, and never by its own doing', () => {
  const words = Array.from({ length: 200 }, (_, i) => `kettle${'abcdefghij'[i % 10]}garden`);
  const surprise = new Surprise([...words, 'clara3nkhbw']);
  assert.ok(surprise.of('clara3nkhbw') > 30);
  assert.ok(surprise.of('kettleagarden') < 12);
  assert.ok(Number.isFinite(surprise.of('')) && Number.isFinite(surprise.of('x')));
});

test('silence between accounts weighs less than between person records', () => {
  const held = (a: string, b: string, bits: number): Link => ({
    a,
    b,
    bits,
    decision: null,
    threshold: 0,
    evidence: [piece('contact', bits, `both state ${a} ${b}`), piece('name', 0, 'name')],
  });
  const accounts = ['s/1', 's/2', 's/3', 's/4'];
  const links = [held('s/1', 's/2', 8), held('s/1', 's/3', 8), held('s/2', 's/3', 8), held('s/3', 's/4', 2)];
  const sizes = (records: Set<string>) => {
    const persons = cluster(accounts, links, new Map(), records);
    return new Set(persons.values()).size;
  };
  assert.equal(sizes(new Set()), 1);
  assert.equal(sizes(new Set(accounts)), 2);
});
