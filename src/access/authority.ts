import { z } from 'zod';

/**
 * The legal basis under which exhibits were obtained, and what it covers. What it does not state, it does not
 * limit: an authority without dates covers all dates. Whether it stands depends on the time, which is given.
 */
const day = z.iso.date('a date is written 2026-01-31, and there must be such a day');
const word = z.string().trim().min(1).max(1000);

export const authorityKinds = [
  'search warrant',
  'seizure order',
  'production order',
  'provider report',
  'mutual legal assistance',
  'consent',
  'other',
] as const;

export const authorityTerms = z
  .strictObject({
    kind: z.enum(authorityKinds),
    /** Court, prosecutor or agency that issued it. */
    issuer: word,
    /** First and last day on which it stands, in UTC. */
    valid_from: day.optional(),
    valid_until: day.optional(),
    /** Accounts (`service/native id`) whose records it covers. */
    people: z.array(word).min(1).max(10_000).optional(),
    /** Services whose records it covers. */
    services: z.array(word).min(1).max(1000).optional(),
    /** First and last day of the records that it covers, in UTC. */
    records_from: day.optional(),
    records_until: day.optional(),
    /** What may be done with it. */
    purposes: z.array(word).min(1).max(100).optional(),
    /** Whether it allows to open files that the provider did not look at. */
    unviewed_files: z.boolean().optional(),
  })
  .refine(({ valid_from, valid_until }) => inOrder(valid_from, valid_until), 'it ends before it begins')
  .refine(
    ({ records_from, records_until }) => inOrder(records_from, records_until),
    'its records end before they begin',
  );

export type AuthorityTerms = z.output<typeof authorityTerms>;

function inOrder(from: string | undefined, until: string | undefined): boolean {
  return from === undefined || until === undefined || from <= until;
}

/** An authority as it stands in an operation. */
export interface Authority {
  readonly reference: string;
  readonly terms: AuthorityTerms;
  /** Why it was withdrawn; null while it was not. */
  readonly withdrawn: string | null;
}

export type AuthorityStanding = 'in force' | 'not yet' | 'expired' | 'withdrawn';

/** How an authority stands at a time (ISO 8601, UTC). */
export function standingOf({ terms, withdrawn }: Authority, now: string): AuthorityStanding {
  const today = now.slice(0, 10);
  if (withdrawn !== null) return 'withdrawn';
  if (terms.valid_from !== undefined && today < terms.valid_from) return 'not yet';
  if (terms.valid_until !== undefined && today > terms.valid_until) return 'expired';
  return 'in force';
}

/** Why nothing may be opened under an authority now, in words; null where it may. */
export function whyClosed(authority: Authority, now: string): string | null {
  const { reference, terms, withdrawn } = authority;
  switch (standingOf(authority, now)) {
    case 'withdrawn':
      return `authority ${reference} was withdrawn: ${withdrawn}`;
    case 'not yet':
      return `authority ${reference} stands only from ${terms.valid_from}`;
    case 'expired':
      return `authority ${reference} expired after ${terms.valid_until}`;
    case 'in force':
      return null;
  }
}

/** What limits the records that may be used; null where nothing does. */
export interface Scope {
  readonly people: readonly string[] | null;
  readonly services: readonly string[] | null;
  /** UTC microseconds: from <= time < until. */
  readonly from: number | null;
  readonly until: number | null;
}

export function scopeOf({ people, services, records_from, records_until }: AuthorityTerms): Scope | null {
  const from = records_from === undefined ? null : Date.parse(`${records_from}T00:00:00Z`) * 1000;
  const until =
    records_until === undefined ? null : (Date.parse(`${records_until}T00:00:00Z`) + 86_400_000) * 1000;
  if (people === undefined && services === undefined && from === null && until === null) return null;
  return { people: people ?? null, services: services ?? null, from, until };
}

/** Whether an authority allows a purpose; letter case does not count. */
export function allowsPurpose({ purposes }: AuthorityTerms, purpose: string): boolean {
  const plain = (text: string) => text.trim().toLowerCase();
  return purposes === undefined || purposes.some((each) => plain(each) === plain(purpose));
}
