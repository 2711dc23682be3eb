import { formatMicros } from '../base/time.ts';
import { type LeadPerson, type LeadTime, leadCap } from '../footprint/leads.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/hand-offs.ts';
import { assertPerson } from './hand-offs.ts';

/** The draft of a request to a provider, for a human to judge; never sent. */
export interface LeadView {
  readonly lead: string;
  readonly rank: number;
  readonly kind: 'selector' | 'address';
  readonly provider: string | null;
  readonly provider_basis: string;
  readonly selector_kind: string;
  readonly selector: string;
  readonly queue_rank: number | null;
  readonly persons: readonly LeadPerson[];
  readonly accounts: readonly string[];
  readonly count: number;
  readonly why: string;
  readonly ask: readonly string[];
  readonly cannot: string | null;
  readonly times: readonly LeadTime[];
  readonly pointers: readonly string[];
}

export interface Leads {
  readonly leads: readonly LeadView[];
  readonly total: number;
  readonly left_out: number;
  readonly cap: number;
  readonly more: boolean;
}

/** Leads in their order; of one person where one is named. Throws WaymarkError 'not-found'. */
export async function listLeads(
  engine: Engine,
  person: string,
  limit: number,
  offset: number,
): Promise<Leads> {
  await assertPerson(engine, person);
  type Row = Omit<LeadView, 'persons' | 'accounts' | 'ask' | 'times' | 'pointers'> & {
    persons: string;
    accounts: string;
    ask: string;
    times: string;
    pointers: string;
  };
  const rows = await engine.rows<Row>(sql.leadsPage, { person, limit: limit + 1, offset });
  const [counts] = await engine.rows<{ kept: number; left_out: number }>(sql.leadCounts);
  return {
    leads: rows.slice(0, limit).map((row) => ({
      lead: row.lead,
      rank: row.rank,
      kind: row.kind,
      provider: row.provider,
      provider_basis: row.provider_basis,
      selector_kind: row.selector_kind,
      selector: row.selector,
      queue_rank: row.queue_rank,
      persons: JSON.parse(row.persons) as LeadPerson[],
      accounts: JSON.parse(row.accounts) as string[],
      count: row.count,
      why: row.why,
      ask: JSON.parse(row.ask) as string[],
      cannot: row.cannot,
      times: JSON.parse(row.times) as LeadTime[],
      pointers: JSON.parse(row.pointers) as string[],
    })),
    total: counts!.kept + counts!.left_out,
    left_out: counts!.left_out,
    cap: leadCap,
    more: rows.length > limit,
  };
}

/**
 * A lead as the draft of a request, plain text. The names of the authority, its power and its reference are left to
 * the human who sends it.
 */
export function draftOf(lead: LeadView): string {
  const { provider, provider_basis, selector, selector_kind, cannot, times, ask, why, persons, pointers } =
    lead;
  return [
    `DRAFT ${lead.lead}: not sent, for a human to judge`,
    ...(cannot === null ? [] : [`CANNOT BE ASKED AS IT STANDS: ${cannot}`]),
    `To:         ${provider ?? '(to be found)'}  [${provider_basis}]`,
    `Concerning: ${selector} (${selector_kind})`,
    'Asked for:',
    ...ask.map((each, index) => `  ${index + 1}. ${each}`),
    `Times (${times.length} of ${lead.count} places):`,
    ...times.map(
      (each) =>
        `  ${timeText(each)}  ${each.what}; as written "${each.time_text ?? ''}", ${each.zone_basis}; port ${each.port ?? 'not recorded'}  [${each.pointer}]`,
    ),
    `Why:        ${why}`,
    `Persons:    ${persons.map((each) => `${each.handles.join(', ')} (${each.person}${each.rank === null ? '' : `, rank ${each.rank}`})`).join('; ') || 'none'}`,
    `Sources:    ${pointers.join(' ')}`,
    'Authority, power and reference: ______',
  ].join('\n');
}

function timeText({ time }: LeadTime): string {
  return time === null ? 'UTC unknown' : formatMicros(time);
}
