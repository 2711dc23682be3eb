/**
 * What raises a rank: an account's own, objective conduct, or a fact that an officer entered and answers for.
 * A rule names an indicator and nothing else, so that membership, contact, a reply, a hand-off, a shared topic
 * or a group cannot be written into one.
 */
export const indicators = {
  'listed file': 'the account itself posted, sent or mailed a file whose hash stands on a supplied list',
  'provider report': 'a provider reported what the account itself uploaded or did',
  'access to children': 'an officer entered it',
  'prior record': 'an officer entered it',
  'accredited risk assessment': 'an officer entered the result of an accredited tool; Waymark computes none',
  'other officer fact': 'an officer entered a fact in other words',
  'administers the service': "the service's own records name the account as founder",
} as const;
export type IndicatorKind = keyof typeof indicators;
export const indicatorKinds = Object.keys(indicators) as IndicatorKind[];

/** By what persons of one band are put in order, the first that differs deciding; then by person id. */
export const orders = ['listed files', 'provider reports', 'latest act'] as const;
export type Order = (typeof orders)[number];

export interface Condition {
  readonly indicator: IndicatorKind;
  /** How many of it there must be; from two on, only those count against which nothing is said. */
  readonly least: number;
  /** Of a risk assessment: only this tool, in lower case; null for any. */
  readonly tool: string | null;
  /** Of a risk assessment: only these results, in lower case; empty for any. */
  readonly results: readonly string[];
}

export interface Rule {
  readonly band: string;
  /** All of these must hold. There is no "unless": more of an indicator never lowers anybody. */
  readonly all: readonly Condition[];
}

export interface RuleScheme {
  readonly name: string;
  readonly version: number;
  readonly about: string;
  /** In order of urgency. */
  readonly bands: readonly { readonly band: string; readonly meaning: string }[];
  /** A person is in the highest band of which one rule holds; without one, in no band and not in the queue. */
  readonly rules: readonly Rule[];
  readonly order: readonly Order[];
}

/** One indicator of a person, as far as rules can see it. */
export interface Seen {
  readonly indicator: IndicatorKind;
  /** Whether something is said against it. */
  readonly contested: boolean;
  readonly tool: string | null;
  readonly result: string | null;
}

/** The band of a person with these indicators, or null. */
export function bandOf(seen: readonly Seen[], scheme: RuleScheme): string | null {
  return bandWhere(scheme, (condition) => holds(condition, seen));
}

/** Whether a condition holds of these indicators. */
export function holds(condition: Condition, seen: readonly Seen[]): boolean {
  const fitting = seen.filter((each) => fits(condition, each));
  if (condition.least === 1) return fitting.length > 0;
  return fitting.filter((each) => !each.contested).length >= condition.least;
}

function fits({ indicator, tool, results }: Condition, seen: Seen): boolean {
  return (
    seen.indicator === indicator &&
    (tool === null || seen.tool?.toLowerCase() === tool) &&
    (results.length === 0 || (seen.result !== null && results.includes(seen.result.toLowerCase())))
  );
}

function bandWhere(scheme: RuleScheme, holding: (condition: Condition) => boolean): string | null {
  const reached = new Set(scheme.rules.filter((rule) => rule.all.every(holding)).map((rule) => rule.band));
  return scheme.bands.find(({ band }) => reached.has(band))?.band ?? null;
}

/** A change of indicators and the band it would lead to; null: out of the queue. */
export interface Change {
  readonly band: string | null;
  /** In words; none more than needed. */
  readonly indicators: readonly string[];
}

/** The fewest further indicators that would lead to a higher band, and among those to the highest; or null. */
export function raiseOf(seen: readonly Seen[], scheme: RuleScheme): Change | null {
  const now = placeOf(scheme, bandOf(seen, scheme));
  let best: { place: number; missing: readonly Condition[] } | null = null;
  for (const rule of scheme.rules) {
    const place = placeOf(scheme, rule.band);
    if (place >= now) continue;
    const missing = rule.all.filter((condition) => !holds(condition, seen));
    if (
      best === null ||
      missing.length < best.missing.length ||
      (missing.length === best.missing.length && place < best.place)
    )
      best = { place, missing };
  }
  return best && { band: scheme.bands[best.place]!.band, indicators: best.missing.map(conditionWords) };
}

/** The fewest kinds of indicators whose fall would lead to a lower band or out of the queue; null for nobody. */
export function lowerOf(seen: readonly Seen[], scheme: RuleScheme): Change | null {
  const band = bandOf(seen, scheme);
  if (band === null) return null;
  const now = placeOf(scheme, band);
  const kinds = indicatorKinds.filter((kind) => seen.some((each) => each.indicator === kind));
  for (let size = 1; size <= kinds.length; size++) {
    let best: { place: number; without: readonly IndicatorKind[] } | null = null;
    for (const without of choose(kinds, size)) {
      const place = placeOf(
        scheme,
        bandOf(
          seen.filter((each) => !without.includes(each.indicator)),
          scheme,
        ),
      );
      // Of equal changes the one with the least effect is shown: it is what is most easily overlooked.
      if (place > now && (best === null || place < best.place)) best = { place, without };
    }
    if (best) return { band: scheme.bands[best.place]?.band ?? null, indicators: best.without };
  }
  return null;
}

function placeOf(scheme: RuleScheme, band: string | null): number {
  const place = scheme.bands.findIndex((each) => each.band === band);
  return place < 0 ? scheme.bands.length : place;
}

export function conditionWords({ indicator, least, tool, results }: Condition): string {
  const of =
    tool === null && results.length === 0
      ? ''
      : ` (${[tool, results.join(' or ')].filter((part) => part).join(': ')})`;
  return `${least > 1 ? `${least} of ` : ''}${indicator}${of}`;
}

function* choose<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) yield [];
  for (let i = from; size > 0 && i <= items.length - size; i++)
    for (const rest of choose(items, size - 1, i + 1)) yield [items[i]!, ...rest];
}
