import { WaymarkError } from '../base/errors.ts';
import type { Evidence } from '../persons/evidence.ts';
import { proposes } from '../persons/link.ts';
import { type Reason, reasonOf } from '../priorities/queue.ts';
import type { IndicatorRow } from '../priorities/rank.ts';
import type { Engine } from '../store/engine.ts';
import { indicatorsOfPerson } from '../store/queries/priorities.ts';
import * as sql from '../store/queries/views.ts';

export interface PersonLine {
  readonly person: string;
  readonly accounts: number;
  readonly account_list: string[];
  readonly handles: string[];
  readonly band: string | null;
  readonly rank: number | null;
}

export interface AccountView {
  readonly account: string;
  readonly service: string;
  readonly native_id: string;
  readonly handle: string | null;
  readonly kind: string | null;
  readonly status: string | null;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly attributes: string | null;
  readonly pointer: string;
}

export interface SelectorView {
  readonly account: string;
  readonly selector: string;
  readonly raw: string | null;
  readonly canonical: string | null;
  readonly basis: string | null;
  readonly context: string | null;
  readonly times: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly pointer: string;
}

export interface LinkView {
  readonly account_a: string;
  readonly account_b: string;
  readonly handle_a: string | null;
  readonly handle_b: string | null;
  readonly person_a: string;
  readonly person_b: string;
  /** Investigative score, not a likelihood ratio: uncalibrated. */
  readonly bits: number;
  readonly decision: 'same' | 'different' | 'unsure' | null;
  /** Bits from which the two are proposed. */
  readonly threshold: number;
  /** Whether this link by itself would join the two. */
  readonly proposed: boolean;
  readonly evidence: readonly Evidence[];
}

export interface ContactView {
  readonly from_account: string;
  readonly to_account: string;
  readonly from_handle: string | null;
  readonly to_handle: string | null;
  readonly from_person: string | null;
  readonly to_person: string | null;
  readonly channel: string;
  readonly messages: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly pointer: string;
}

export interface FileView {
  readonly account: string;
  readonly name: string | null;
  readonly stored_name: string | null;
  readonly media_type: string | null;
  readonly size: number | null;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly state: string | null;
  readonly md5: string | null;
  readonly sha1: string | null;
  readonly sha256: string | null;
  readonly pointer: string;
}

/** A message without its text: reading that is a deliberate act, by its pointer. */
export interface MessageView {
  readonly sender: string;
  readonly channel: string;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly place: string | null;
  readonly state: string | null;
  readonly body_bytes: number;
  readonly pointer: string;
}

export interface PersonView {
  readonly person: string;
  readonly rank: number | null;
  readonly band: string | null;
  readonly reasons: readonly Reason[];
  readonly accounts: readonly AccountView[];
  readonly selectors: readonly SelectorView[];
  readonly links: readonly LinkView[];
  readonly contacts: readonly ContactView[];
  readonly files: readonly FileView[];
  readonly messages: readonly MessageView[];
}

/**
 * Persons in the order of the queue, then by number of accounts. `text` filters by handle, account or id; `hidden`
 * are left out (cleared persons, see `clearedPersons`).
 */
export async function listPersons(
  engine: Engine,
  text: string,
  limit: number,
  offset: number,
  hidden: readonly string[] = [],
  /** Only these, where not null. */
  noted: readonly string[] | null = null,
): Promise<(PersonLine & { readonly total: number })[]> {
  return engine.rows(sql.personsPage, {
    text,
    limit,
    offset,
    hidden: [...hidden],
    only_noted: noted !== null,
    noted: [...(noted ?? [])],
  });
}

/** Everything known of one person. Throws WaymarkError 'not-found'. */
export async function showPerson(engine: Engine, person: string): Promise<PersonView> {
  const accounts = await engine.rows<AccountView>(sql.personAccounts, { person });
  if (accounts.length === 0) {
    throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
      remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
    });
  }
  const [standing] = await engine.rows<{ rank: number; band: string; reasons: string }>(sql.personReasons, {
    person,
  });
  const links = await engine.rows<Omit<LinkView, 'evidence' | 'proposed'> & { evidence: string }>(
    sql.personLinks,
    { person },
  );
  return {
    person,
    rank: standing?.rank ?? null,
    band: standing?.band ?? null,
    // Of somebody outside the queue: what was withdrawn, or stands against a victim's account and ranks nobody.
    reasons: standing
      ? (JSON.parse(standing.reasons) as Reason[])
      : (await engine.rows<IndicatorRow>(indicatorsOfPerson, { person })).map(reasonOf),
    accounts,
    selectors: await engine.rows<SelectorView>(sql.personSelectors, { person }),
    links: links.map((link) => {
      const evidence = JSON.parse(link.evidence) as Evidence[];
      return {
        ...link,
        evidence,
        proposed: proposes({
          a: link.account_a,
          b: link.account_b,
          bits: link.bits,
          decision: link.decision,
          evidence,
          threshold: link.threshold,
        }),
      };
    }),
    contacts: await engine.rows<ContactView>(sql.personContacts, { person }),
    files: await engine.rows<FileView>(sql.personFiles, { person }),
    messages: await engine.rows<MessageView>(sql.personMessages, { person, limit: 500, offset: 0 }),
  };
}
