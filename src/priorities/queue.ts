import { canonicalJson } from '../base/json.ts';
import type { Decision } from '../persons/decisions.ts';
import { readRoles, roles } from '../persons/roles.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/priorities.ts';
import { findIndicators, type Indicator } from './indicators.ts';
import { type IndicatorRow, rank } from './rank.ts';
import type { IndicatorKind, RuleScheme } from './rules.ts';

/** Why a person stands where they stand. */
export interface Reason {
  readonly indicator: IndicatorKind;
  readonly account: string;
  readonly text: string;
  readonly pointer: string;
  readonly morePointers: readonly string[];
  readonly against: { readonly text: string; readonly pointer: string } | null;
  /** Taken back by whoever said it: shown, and counts nothing. */
  readonly withdrawn: boolean;
}

const insertRows = 20_000;

/**
 * Ranks the persons who have indicators by a scheme of rules. Makes the tables `account_role`, `indicator` and
 * `queue`; returns the number of persons in it. `decisions` are those that stand.
 */
export async function rankQueue(
  engine: Engine,
  decisions: readonly Decision[],
  scheme: RuleScheme,
): Promise<number> {
  await engine.run(sql.createRoles);
  await engine.run(sql.createIndicators);
  await engine.run(sql.createQueue);
  const accountRoles = await readRoles(engine, decisions);
  await insertRoles(engine, accountRoles);
  await insertIndicators(engine, await findIndicators(engine, decisions, accountRoles));
  const ranked = rank(await engine.rows<IndicatorRow>(sql.indicatorsByPerson), scheme);
  if (ranked.length === 0) return 0;
  const accounts = await accountsOf(
    engine,
    ranked.map(({ person }) => person),
  );
  for (let at = 0; at < ranked.length; at += insertRows) {
    const part = ranked.slice(at, at + insertRows);
    await engine.run(sql.insertQueue, {
      rank: part.map((_, index) => String(at + index + 1)),
      person: part.map(({ person }) => person),
      band: part.map(({ band }) => band),
      accounts: part.map(({ person }) => canonicalJson(accounts.get(person) ?? [])),
      reasons: part.map(({ rows }) => canonicalJson(rows.map(reasonOf))),
      raise: part.map(({ raise }) => (raise ? canonicalJson(raise) : '')),
      lower: part.map(({ lower }) => (lower ? canonicalJson(lower) : '')),
    });
  }
  return ranked.length;
}

export function reasonOf(row: IndicatorRow): Reason {
  return {
    indicator: row.indicator,
    account: row.account,
    text: row.text,
    pointer: row.pointer,
    morePointers: JSON.parse(row.more_pointers) as string[],
    against: row.against === null ? null : (JSON.parse(row.against) as Reason['against']),
    withdrawn: row.standing === 'withdrawn',
  };
}

async function insertRoles(engine: Engine, accountRoles: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...accountRoles].sort(([x], [y]) => (x < y ? -1 : 1));
  for (let at = 0; at < rows.length; at += insertRows) {
    const part = rows.slice(at, at + insertRows);
    await engine.run(sql.insertRoles, {
      account: part.map(([account]) => account),
      role: part.map(([, role]) => roleWord(role)),
    });
  }
}

function roleWord(role: number): string {
  if (role === (roles.victim | roles.suspect)) return 'both';
  return role === roles.victim ? 'victim' : 'suspect';
}

async function insertIndicators(engine: Engine, indicators: readonly Indicator[]): Promise<void> {
  for (let at = 0; at < indicators.length; at += insertRows) {
    const part = indicators.slice(at, at + insertRows);
    await engine.run(sql.insertIndicators, {
      account: part.map((each) => each.account),
      indicator: part.map((each) => each.indicator),
      text: part.map((each) => each.text),
      pointer: part.map((each) => each.pointer),
      more: part.map((each) => canonicalJson(each.morePointers)),
      against: part.map((each) => (each.against ? canonicalJson(againstOf(each.against)) : '')),
      time: part.map((each) => (each.time === null ? '' : String(each.time))),
      standing: part.map((each) => each.standing),
      facts: part.map((each) => (each.facts ? canonicalJson(each.facts) : '')),
    });
  }
}

function againstOf({ text, pointer }: NonNullable<Indicator['against']>) {
  return { text, pointer };
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
