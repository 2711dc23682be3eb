import { formatMicros } from '../base/time.ts';
import type { Decision } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/files.ts';
import { notPertinent } from './category-schemes.ts';
import { type IndicatorKind, indicatorKinds } from './rules.ts';

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
}

interface ListedFile {
  readonly account: string;
  readonly pointer: string;
  readonly content_pointer: string | null;
  readonly time: number | null;
  readonly list: string;
  readonly category: string;
  readonly list_pointer: string;
  readonly known_good: string | null;
  readonly known_good_pointer: string | null;
}

const noListing = notPertinent.map(({ scheme, category }) => `${scheme} ${category}`);

/** All indicators, from the lake and from officers' decisions, in a fixed order. */
export async function findIndicators(engine: Engine, decisions: readonly Decision[]): Promise<Indicator[]> {
  const found: Indicator[] = [];
  for (const file of await engine.rows<ListedFile>(sql.listedFiles, { notPertinent: noListing }))
    found.push(listedFile(file));
  for (const fact of await engine.rows<{
    account: string;
    fact: string;
    text: string | null;
    time: number | null;
    pointer: string;
  }>(sql.officerFacts)) {
    found.push({
      ...officerFact(fact.account, fact.fact, fact.text ?? '', fact.time),
      pointer: fact.pointer,
    });
  }
  for (const { account, pointer } of await engine.rows<{ account: string; pointer: string }>(
    sql.administrators,
  )) {
    found.push({
      account,
      indicator: 'administers the service',
      text: 'the service itself records this account as its founder',
      pointer,
      morePointers: [],
      against: null,
      time: null,
    });
  }
  for (const decision of decisions.filter(({ kind }) => kind === 'fact')) {
    const indicator = officerFact(
      decision.subject[0]!,
      decision.value,
      `${decision.reason}; entered by ${decision.author}`,
      null,
    );
    found.push({ ...indicator, pointer: `decision ${decision.sequence}` });
  }
  return found;
}

function listedFile(file: ListedFile): Indicator {
  const when = file.time === null ? 'at a time the exhibit does not fix' : `at ${formatMicros(file.time)}`;
  const category = file.category.trim();
  return {
    account: file.account,
    indicator: 'listed file',
    text: `posted or sent a file ${when} whose hash stands on the list "${file.list}"${category ? ` (category ${category})` : ''}`,
    pointer: file.pointer,
    morePointers: [file.content_pointer, file.list_pointer].filter((pointer) => pointer !== null),
    against:
      file.known_good === null
        ? null
        : {
            text: `the same hash also stands on the known-good list "${file.known_good}"`,
            pointer: file.known_good_pointer!,
          },
    time: file.time,
  };
}

function officerFact(
  account: string,
  fact: string,
  reference: string,
  time: number | null,
): Omit<Indicator, 'pointer'> {
  const known =
    (indicatorKinds as readonly string[]).includes(fact) &&
    fact !== 'listed file' &&
    fact !== 'administers the service';
  return {
    account,
    indicator: known ? (fact as IndicatorKind) : 'other officer fact',
    text: `an officer entered "${fact}"${reference ? ` (${reference})` : ''}`,
    morePointers: [],
    against: null,
    time,
  };
}
