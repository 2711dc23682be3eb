import { WaymarkError } from '../base/errors.ts';
import type { Confidence, Ground, Step } from '../footprint/hand-offs.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/hand-offs.ts';

/** A contact that moved from one channel to another. */
export interface HandOffView {
  readonly hand_off: string;
  readonly from_account: string;
  readonly to_account: string;
  readonly from_handle: string | null;
  readonly to_handle: string | null;
  readonly from_person: string | null;
  readonly to_person: string | null;
  readonly from_channel: string;
  readonly channel: string;
  readonly service: string;
  readonly style:
    | 'plain'
    | 'bracketed'
    | 'spelled out'
    | 'spaced'
    | 'look-alike letters'
    | 'two messages'
    | 'silent';
  readonly selector_kind: string | null;
  readonly selector: string | null;
  readonly raw: string | null;
  readonly from_other_account: string;
  readonly to_other_account: string;
  readonly first_writer: 'giver' | 'taker';
  readonly first_time: number | null;
  readonly delay_seconds: number | null;
  readonly messages: number;
  readonly confidence: Confidence;
  readonly reasons_for: readonly Ground[];
  readonly reasons_against: readonly Ground[];
  readonly chain: readonly Step[];
}

/** A selector that one party gave another in private. */
export interface GivenView {
  readonly given: string;
  readonly from_account: string;
  readonly to_account: string;
  readonly from_handle: string | null;
  readonly to_handle: string | null;
  readonly from_person: string | null;
  readonly to_person: string | null;
  readonly channel: string;
  readonly style: Exclude<HandOffView['style'], 'silent'>;
  readonly selector_kind: string;
  readonly service: string | null;
  readonly selector: string;
  readonly raw: string;
  readonly meant: 'contact' | 'mention';
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly pointers: readonly string[];
  readonly followed: boolean;
}

/** Rows of one person shown at once. */
const personCap = 500;

/** Hand-offs, the surest first; of one person where one is named. Throws WaymarkError 'not-found'. */
export async function listHandOffs(
  engine: Engine,
  person: string,
  limit: number,
  offset: number,
): Promise<HandOffView[]> {
  await assertPerson(engine, person);
  type Row = Omit<HandOffView, 'reasons_for' | 'reasons_against' | 'chain'> & {
    reasons_for: string;
    reasons_against: string;
    chain: string;
  };
  const rows = await engine.rows<Row>(sql.handOffsPage, { person, limit, offset });
  return rows.map((row) => ({
    ...row,
    reasons_for: JSON.parse(row.reasons_for) as Ground[],
    reasons_against: JSON.parse(row.reasons_against) as Ground[],
    chain: JSON.parse(row.chain) as Step[],
  }));
}

export async function countHandOffs(engine: Engine, person: string): Promise<Record<Confidence, number>> {
  const counts: Record<Confidence, number> = { firm: 0, likely: 0, possible: 0 };
  for (const row of await engine.rows<{ confidence: Confidence; hand_offs: number }>(sql.handOffCounts, {
    person,
  }))
    counts[row.confidence] = row.hand_offs;
  return counts;
}

/** What a person gave and was given in private, and the contacts that moved. Throws WaymarkError 'not-found'. */
export async function handOffsOfPerson(
  engine: Engine,
  person: string,
): Promise<{ person: string; hand_offs: HandOffView[]; given: GivenView[]; more: boolean }> {
  const handOffs = await listHandOffs(engine, person, personCap + 1, 0);
  const rows = await engine.rows<Omit<GivenView, 'pointers'> & { pointers: string }>(sql.givenOfPerson, {
    person,
    limit: personCap + 1,
  });
  const given = rows.map((row) => ({ ...row, pointers: JSON.parse(row.pointers) as string[] }));
  return {
    person,
    hand_offs: handOffs.slice(0, personCap),
    given: given.slice(0, personCap),
    more: handOffs.length > personCap || given.length > personCap,
  };
}

/** Throws WaymarkError 'not-found' for a person that the generation does not know; '' stands for all. */
export async function assertPerson(engine: Engine, person: string): Promise<void> {
  if (person === '') return;
  const [known] = await engine.rows<{ accounts: number }>(sql.personKnown, { person });
  if (known!.accounts > 0) return;
  throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
    remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
  });
}
