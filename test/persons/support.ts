/** Invented people for tests: names of tools and beans, dates, places; no real person. */
import { type FieldPlan, type Population, PopulationBuilder } from '../../src/persons/population.ts';
import { mix } from '../../src/persons/similarity.ts';

export const testFields: readonly FieldPlan[] = [
  { name: 'name', kind: 'words', group: 'name' },
  { name: 'birthday', kind: 'date', group: 'birth' },
  { name: 'place', kind: 'text', group: 'location' },
];

export type TestRecord = readonly [name: string, birthday: string, place: string];

const syllables = [
  'ka',
  'lo',
  'mi',
  'ber',
  'tan',
  'ru',
  'ves',
  'dol',
  'pi',
  'sor',
  'han',
  'gul',
  'fe',
  'quin',
];

/** A number from 0 up to `below`, by hash: the same on every machine. */
export function draw(seed: number, below: number): number {
  return mix(mix(seed) ^ 0x5bd1e995) % below;
}

function word(seed: number, parts: number): string {
  return Array.from({ length: parts }, (_, i) => syllables[draw(seed * 7 + i, syllables.length)]).join('');
}

/** `people` persons with up to three records each, a slip in some of them; the person of each record beside. */
export function inventRecords(people: number): { records: TestRecord[]; person: number[] } {
  const records: TestRecord[] = [];
  const person: number[] = [];
  for (let p = 0; p < people; p++) {
    const first = word(draw(p * 11 + 1, 60), 2);
    const last = word(1000 + draw(p * 13 + 2, 400), 3);
    const birthday = `${1940 + draw(p * 17 + 3, 60)}-0${1 + draw(p * 19 + 4, 9)}-${10 + draw(p * 23 + 5, 18)}`;
    const place = word(5000 + draw(p * 29 + 6, 30), 2);
    for (let copy = 0; copy <= draw(p * 31 + 7, 3); copy++) {
      const slip = draw(p * 37 + copy * 41 + 8, 4);
      records.push([
        slip === 1 ? `${first} ${last.slice(0, -1)}` : `${first} ${last}`,
        slip === 2 ? birthday.replace(/\d$/, '9') : slip === 3 ? '' : birthday,
        draw(p * 43 + copy * 47 + 9, 5) === 0 ? '' : place,
      ]);
      person.push(p);
    }
  }
  return { records, person };
}

export function populationOf(records: readonly TestRecord[]): Population {
  const builder = new PopulationBuilder(testFields);
  for (const record of records) {
    record.forEach((value, field) => {
      builder.set(field, value);
    });
    builder.end();
  }
  return builder.finish();
}

/** A partition as sorted groups of names, for comparing whatever the order of arrival was. */
export function groupsOf(clusters: ArrayLike<number>, names: readonly (string | number)[]): string[] {
  const groups = new Map<number, string[]>();
  names.forEach((name, i) => {
    const held = groups.get(clusters[i]!);
    if (held) held.push(String(name));
    else groups.set(clusters[i]!, [String(name)]);
  });
  return [...groups.values()].map((group) => group.sort().join(' ')).sort();
}
