/** Reads the linking corpora into populations, for the benches alone. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type FieldPlan, type Population, PopulationBuilder } from '../src/persons/population.ts';

export const corpora = path.join(import.meta.dirname, '..', '..', 'shared', 'corpora');

export interface Truth {
  readonly ids: readonly string[];
  /** Number of the true person of each record. */
  readonly person: Int32Array;
  readonly persons: number;
}

export interface DataSet extends Truth {
  readonly population: Population;
}

export const personFields: readonly FieldPlan[] = [
  { name: 'name', kind: 'words', group: 'name' },
  { name: 'birthday', kind: 'date', group: 'birth' },
  { name: 'place', kind: 'text', group: 'location' },
  { name: 'postcode', kind: 'code', group: 'location' },
  { name: 'gender', kind: 'category', group: 'birth' },
  { name: 'occupation', kind: 'text', group: 'occupation' },
  { name: 'street', kind: 'words', group: 'location' },
];

export async function readTable(from: string): Promise<Record<string, string | null>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(`select * from ${from}`);
  return result
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key.trim(), value === null ? null : String(value).trim()]),
      ),
    );
}

export async function historical(): Promise<DataSet> {
  const rows = await readTable(
    `'${path.join(corpora, 'er/splink/historical_figures_with_errors_50k.parquet')}'`,
  );
  return make(
    rows,
    (row) => row.unique_id!,
    (row) => row.cluster!,
    (row) => [
      row.full_name!,
      row.dob!,
      row.birth_place!,
      row.postcode_fake!,
      row.gender!,
      row.occupation!,
      null,
    ],
  );
}

export async function febrl(...files: string[]): Promise<DataSet> {
  const rows: Record<string, string | null>[] = [];
  for (const file of files) {
    rows.push(
      ...(await readTable(
        `read_csv('${path.join(corpora, 'er/febrl', file)}', all_varchar=true, header=true)`,
      )),
    );
  }
  return make(
    rows,
    (row) => row.rec_id!,
    (row) => /rec-(\d+)-/.exec(row.rec_id!)![1]!,
    (row) => [
      `${row.given_name ?? ''} ${row.surname ?? ''}`,
      row.date_of_birth!,
      row.suburb!,
      row.postcode!,
      row.state!,
      null,
      `${row.street_number ?? ''} ${row.address_1 ?? ''} ${row.address_2 ?? ''}`,
    ],
  );
}

export async function fakeThousand(): Promise<DataSet> {
  const rows = await readTable(
    `read_csv('${path.join(corpora, 'er/splink/fake_1000.csv')}', all_varchar=true)`,
  );
  return make(
    rows,
    (row) => row.unique_id!,
    (row) => row.cluster!,
    (row) => [
      `${row.first_name ?? ''} ${row.surname ?? ''}`,
      row.dob!,
      row.city!,
      row.email!,
      null,
      null,
      null,
    ],
  );
}

function make(
  rows: Record<string, string | null>[],
  id: (row: Record<string, string | null>) => string,
  person: (row: Record<string, string | null>) => string,
  values: (row: Record<string, string | null>) => (string | null)[],
): DataSet {
  const builder = new PopulationBuilder(personFields);
  const persons = new Map<string, number>();
  const truth = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    values(row).forEach((value, field) => {
      builder.set(field, value ?? null);
    });
    builder.end();
    const key = person(row);
    if (!persons.has(key)) persons.set(key, persons.size);
    truth[i] = persons.get(key)!;
  });
  return { population: builder.finish(), ids: rows.map(id), person: truth, persons: persons.size };
}

export interface Quality {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly bCubed: number;
  readonly largest: number;
}

/** Pairwise and B-cubed figures over the records for which `counts` holds (pairs: both records). */
export function quality(
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
  counts: (i: number) => boolean = () => true,
): Quality {
  const [f, t, both] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  const up = (map: Map<number, number>, key: number) => map.set(key, (map.get(key) ?? 0) + 1);
  let size = 0;
  for (let i = 0; i < truth.length; i++) {
    if (!counts(i)) continue;
    size++;
    up(f, found[i]!);
    up(t, truth[i]!);
    up(both, found[i]! * 2 ** 26 + truth[i]!);
  }
  const pairs = (map: Map<number, number>) =>
    [...map.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const right = pairs(both);
  const precision = right / Math.max(1, pairs(f));
  const recall = right / Math.max(1, pairs(t));
  let [p, r] = [0, 0];
  for (const [key, n] of both) {
    p += (n * n) / f.get(Math.floor(key / 2 ** 26))!;
    r += (n * n) / t.get(key % 2 ** 26)!;
  }
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    bCubed: (2 * (p / size) * (r / size)) / (p / size + r / size),
    largest: [...f.values()].reduce((most, size) => Math.max(most, size), 0),
  };
}

export function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}
