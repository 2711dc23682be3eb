/**
 * What raises a rank: an account's own, objective conduct, or a fact that an officer entered and answers for.
 * A rule names an indicator and nothing else, so that membership, contact, a reply, a shared topic or a group
 * cannot be written into one.
 */
export const indicatorKinds = [
  'listed file',
  'access to children',
  'prior record',
  'other officer fact',
  'administers the service',
] as const;
export type IndicatorKind = (typeof indicatorKinds)[number];

export interface Rule {
  /** Shown to people, in this order of urgency. */
  readonly band: string;
  /** All of these must be present. */
  readonly all: readonly IndicatorKind[];
}

export interface RuleScheme {
  readonly name: string;
  readonly version: number;
  /** A person is in the band of the first rule that holds; without one, in no band and not in the queue. */
  readonly rules: readonly Rule[];
}

export const rules: RuleScheme = {
  name: 'own conduct',
  version: 1,
  rules: [
    { band: 'A', all: ['listed file', 'access to children'] },
    { band: 'B', all: ['listed file', 'prior record'] },
    { band: 'C', all: ['listed file'] },
    { band: 'C', all: ['access to children', 'prior record'] },
    { band: 'D', all: ['access to children'] },
    { band: 'D', all: ['prior record'] },
    { band: 'E', all: ['administers the service'] },
    { band: 'E', all: ['other officer fact'] },
  ],
};

/** The band of a person with these indicators, or null. */
export function bandOf(present: ReadonlySet<IndicatorKind>, scheme: RuleScheme = rules): string | null {
  return scheme.rules.find((rule) => rule.all.every((kind) => present.has(kind)))?.band ?? null;
}
