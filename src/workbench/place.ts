import { WaymarkError } from '../base/errors.ts';
import { countryName, isCountry } from '../footprint/place-countries.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/place.ts';

/** Pieces of evidence of one person that are shown. */
const mostEvidence = 500;
/** Pieces that speak against one candidate; the whole list stands beside them. */
const mostAgainst = 50;

export interface PlaceReason {
  readonly kind: string;
  readonly country: string | null;
  readonly text: string;
  readonly score: number;
  readonly account: string;
  /** What speaks against this piece itself. */
  readonly against: readonly string[];
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly pointers: readonly string[];
}

export interface PlaceCandidate {
  readonly standing: number;
  readonly country: string;
  readonly name: string;
  readonly score: number;
  readonly share: number;
  readonly for: readonly PlaceReason[];
  /** Evidence for other countries. */
  readonly against: readonly PlaceReason[];
}

export interface PlaceView {
  readonly person: string;
  readonly standing: 'likely' | 'not known';
  readonly why: string;
  readonly candidates: readonly PlaceCandidate[];
  readonly evidence: readonly PlaceReason[];
  readonly left_out: number;
}

/** Where a person probably is, every alternative, and the evidence for and against. Throws WaymarkError 'not-found'. */
export async function showPlace(engine: Engine, person: string): Promise<PlaceView> {
  const standings = await engine.rows<{
    standing: number;
    country: string | null;
    score: number;
    share: number;
    likely: boolean;
    why: string;
  }>(sql.personPlaces, { person });
  const [first] = standings;
  if (!first) {
    throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
      remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
    });
  }
  const rows = await engine.rows<
    Omit<PlaceReason, 'against' | 'pointers'> & { against: string; pointers: string; total: number }
  >(sql.personPlaceEvidence, { person, most: mostEvidence });
  const evidence = rows.map(({ total: _, against, pointers, ...row }) => ({
    ...row,
    against: JSON.parse(against) as string[],
    pointers: JSON.parse(pointers) as string[],
  }));
  const counting = evidence.filter(({ country, score }) => country !== null && score > 0);
  return {
    person,
    standing: first.likely ? 'likely' : 'not known',
    why: first.why,
    candidates: standings.flatMap(({ standing, country, score, share }) =>
      country === null
        ? []
        : [
            {
              standing,
              country,
              name: countryName(country),
              score,
              share,
              for: counting.filter((reason) => reason.country === country),
              against: counting.filter((reason) => reason.country !== country).slice(0, mostAgainst),
            },
          ],
    ),
    evidence,
    left_out: (rows[0]?.total ?? 0) - rows.length,
  };
}

export interface JurisdictionsView {
  readonly countries: readonly {
    readonly country: string;
    readonly name: string;
    readonly persons: number;
    readonly queued: number;
  }[];
  readonly not_known: number;
  readonly not_known_queued: number;
  readonly persons: number;
}

/** Persons by likely country, and those of whom none is known. */
export async function listJurisdictions(engine: Engine): Promise<JurisdictionsView> {
  const rows = await engine.rows<{ country: string | null; persons: number; queued: number }>(
    sql.jurisdictionCounts,
  );
  const unknown = rows.find(({ country }) => country === null);
  return {
    countries: rows.flatMap(({ country, persons, queued }) =>
      country === null ? [] : [{ country, name: countryName(country), persons, queued }],
    ),
    not_known: unknown?.persons ?? 0,
    not_known_queued: unknown?.queued ?? 0,
    persons: rows.reduce((sum, { persons }) => sum + persons, 0),
  };
}

export interface JurisdictionPerson {
  readonly person: string;
  readonly handles: readonly string[];
  readonly rank: number | null;
  readonly country: string | null;
  readonly name: string | null;
  readonly score: number;
  readonly share: number;
  readonly second: string | null;
  readonly second_share: number;
}

/**
 * Persons of a likely country ('unknown': of none), those in the queue first. Throws WaymarkError 'usage' for what is
 * no country.
 */
export async function listPersonsByCountry(
  engine: Engine,
  country: string,
  limit: number,
  offset: number,
): Promise<{ persons: JurisdictionPerson[]; more: boolean }> {
  const code = country.toUpperCase();
  if (country !== 'unknown' && !isCountry(code)) {
    throw new WaymarkError('usage', `"${country.slice(0, 40)}" is no country code`, {
      remedy: 'Write two letters (ISO 3166), or "unknown".',
    });
  }
  const rows = await engine.rows<Omit<JurisdictionPerson, 'name'>>(sql.personsOfCountry, {
    country: country === 'unknown' ? '' : code,
    limit: limit + 1,
    offset,
  });
  const persons = rows
    .slice(0, limit)
    .map((row) => ({ ...row, name: row.country === null ? null : countryName(row.country) }));
  return { persons, more: rows.length > limit };
}
