import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalIp } from '../../src/evidence/selectors.ts';
import { type PlaceEvidence, rankCountries } from '../../src/footprint/jurisdiction.ts';
import { Registries } from '../../src/footprint/place.ts';
import {
  clocksOfCountry,
  countriesOfLanguage,
  countriesOfPhone,
  countryOfDomain,
  countryOfPlace,
  countryOfZone,
} from '../../src/footprint/place-countries.ts';
import { addressNumber, lineOf, Ranges } from '../../src/footprint/place-ranges.ts';

const someRange = fc.tuple(fc.nat(60), fc.nat(20)).map(([from, size]) => [from, from + size] as const);

test('looking up a range by halves finds what looking at every range finds', () => {
  // Small numbers make ranges meet; the base puts them across the middle of 128 bits.
  const bases = [0n, (1n << 64n) - 40n, 0xffff_0000_0000n];
  fc.assert(
    fc.property(fc.array(someRange, { maxLength: 12 }), fc.constantFrom(...bases), (list, base) => {
      const ranges = list.map(([from, to], row) => ({
        from: base + BigInt(from),
        to: base + BigInt(to),
        row,
      }));
      const built = new Ranges(ranges);
      for (let at = -1; at <= 82; at++) {
        const value = base + BigInt(at);
        if (value < 0n) continue;
        assert.equal(built.find(value), naive(ranges, value), `${at}`);
      }
    }),
    { numRuns: 400 },
  );
});

/** The range that begins last; of those that begin together the shortest; of equal ones the first. */
function naive(ranges: readonly { from: bigint; to: bigint; row: number }[], value: bigint): number {
  let best: { from: bigint; to: bigint; row: number } | null = null;
  for (const range of ranges) {
    if (value < range.from || value > range.to) continue;
    const isBetter =
      best === null || range.from > best.from || (range.from === best.from && range.to < best.to);
    if (isBetter) best = range;
  }
  return best?.row ?? -1;
}

test('addresses as numbers keep the order of their bytes, in every writing', () => {
  fc.assert(
    fc.property(fc.ipV6(), (written) => {
      const canonical = canonicalIp(written);
      fc.pre(canonical !== null);
      const number = addressNumber(canonical!);
      assert.notEqual(number, null);
      if (canonical!.includes(':')) {
        const groups = Array.from({ length: 8 }, (_, i) =>
          ((number! >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
        );
        assert.equal(canonicalIp(groups.join(':')), canonical);
      }
    }),
  );
  assert.equal(addressNumber('192.0.2.1'), 0xffff_c000_0201n);
  assert.equal(addressNumber('::ffff:c000:201'), 0xffff_c000_0201n);
  for (const none of ['', '1.2.3', '1.2.3.256', ':::', '1::2::3', 'zz::', '1:2:3:4:5:6:7:8:9']) {
    assert.equal(addressNumber(none), null, none);
  }
  assert.equal(lineOf(addressNumber('2001:db8:1:2:3::4')!), addressNumber('2001:db8:1:2::'));
  assert.equal(lineOf(addressNumber('192.0.2.1')!), addressNumber('192.0.2.1'));
});

const range = {
  registry: 'one',
  snapshot: '2020-01-01',
  family: 'ipv4',
  country: 'NL',
  first: '192.0.2.0',
  last: '192.0.2.255',
  status: 'allocated',
  holder: 'A',
  pointer: '0000000000000001@0+10',
};
const timeOf = (day: string) => Date.parse(`${day}T12:00:00Z`) * 1000;
const address = addressNumber('192.0.2.7')!;

test('the table nearest before the day is used, with the days between', () => {
  const registries = new Registries();
  registries.add({ ...range, snapshot: '2020-03-01', country: 'DE' });
  registries.add(range);
  const at = (day: string) => {
    const { country, distanceDays } = registries.find(address, timeOf(day))!;
    return [country, distanceDays];
  };
  assert.deepEqual(at('2020-02-29'), ['NL', 59]);
  assert.deepEqual(at('2020-03-01'), ['DE', 0]);
  assert.deepEqual(at('2021-03-01'), ['DE', 365]);
  assert.deepEqual(at('2019-12-31'), ['NL', -1]);
});

test('what is reserved, available, regional or in no table has no country', () => {
  for (const [status, country] of [
    ['reserved', 'NL'],
    ['available', 'NL'],
    ['allocated', 'EU'],
    ['allocated', null],
  ] as const) {
    const registries = new Registries();
    registries.add({ ...range, status, country });
    assert.equal(registries.find(address, timeOf('2020-01-01'))!.country, null);
  }
  const registries = new Registries();
  assert.ok(registries.isEmpty);
  registries.add({ ...range, snapshot: 'not a day' });
  registries.add({ ...range, first: 'nonsense' });
  assert.equal(registries.find(address, timeOf('2020-01-01')), null);
});

test('an AS number is named where the holder has exactly one', () => {
  const registries = new Registries();
  registries.add(range);
  const asn = { ...range, family: 'asn', first: '64496', last: '64496' };
  registries.add(asn);
  assert.equal(registries.find(address, timeOf('2020-01-01'))!.asNumber, '64496');
  registries.add({ ...asn, first: '64497', last: '64497' });
  assert.equal(registries.find(address, timeOf('2020-01-01'))!.asNumber, null);
});

test('of two registries the nearer table speaks, of equally near ones the first by name', () => {
  const registries = new Registries();
  registries.add({ ...range, registry: 'two', country: 'DE' });
  registries.add(range);
  assert.equal(registries.find(address, timeOf('2020-01-05'))!.country, 'NL');
  registries.add({ ...range, registry: 'two', snapshot: '2020-01-04', country: 'FR' });
  assert.equal(registries.find(address, timeOf('2020-01-05'))!.country, 'FR');
});

test('numbers, zones, languages, places and domains name countries, or none', () => {
  assert.deepEqual(countriesOfPhone('+31612345678'), ['NL']);
  assert.deepEqual(countriesOfPhone('+14165550100'), ['CA']);
  assert.deepEqual(countriesOfPhone('+12125550100'), ['US']);
  assert.deepEqual(countriesOfPhone('+1123456789'), ['US', 'CA']);
  assert.deepEqual(countriesOfPhone('+77012345678'), ['KZ']);
  assert.deepEqual(countriesOfPhone('0612345678'), []);
  assert.deepEqual(countriesOfPhone('+999123456789'), []);
  assert.equal(countryOfZone('Europe/Amsterdam'), 'NL');
  assert.equal(countryOfZone('Europe/Kyiv'), countryOfZone('Europe/Kiev'));
  assert.equal(countryOfZone('UTC'), null);
  assert.equal(countryOfZone('Nowhere/Atall'), null);
  assert.deepEqual(countriesOfLanguage('pt-BR'), ['BR']);
  assert.ok(countriesOfLanguage('nl').includes('BE'));
  assert.deepEqual(countriesOfLanguage('en'), []);
  assert.equal(countryOfPlace('12 Invented Lane, NL'), 'NL');
  assert.equal(countryOfPlace('Den Haag (Nederland)'), 'NL');
  assert.equal(countryOfPlace('Larkford, UK'), 'GB');
  assert.equal(countryOfPlace('Steinau am Bach'), null);
  assert.equal(countryOfPlace('NL'), null, 'two letters alone may be anything');
  assert.equal(countryOfPlace('Atlanta, Georgia'), null);
  assert.equal(countryOfDomain('mail.provider.co.uk'), 'GB');
  assert.equal(countryOfDomain('somebody.io'), null);
  assert.equal(countryOfDomain('correo.example'), null);
  assert.deepEqual(clocksOfCountry('NL'), ['60 eu']);
  assert.deepEqual(clocksOfCountry('JP'), ['540 fixed']);
  assert.ok(clocksOfCountry('AU').includes('600 south'));
  assert.ok(clocksOfCountry('US').includes('-300 us'));
});

const piece = (kind: PlaceEvidence['kind'], countries: string[], score: number): PlaceEvidence => ({
  kind,
  countries,
  score,
  text: kind,
  account: 'a/1',
  against: [],
  first: null,
  last: null,
  pointers: ['0000000000000001@0+10'],
});

test('points add up; too few, a tie, or a divided house is "not known"', () => {
  const nothing = rankCountries([]);
  assert.deepEqual([nothing.candidates, nothing.likely], [[], false]);
  assert.equal(rankCountries([piece('line', ['NL'], 2.5)]).likely, false);
  const clear = rankCountries([piece('line', ['NL'], 6), piece('time zone', ['DE'], 3)]);
  assert.ok(clear.likely);
  assert.deepEqual(
    clear.candidates.map(({ country, score }) => [country, score]),
    [
      ['NL', 6],
      ['DE', 3],
    ],
  );
  assert.equal(rankCountries([piece('line', ['NL'], 4), piece('phone', ['DE'], 4)]).likely, false);
  assert.equal(
    rankCountries([piece('line', ['NL'], 4), piece('phone', ['DE'], 3.5), piece('line', ['FR'], 3.5)]).likely,
    false,
  );
});

test('a language or habits alone name no country, but weigh those that are named', () => {
  const alone = rankCountries([piece('language', ['NL', 'BE'], 1), piece('habits', ['NL'], 1)]);
  assert.deepEqual(alone.candidates, []);
  const weighed = rankCountries([piece('phone', ['NL', 'DE'], 8), piece('language', ['NL', 'BE'], 1)]);
  assert.deepEqual(
    weighed.candidates.map(({ country, score }) => [country, score]),
    [
      ['NL', 5],
      ['DE', 4],
    ],
  );
});

test('the order in which evidence is met changes nothing', () => {
  const some = fc.record({
    kind: fc.constantFrom<PlaceEvidence['kind']>('line', 'phone', 'language', 'habits'),
    countries: fc.uniqueArray(fc.constantFrom('NL', 'DE', 'GB'), { maxLength: 2 }),
    score: fc.constantFrom(0, 0.5, 1, 2, 4),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), (list) => {
      const pieces = list.map(({ kind, countries, score }) => piece(kind, countries, score));
      const there = rankCountries(pieces);
      assert.deepEqual(rankCountries([...pieces].reverse()), there);
      const total = there.candidates.reduce((sum, { share }) => sum + share, 0);
      assert.ok(there.candidates.length === 0 || Math.abs(total - 1) < 1e-9);
    }),
  );
});
