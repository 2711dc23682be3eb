import { canonicalJson } from '../base/json.ts';
import type { Decision } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/files.ts';
import { findIndicators, type Indicator } from './indicators.ts';
import { bandOf, type IndicatorKind } from './rules.ts';

/** Why a person stands where they stand. */
export interface Reason {
  readonly indicator: IndicatorKind;
  readonly account: string;
  readonly text: string;
  readonly pointer: string;
  readonly morePointers: readonly string[];
  readonly against: { readonly text: string; readonly pointer: string } | null;
}

interface IndicatorRow {
  readonly person: string;
  readonly account: string;
  readonly indicator: IndicatorKind;
  readonly text: string;
  readonly pointer: string;
  readonly more_pointers: string;
  readonly against: string | null;
  readonly time: number | null;
}

/**
 * Ranks the persons who have indicators: by band, then by how many files are listed, then by the latest act,
 * then by person id, so that equal input gives an equal queue. Makes the tables `indicator` and `queue`;
 * returns the number of persons in it.
 */
export async function rankQueue(engine: Engine, decisions: readonly Decision[]): Promise<number> {
  await engine.run(sql.createIndicators);
  await engine.run(sql.createQueue);
  const indicators = await findIndicators(engine, decisions);
  if (indicators.length === 0) return 0;
  await insertIndicators(engine, indicators);
  const persons = new Map<string, IndicatorRow[]>();
  for (const row of await engine.rows<IndicatorRow>(sql.indicatorsByPerson)) {
    const held = persons.get(row.person);
    if (held) held.push(row);
    else persons.set(row.person, [row]);
  }
  const ranked = [...persons]
    .map(([person, rows]) => standing(person, rows))
    .filter((standing) => standing.band !== null)
    .sort(
      (x, y) =>
        compare(x.band!, y.band!) ||
        y.listedFiles - x.listedFiles ||
        y.latest - x.latest ||
        compare(x.person, y.person),
    );
  if (ranked.length === 0) return 0;
  const accounts = await accountsOf(
    engine,
    ranked.map(({ person }) => person),
  );
  await engine.run(sql.insertQueue, {
    rank: ranked.map((_, index) => String(index + 1)),
    person: ranked.map(({ person }) => person),
    band: ranked.map(({ band }) => band!),
    accounts: ranked.map(({ person }) => canonicalJson(accounts.get(person) ?? [])),
    reasons: ranked.map(({ rows }) => canonicalJson(rows.map(reasonOf))),
  });
  return ranked.length;
}

function standing(person: string, rows: readonly IndicatorRow[]) {
  const against = rows.filter((row) => row.indicator === 'listed file' && row.against !== null).length;
  return {
    person,
    rows,
    band: bandOf(new Set(rows.map((row) => row.indicator))),
    listedFiles: rows.filter((row) => row.indicator === 'listed file').length - against,
    latest: Math.max(Number.NEGATIVE_INFINITY, ...rows.map((row) => row.time ?? Number.NEGATIVE_INFINITY)),
  };
}

function reasonOf(row: IndicatorRow): Reason {
  return {
    indicator: row.indicator,
    account: row.account,
    text: row.text,
    pointer: row.pointer,
    morePointers: JSON.parse(row.more_pointers) as string[],
    against: row.against === null ? null : (JSON.parse(row.against) as Reason['against']),
  };
}

async function insertIndicators(engine: Engine, indicators: readonly Indicator[]): Promise<void> {
  for (let at = 0; at < indicators.length; at += 20_000) {
    const part = indicators.slice(at, at + 20_000);
    await engine.run(sql.insertIndicators, {
      account: part.map((each) => each.account),
      indicator: part.map((each) => each.indicator),
      text: part.map((each) => each.text),
      pointer: part.map((each) => each.pointer),
      more: part.map((each) => canonicalJson(each.morePointers)),
      against: part.map((each) => (each.against ? canonicalJson(each.against) : '')),
      time: part.map((each) => (each.time === null ? '' : String(each.time))),
    });
  }
}

async function accountsOf(
  engine: Engine,
  persons: string[],
): Promise<Map<string, { account: string; handle: string | null }[]>> {
  const accounts = new Map<string, { account: string; handle: string | null }[]>();
  const rows = await engine.rows<{ person: string; account: string; handle: string | null }>(
    sql.accountsOfPersons,
    { persons },
  );
  for (const { person, account, handle } of rows) {
    const held = accounts.get(person);
    if (held) held.push({ account, handle });
    else accounts.set(person, [{ account, handle }]);
  }
  return accounts;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
