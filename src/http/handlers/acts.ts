import type { Marking, Tlp } from '../../access/grading.ts';
import type { By } from '../../workbench/decided.ts';
import type { Desk } from '../desk.ts';

interface Body {
  readonly reason: string;
  readonly grade?: string | undefined;
  readonly tlp?: Tlp | undefined;
  readonly note?: string | undefined;
}

/** Reason, time and marking of an act, from a request. */
export function byOf({ reason, grade, tlp, note }: Body): By {
  const marking: Marking = {
    ...(grade !== undefined && { grade }),
    ...(tlp !== undefined && { tlp }),
    ...(note !== undefined && { note }),
  };
  const marked = Object.keys(marking).length > 0;
  return { reason, time: new Date().toISOString(), ...(marked && { marking }) };
}

/** Records one act in its turn. */
export async function recorded(desk: Desk, act: () => number): Promise<{ sequence: number }> {
  let sequence = 0;
  await desk.turns.record(() => {
    sequence = act();
  });
  return { sequence };
}
