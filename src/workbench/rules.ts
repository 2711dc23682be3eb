import * as fs from 'node:fs';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import { type IndicatorRow, rank } from '../priorities/rank.ts';
import { indicators, orders, type RuleScheme } from '../priorities/rules.ts';
import {
  type Problem,
  parseScheme,
  readScheme,
  schemeDigest,
  writeScheme,
} from '../priorities/scheme-file.ts';
import { adoptionInForce, brought, defaultScheme, schemeInForce } from '../priorities/schemes.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/priorities.ts';
import { type ActView, act, type By, decisionsInForce, viewOfAct } from './decided.ts';

export interface RulesView {
  readonly inForce: RuleScheme;
  readonly digest: string;
  /** As a file that can be edited and adopted. */
  readonly text: string;
  /** The decision by which they were adopted; null for the scheme that Waymark brings. */
  readonly adopted: ActView | null;
  /** Whether the generation in force was ranked by them. */
  readonly built: boolean;
  readonly indicators: readonly { readonly indicator: string; readonly meaning: string }[];
  readonly orders: readonly string[];
  readonly brought: readonly {
    readonly file: string;
    readonly name: string;
    readonly version: number;
    readonly about: string;
  }[];
}

export function showRules(operation: Operation): RulesView {
  const decisions = decisionsInForce(operation);
  const scheme = schemeInForce(decisions);
  const adoption = adoptionInForce(decisions);
  return {
    inForce: scheme,
    digest: schemeDigest(scheme),
    text: writeScheme(scheme),
    adopted: adoption && viewOfAct(adoption),
    built: canonicalJson(schemeOfGeneration(operation)) === canonicalJson(scheme),
    indicators: Object.entries(indicators).map(([indicator, meaning]) => ({ indicator, meaning })),
    orders,
    brought: brought.map(({ file, scheme: { name, version, about } }) => ({ file, name, version, about })),
  };
}

/** The rules that ranked the generation in force; those that Waymark brings before the first build. */
export function schemeOfGeneration(operation: Operation): RuleScheme {
  const row = operation.state.one<{ inputs: string }>(
    "select g.inputs from generation g join setting s on s.name = 'generation' and s.value = g.id",
  );
  const kept = row && (JSON.parse(row.inputs) as { rules?: RuleScheme }).rules;
  // A generation of an earlier version has rules of another shape.
  return kept && Array.isArray(kept.bands) ? kept : defaultScheme;
}

export interface CheckedRules {
  readonly scheme: RuleScheme | null;
  readonly digest: string | null;
  readonly problems: readonly Problem[];
}

export function checkRules(text: string): CheckedRules {
  const { scheme, problems } = readScheme(text);
  return { scheme, digest: scheme && schemeDigest(scheme), problems };
}

/** The text of a file of rules, or of a scheme that Waymark brings, by name. Throws WaymarkError 'not-found'. */
export function readRulesFile(file: string): string {
  const known = brought.find((each) => each.file === file || each.file === `${file}.yaml`);
  if (known && !fs.existsSync(file)) return known.text;
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the file of rules cannot be read', {
      where: file,
      remedy: `Name a file, or a scheme that Waymark brings: ${brought.map((each) => each.file).join(', ')}.`,
      cause,
    });
  }
}

interface Place {
  readonly rank: number;
  readonly band: string;
}

/** Somebody whom other rules would put elsewhere. */
export interface MovedPerson {
  readonly person: string;
  readonly handles: readonly string[];
  readonly from: Place | null;
  readonly to: Place | null;
}

export interface RulesPreview {
  readonly digest: string;
  readonly persons: { readonly now: number; readonly after: number };
  readonly bands: readonly { readonly band: string; readonly now: number; readonly after: number }[];
  readonly enters: number;
  readonly leaves: number;
  readonly changesBand: number;
  /** Other rank, same band. */
  readonly moves: number;
  readonly changes: readonly MovedPerson[];
  readonly more: boolean;
}

/** Changes that a preview lists, those that matter most first. */
const shownChanges = 500;

/**
 * Who would enter, leave or move if these rules ranked the generation in force. Changes nothing. Throws
 * WaymarkError 'usage' for rules that cannot be used.
 */
export async function previewRules(engine: Engine, text: string, where?: string): Promise<RulesPreview> {
  const scheme = parseScheme(text, where);
  const now = new Map<string, Place>();
  for (const { person, rank, band } of await engine.rows<{ person: string } & Place>(sql.queueLines))
    now.set(person, { rank, band });
  const then = new Map<string, Place>();
  rank(await engine.rows<IndicatorRow>(sql.indicatorsByPerson), scheme).forEach(({ person, band }, index) => {
    then.set(person, { rank: index + 1, band });
  });
  const persons = [...new Set([...now.keys(), ...then.keys()])];
  const changes = persons
    .map((person) => ({ person, from: now.get(person) ?? null, to: then.get(person) ?? null }))
    .filter(({ from, to }) => from?.rank !== to?.rank || from?.band !== to?.band)
    .sort((x, y) => weight(x) - weight(y) || order(x) - order(y) || (x.person < y.person ? -1 : 1));
  const shown = changes.slice(0, shownChanges);
  const handles = new Map(
    (
      await engine.rows<{ person: string; handles: string[] }>(sql.handlesOfPersons, {
        persons: shown.map(({ person }) => person),
      })
    ).map((row) => [row.person, row.handles]),
  );
  const bands = [
    ...new Set([...scheme.bands.map(({ band }) => band), ...[...now.values()].map(({ band }) => band)]),
  ];
  const count = (places: ReadonlyMap<string, Place>, band: string) =>
    [...places.values()].filter((place) => place.band === band).length;
  const of = (kind: number) => changes.filter((change) => weight(change) === kind).length;
  return {
    digest: schemeDigest(scheme),
    persons: { now: now.size, after: then.size },
    bands: bands.map((band) => ({ band, now: count(now, band), after: count(then, band) })),
    leaves: of(0),
    enters: of(1),
    changesBand: of(2),
    moves: of(3),
    changes: shown.map((change) => ({ ...change, handles: handles.get(change.person) ?? [] })),
    more: changes.length > shown.length,
  };
}

function weight({ from, to }: { from: Place | null; to: Place | null }): number {
  if (to === null) return 0;
  if (from === null) return 1;
  return from.band === to.band ? 3 : 2;
}

function order({ from, to }: { from: Place | null; to: Place | null }): number {
  return (from ?? to)!.rank;
}

/**
 * Adopts rules: they rank from the next build on. The text kept is the scheme's one spelling, its digest stands in
 * the ledger. Throws WaymarkError 'usage' for rules that cannot be used, that are in force already, or that share
 * name and version with other rules adopted before.
 */
export function adoptRules(operation: Operation, text: string, by: By, where?: string): number {
  const scheme = parseScheme(text, where);
  const digest = schemeDigest(scheme);
  const decisions = decisionsInForce(operation);
  if (schemeDigest(schemeInForce(decisions)) === digest)
    throw new WaymarkError('usage', 'these rules are in force already', { where });
  const other = [...brought.map((each) => each.scheme), ...adoptedSchemes(operation)].find(
    (each) => each.name === scheme.name && each.version === scheme.version && schemeDigest(each) !== digest,
  );
  if (other) {
    throw new WaymarkError('usage', `other rules are called "${scheme.name}", version ${scheme.version}`, {
      where,
      remedy: 'Give the changed rules a higher version, so that each can be cited.',
    });
  }
  const details = { name: scheme.name, version: scheme.version, text: writeScheme(scheme) };
  return act(operation, { kind: 'rules', subject: [], value: digest, details }, by);
}

function adoptedSchemes(operation: Operation): RuleScheme[] {
  return operation.state
    .all<{ details: string }>("select details from decision where kind = 'rules' order by sequence")
    .map(({ details }) => parseScheme((JSON.parse(details) as { text: string }).text));
}
