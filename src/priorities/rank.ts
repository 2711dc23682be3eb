import {
  bandOf,
  type Change,
  type IndicatorKind,
  lowerOf,
  type RuleScheme,
  raiseOf,
  type Seen,
} from './rules.ts';

/** One indicator of a person, as the generation keeps it. */
export interface IndicatorRow {
  readonly person: string;
  readonly account: string;
  readonly indicator: IndicatorKind;
  readonly text: string;
  readonly pointer: string;
  readonly more_pointers: string;
  readonly against: string | null;
  readonly time: number | null;
  readonly standing: 'counts' | 'withdrawn' | 'victim';
  readonly facts: string | null;
}

/** Where a person stands, and why. */
export interface Ranked {
  readonly person: string;
  readonly band: string;
  readonly rows: readonly IndicatorRow[];
  readonly raise: Change | null;
  readonly lower: Change | null;
}

/**
 * Persons in the order in which they must be looked at: by band, then as the scheme says, then by person id, so
 * that equal input gives an equal queue. Reads indicators and nothing else. Acts of victims' accounts are left
 * out; what was withdrawn is kept with its person and counts nothing.
 */
export function rank(rows: readonly IndicatorRow[], scheme: RuleScheme): Ranked[] {
  const persons = Map.groupBy(
    rows.filter(({ standing }) => standing !== 'victim'),
    ({ person }) => person,
  );
  const places = new Map(scheme.bands.map(({ band }, place) => [band, place]));
  const ranked: { standing: Ranked; key: readonly number[] }[] = [];
  for (const [person, held] of persons) {
    const seen = held.filter(({ standing }) => standing === 'counts').map(seenOf);
    const band = bandOf(seen, scheme);
    if (band === null) continue;
    ranked.push({
      standing: { person, band, rows: held, raise: raiseOf(seen, scheme), lower: lowerOf(seen, scheme) },
      key: [places.get(band)!, ...scheme.order.map((order) => -measures[order](held))],
    });
  }
  ranked.sort((x, y) => compareKeys(x.key, y.key) || (x.standing.person < y.standing.person ? -1 : 1));
  return ranked.map(({ standing }) => standing);
}

function seenOf(row: IndicatorRow): Seen {
  const facts = row.facts === null ? null : (JSON.parse(row.facts) as { tool: string; result: string });
  return {
    indicator: row.indicator,
    contested: row.against !== null,
    tool: facts?.tool ?? null,
    result: facts?.result ?? null,
  };
}

/** What a scheme can put persons in order by; more comes first. Only what counts and is not contested. */
const measures = {
  'listed files': (rows: readonly IndicatorRow[]) => undisputed(rows, 'listed file'),
  'provider reports': (rows: readonly IndicatorRow[]) => undisputed(rows, 'provider report'),
  'latest act': (rows: readonly IndicatorRow[]) =>
    Math.max(
      // Times in exhibits may lie before 1970; no act at all comes last.
      -(2 ** 53),
      ...rows.filter(({ standing }) => standing === 'counts').map(({ time }) => time ?? -(2 ** 53)),
    ),
} as const satisfies Record<RuleScheme['order'][number], (rows: readonly IndicatorRow[]) => number>;

function undisputed(rows: readonly IndicatorRow[], kind: IndicatorKind): number {
  return rows.filter((row) => row.indicator === kind && row.standing === 'counts' && row.against === null)
    .length;
}

function compareKeys(x: readonly number[], y: readonly number[]): number {
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}
