import { formatMicros } from '../base/time.ts';
import { type Decision, detailsOf } from '../persons/decisions.ts';
import { roleOf, roles } from '../persons/roles.ts';
import type { Engine } from '../store/engine.ts';
import * as files from '../store/queries/files.ts';
import { notPertinent } from './category-schemes.ts';
import { readCorrections, type Withdrawal } from './corrections.ts';
import { findProviderReports } from './provider-reports.ts';
import type { IndicatorKind } from './rules.ts';

/**
 * Whether an indicator counts: `withdrawn` is shown and counts nothing; `victim` is an act of an account that is
 * stated to be a victim's, who is never ranked as an adult.
 */
export type IndicatorStanding = 'counts' | 'withdrawn' | 'victim';

/** A cited, objective reason that bears on priority. */
export interface Indicator {
  readonly account: string;
  readonly indicator: IndicatorKind;
  /** In plain words. Names lists, references and times, never the content. */
  readonly text: string;
  /** Where it stands: the record of the account's own act, or the officer's entry. */
  readonly pointer: string;
  /** Further places: the stored bytes, the list's entry. */
  readonly morePointers: readonly string[];
  /** What speaks against it, with its place, or null. */
  readonly against: { readonly text: string; readonly pointer: string } | null;
  /** UTC microseconds of the act, or null. */
  readonly time: number | null;
  readonly standing: IndicatorStanding;
  /** Of a risk assessment: what the tool said. */
  readonly facts: { readonly tool: string; readonly version: string; readonly result: string } | null;
}

interface ListedFile {
  readonly account: string;
  readonly service: string | null;
  readonly pointer: string;
  readonly pointers: readonly string[];
  readonly content_pointer: string | null;
  readonly time: number | null;
  readonly report: string | null;
  readonly list: string;
  readonly category: string;
  readonly list_pointer: string;
  readonly known_good: string | null;
  readonly known_good_pointer: string | null;
}

const noListing = notPertinent.map(({ scheme, category }) => `${scheme} ${category}`);

/** Further places that are kept of one act. */
const maxPlaces = 5;

/**
 * All indicators, from the lake and from officers' decisions that stand, in a fixed order. `accountRoles`: what
 * accounts are stated to be.
 */
export async function findIndicators(
  engine: Engine,
  decisions: readonly Decision[],
  accountRoles: ReadonlyMap<string, number>,
): Promise<Indicator[]> {
  const corrections = await readCorrections(engine);
  const found: Indicator[] = [];
  const notPertinentLists = { notPertinent: noListing };
  for (const file of await engine.rows<ListedFile>(files.listedFiles, notPertinentLists))
    found.push(listedFile(file, file.report === null ? null : corrections.of(file.report, file.service)));
  found.push(...(await findProviderReports(engine, corrections)));
  for (const { account, fact, text, time, pointer } of await engine.rows<{
    account: string;
    fact: string;
    text: string | null;
    time: number | null;
    pointer: string;
  }>(files.officerFacts)) {
    const indicator = officerFact(account, fact, text ?? '', time, pointer);
    if (indicator) found.push(indicator);
  }
  for (const { account, pointer } of await engine.rows<{ account: string; pointer: string }>(
    files.administrators,
  )) {
    const text = 'the service itself records this account as its founder';
    found.push({ ...plain, account, indicator: 'administers the service', text, pointer });
  }
  for (const decision of decisions) found.push(...decided(decision));
  return found.map((indicator) =>
    indicator.standing === 'counts' && ((accountRoles.get(indicator.account) ?? 0) & roles.victim) !== 0
      ? { ...indicator, standing: 'victim' }
      : indicator,
  );
}

const plain = {
  morePointers: [],
  against: null,
  time: null,
  standing: 'counts',
  facts: null,
} as const satisfies Partial<Indicator>;

function listedFile(file: ListedFile, withdrawal: Withdrawal | null): Indicator {
  const when = file.time === null ? 'at a time the exhibit does not fix' : `at ${formatMicros(file.time)}`;
  const category = file.category.trim();
  const act =
    file.report !== null
      ? `is reported to have uploaded a file ${when}`
      : file.service === 'mail'
        ? `mailed a file ${when}, by the sender that the mail names,`
        : `posted or sent a file ${when}`;
  const good =
    file.known_good === null
      ? null
      : {
          text: `the same hash also stands on the known-good list "${file.known_good}"`,
          pointer: file.known_good_pointer!,
        };
  const places = file.pointers.filter((pointer) => pointer !== file.pointer).slice(0, maxPlaces);
  return {
    ...plain,
    account: file.account,
    indicator: 'listed file',
    text: `${act} whose hash stands on the list "${file.list}"${category ? ` (category ${category})` : ''}`,
    pointer: file.pointer,
    morePointers: [file.content_pointer, file.list_pointer, ...places].filter((pointer) => pointer !== null),
    against: withdrawal ?? good,
    time: file.time,
    standing: withdrawal?.withdrawn ? 'withdrawn' : 'counts',
  };
}

/** Facts that an officer enters and that rank by their own name. */
const namedFacts: readonly string[] = ['access to children', 'prior record', 'accredited risk assessment'];

/**
 * A fact as an indicator; null for one that says nothing of the account's own conduct: a victim, a witness, or a
 * child's case, which goes to the list of children.
 */
function officerFact(
  account: string,
  fact: string,
  reference: string,
  time: number | null,
  pointer: string,
): Indicator | null {
  if (roleOf(fact) === roles.victim || /^(witness|child case)\b/.test(fact.trim().toLowerCase())) return null;
  const named = namedFacts.includes(fact);
  return {
    ...plain,
    account,
    indicator: named ? (fact as IndicatorKind) : 'other officer fact',
    text: `an officer entered "${fact}"${reference ? ` (${reference})` : ''}`,
    pointer,
    time,
    facts: fact === 'accredited risk assessment' ? riskOf(reference) : null,
  };
}

/** `<tool> / <version> / <result>` at the beginning of a reference in a list of facts. */
function riskOf(reference: string): Indicator['facts'] {
  const [tool, version, result] = reference
    .split(';')[0]!
    .split('/')
    .map((part) => part.trim());
  return tool && version && result ? { tool, version, result } : null;
}

function decided(decision: Decision): Indicator[] {
  const pointer = `decision ${decision.sequence}`;
  const account = decision.subject[0]!;
  if (decision.kind === 'fact') {
    const reference = `${decision.reason}; entered by ${decision.author}`;
    return [officerFact(account, decision.value, reference, null, pointer)].filter((fact) => fact !== null);
  }
  if (decision.kind !== 'risk assessment') return [];
  const { tool, version, assessor } = detailsOf('risk assessment', decision);
  const text = `${tool} ${version}, run by ${assessor}, gave "${decision.value}" (${decision.reason}; entered by ${decision.author})`;
  const facts = { tool, version, result: decision.value };
  return [{ ...plain, account, indicator: 'accredited risk assessment', text, pointer, facts }];
}
