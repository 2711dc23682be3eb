import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Decision, detailsOf } from '../persons/decisions.ts';
import type { RuleScheme } from './rules.ts';
import { parseScheme } from './scheme-file.ts';

/** A scheme that Waymark brings. */
export interface Brought {
  /** Name of its file, by which it can be named on the command line. */
  readonly file: string;
  readonly text: string;
  readonly scheme: RuleScheme;
}

/** The schemes that Waymark brings; the first ranks until an operation adopts its own. */
export const brought: readonly Brought[] = ['own-conduct.yaml', 'with-risk-assessment.yaml'].map((file) => {
  const text = fs.readFileSync(path.join(import.meta.dirname, 'schemes', file), 'utf8');
  return { file, text, scheme: parseScheme(text, file) };
});

export const defaultScheme: RuleScheme = brought[0]!.scheme;

/** The last adoption that stands, or null. */
export function adoptionInForce(decisions: readonly Decision[]): Decision | null {
  return decisions.findLast(({ kind }) => kind === 'rules') ?? null;
}

/** The rules of the next generation. `decisions` are those that stand. */
export function schemeInForce(decisions: readonly Decision[]): RuleScheme {
  const adoption = adoptionInForce(decisions);
  return adoption
    ? parseScheme(detailsOf('rules', adoption).text, `decision ${adoption.sequence}`)
    : defaultScheme;
}
