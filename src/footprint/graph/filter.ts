import { type ContactGraph, noArc } from './contact-graph.ts';
import { noDay } from './rows.ts';

/** Which contacts count. Null: any. */
export interface ContactFilter {
  /** First and last day that count, in days since 1970-01-01 UTC. */
  readonly fromDay: number | null;
  readonly toDay: number | null;
  /** Numbers in the rows' lists. */
  readonly channel: number | null;
  readonly exhibit: number | null;
}

export const everything: ContactFilter = { fromDay: null, toDay: null, channel: null, exhibit: null };

export function isEverything({ fromDay, toDay, channel, exhibit }: ContactFilter): boolean {
  return fromDay === null && toDay === null && channel === null && exhibit === null;
}

/**
 * Messages of a row that count: with an exhibit, those that stand in it; without, each message once. A time
 * that is not known lies in no range of time.
 */
export function countedIn({ rows }: ContactGraph, row: number, filter: ContactFilter): number {
  if (filter.channel !== null && rows.channel[row] !== filter.channel) return 0;
  if (filter.exhibit !== null && rows.exhibit[row] !== filter.exhibit) return 0;
  const day = rows.day[row]!;
  if (filter.fromDay !== null && (day === noDay || day < filter.fromDay)) return 0;
  if (filter.toDay !== null && (day === noDay || day > filter.toDay)) return 0;
  return filter.exhibit === null ? rows.firstMessages[row]! : rows.messages[row]!;
}

/** Messages of an arc that count. */
export function messagesOf(graph: ContactGraph, arc: number, filter: ContactFilter): number {
  if (arc === noArc) return 0;
  if (isEverything(filter)) return graph.messages[arc]!;
  let sum = 0;
  for (let i = graph.rowStart[arc]!; i < graph.rowStart[arc + 1]!; i++)
    sum += countedIn(graph, graph.rowOf[i]!, filter);
  return sum;
}

/** Whether any message of an arc counts. */
export function passes(graph: ContactGraph, arc: number, filter: ContactFilter): boolean {
  for (let i = graph.rowStart[arc]!; i < graph.rowStart[arc + 1]!; i++)
    if (countedIn(graph, graph.rowOf[i]!, filter) > 0) return true;
  return false;
}

/** Messages that a range of time leaves out because their time is not known. */
export function undatedMessages(graph: ContactGraph, filter: ContactFilter): number {
  if (filter.fromDay === null && filter.toDay === null) return 0;
  const withoutTime = { ...filter, fromDay: null, toDay: null };
  let sum = 0;
  for (const row of graph.rowOf) if (graph.rows.day[row] === noDay) sum += countedIn(graph, row, withoutTime);
  return sum;
}
