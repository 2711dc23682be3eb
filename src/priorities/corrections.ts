import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/priorities.ts';

/** What a later correction says against a report. */
export interface Withdrawal {
  readonly text: string;
  readonly pointer: string;
  /** The provider took the report back, and it is sure which report is meant. */
  readonly withdrawn: boolean;
}

/** Corrections of provider reports, by report. */
export interface Corrections {
  /** What is said against this report of this service, or null. `target`: 'report <number>'. */
  of(target: string, service: string | null): Withdrawal | null;
}

const takenBack = /^(withdrawn|withdrew|retracted|rescinded|revoked|cancell?ed)\b/i;

/**
 * Reads later corrections. One that names a number which two services have used is said against both and takes
 * neither back: a human has to find out which is meant.
 */
export async function readCorrections(engine: Engine): Promise<Corrections> {
  const services = new Map<string, Set<string | null>>();
  for (const { target, service } of await engine.rows<{ target: string | null; service: string | null }>(
    sql.providerReports,
  )) {
    if (target === null) continue;
    const held = services.get(target) ?? new Set();
    services.set(target, held.add(service));
  }
  const said = new Map<string, { correction: string; reason: string | null; pointer: string }[]>();
  for (const { target, text, pointer } of await engine.rows<{
    target: string;
    text: string | null;
    pointer: string;
  }>(sql.corrections)) {
    const match = /^(?:(?:provider|cybertip\w*) )?report (.+)$/i.exec(target);
    if (!match) continue;
    const facts = factsOf(text);
    const key = `report ${match[1]}`;
    said.set(key, [...(said.get(key) ?? []), { ...facts, pointer }]);
  }
  return {
    of: (target) => {
      const all = said.get(target);
      if (!all) return null;
      // A report taken back once is not brought to life by a later remark.
      const last = all.find(({ correction }) => takenBack.test(correction)) ?? all.at(-1)!;
      const ambiguous = (services.get(target)?.size ?? 0) > 1;
      const why = last.reason === null ? '' : `: ${last.reason}`;
      const number = target.slice('report '.length);
      return {
        text: `a later correction says of report ${number} "${last.correction}"${why}${ambiguous ? '; two services have a report of this number: find out which is meant' : ''}`,
        pointer: last.pointer,
        withdrawn: takenBack.test(last.correction) && !ambiguous,
      };
    },
  };
}

function factsOf(text: string | null): { correction: string; reason: string | null } {
  try {
    const facts = JSON.parse(text ?? '{}') as { correction?: unknown; reason?: unknown };
    return {
      correction: typeof facts.correction === 'string' ? facts.correction : 'corrected',
      reason: typeof facts.reason === 'string' ? facts.reason : null,
    };
  } catch {
    return { correction: 'corrected', reason: null };
  }
}
