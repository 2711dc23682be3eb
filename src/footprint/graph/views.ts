import { WaymarkError } from '../../base/errors.ts';
import { daysFromCivil } from '../../base/time.ts';
import { type DayCount, findBursts, leastForBurst } from './bursts.ts';
import { arcBetween, noArc } from './contact-graph.ts';
import { type ContactFilter, countedIn, isEverything, messagesOf } from './filter.ts';
import { type Certainty, certainties, type IdentityLink, type Level, type NetworkModel } from './model.ts';
import { degreeOf } from './neighbourhood.ts';
import type {
  BurstView,
  EdgeView,
  FilterText,
  FilterView,
  IdentityLinkView,
  NodeView,
  WayView,
} from './questions.ts';
import { noDay, pointerOf } from './rows.ts';

/** Handles and accounts of a node that are listed; its `accounts` is the whole count. */
const listedHandles = 5;
const listedAccounts = 20;

/** Throws WaymarkError 'usage' for a day that is none, 'not-found' for a channel or exhibit without contact. */
export function filterOf({ rows }: NetworkModel, text: FilterText): ContactFilter {
  const fromDay = dayOf(text.from);
  const toDay = dayOf(text.to);
  if (fromDay !== null && toDay !== null && fromDay > toDay) {
    throw new WaymarkError('usage', `the first day (${text.from}) is after the last (${text.to})`);
  }
  return {
    fromDay,
    toDay,
    channel: numberIn(rows.channels, text.channel, 'channel'),
    exhibit: numberIn(rows.exhibits, text.exhibit, 'exhibit'),
  };
}

function numberIn(list: readonly string[], value: string | undefined, what: string): number | null {
  if (value === undefined) return null;
  const number = list.indexOf(value);
  if (number >= 0) return number;
  throw new WaymarkError('not-found', `no contact is known of ${what} "${value}"`, {
    remedy: `Known: ${[...list].sort().slice(0, 20).join(', ') || 'none'}.`,
  });
}

function dayOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const day = parts && daysFromCivil(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (day === null || dayText(day) !== text) {
    throw new WaymarkError('usage', `"${text}" is no day`, { remedy: 'Write it as 2019-01-31.' });
  }
  return day;
}

/** A day as 2019-01-31. */
export function dayText(day: number): string {
  const date = new Date(day * 86_400_000);
  return Number.isNaN(date.getTime()) ? `day ${day}` : date.toISOString().slice(0, 10);
}

export function filterView({ rows }: NetworkModel, filter: ContactFilter): FilterView {
  return {
    from: filter.fromDay === null ? null : dayText(filter.fromDay),
    to: filter.toDay === null ? null : dayText(filter.toDay),
    channel: filter.channel === null ? null : rows.channels[filter.channel]!,
    exhibit: filter.exhibit === null ? null : rows.exhibits[filter.exhibit]!,
  };
}

export function accountsOf(level: Level, node: number): Uint32Array {
  return level.members.subarray(level.memberStart[node]!, level.memberStart[node + 1]!);
}

/** The first handle of a node's accounts, else its id. */
export function labelOf(model: NetworkModel, level: Level, node: number): string {
  for (const account of accountsOf(level, node)) if (model.handles[account]) return model.handles[account]!;
  return level.ids[node]!;
}

export function certaintyOf(level: Level, node: number): Certainty {
  return certainties[level.certainty[node]!]!;
}

export function nodeView(model: NetworkModel, level: Level, node: number, filter: ContactFilter): NodeView {
  const own = accountsOf(level, node);
  const person = own.length === 0 ? null : model.persons[own[0]!]!;
  const handles = new Set<string>();
  for (const account of own) {
    if (model.handles[account]) handles.add(model.handles[account]!);
    if (handles.size === listedHandles) break;
  }
  const standing = person === null ? undefined : model.bands.get(person);
  return {
    node: level.ids[node]!,
    label: labelOf(model, level, node),
    handles: [...handles],
    accounts: own.length,
    account_list: Array.from(own.subarray(0, listedAccounts), (account) => model.accounts[account]!),
    person,
    ...degreeOf(level.graph, node, filter),
    band: standing?.band ?? null,
    rank: standing?.rank ?? null,
    certainty: certaintyOf(level, node),
  };
}

/** The channels of an arc, each with its messages, times and the place of the earliest; in the order of their names. */
export function waysOf(
  model: NetworkModel,
  level: Level,
  from: number,
  arc: number,
  filter: ContactFilter,
): WayView[] {
  if (arc === noArc) return [];
  const { graph } = level;
  const { rows } = model;
  const ways: Way[] = [];
  for (let i = graph.rowStart[arc]!; i < graph.rowStart[arc + 1]!; i++) {
    const row = graph.rowOf[i]!;
    const messages = countedIn(graph, row, filter);
    if (messages === 0) continue;
    const first = timeOr(rows.firstTime[row]!, Number.POSITIVE_INFINITY);
    const last = timeOr(rows.lastTime[row]!, Number.NEGATIVE_INFINITY);
    const way = ways.find(({ channel }) => channel === rows.channel[row]);
    if (!way) {
      ways.push({ channel: rows.channel[row]!, messages, first, last, row });
      continue;
    }
    way.messages += messages;
    const isEarlier =
      first < way.first || (first === way.first && pointerOf(rows, row) < pointerOf(rows, way.row));
    if (isEarlier) way.row = row;
    way.first = Math.min(way.first, first);
    way.last = Math.max(way.last, last);
  }
  const views = ways.map(({ channel, messages, first, last, row }) => ({
    from: level.ids[from]!,
    to: level.ids[graph.to[arc]!]!,
    channel: rows.channels[channel]!,
    messages,
    first_time: orNull(first),
    last_time: orNull(last),
    pointer: pointerOf(rows, row),
  }));
  return views.sort((x, y) => (x.channel < y.channel ? -1 : x.channel > y.channel ? 1 : 0));
}

interface Way {
  readonly channel: number;
  messages: number;
  first: number;
  last: number;
  /** The earliest. */
  row: number;
}

const timeOr = (time: number, otherwise: number) => (Number.isNaN(time) ? otherwise : time);
export const orNull = (time: number) => (Number.isFinite(time) ? time : null);

/** The weaker direction's share of all messages between two. */
export function reciprocityOf(there: number, back: number): number {
  return there + back === 0 ? 0 : Math.min(there, back) / (there + back);
}

/** Everything between two nodes, a < b. */
export function edgeView(
  model: NetworkModel,
  level: Level,
  a: number,
  b: number,
  filter: ContactFilter,
): EdgeView {
  const { graph } = level;
  const [there, back] = [arcBetween(graph, a, b), arcBetween(graph, b, a)];
  const [aToB, bToA] = [messagesOf(graph, there, filter), messagesOf(graph, back, filter)];
  const ways = [...waysOf(model, level, a, there, filter), ...waysOf(model, level, b, back, filter)];
  const first = Math.min(...ways.map((way) => way.first_time ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...ways.map((way) => way.last_time ?? Number.NEGATIVE_INFINITY));
  return {
    a: level.ids[a]!,
    b: level.ids[b]!,
    a_to_b: aToB,
    b_to_a: bToA,
    reciprocity: reciprocityOf(aToB, bToA),
    first_time: orNull(first),
    last_time: orNull(last),
    certainty: certainties[Math.max(level.certainty[a]!, level.certainty[b]!)]!,
    ways,
    bursts: aToB + bToA < leastForBurst ? [] : burstsBetween(level, [there, back], filter),
  };
}

function burstsBetween({ graph }: Level, arcs: readonly number[], filter: ContactFilter): BurstView[] {
  const days = new Map<number, number>();
  for (const arc of arcs) {
    if (arc === noArc) continue;
    for (let i = graph.rowStart[arc]!; i < graph.rowStart[arc + 1]!; i++) {
      const row = graph.rowOf[i]!;
      const day = graph.rows.day[row]!;
      const messages = countedIn(graph, row, filter);
      if (day !== noDay && messages > 0) days.set(day, (days.get(day) ?? 0) + messages);
    }
  }
  const series: DayCount[] = [...days].map(([day, messages]) => ({ day, messages }));
  series.sort((x, y) => x.day - y.day);
  return findBursts(series).map(({ fromDay, toDay, messages, usual, bits }) => ({
    from: dayText(fromDay),
    to: dayText(toDay),
    messages,
    usual,
    bits,
  }));
}

/** Links by which shown nodes are made of accounts, and those of which a human was unsure. */
export function identityLinks(
  model: NetworkModel,
  level: Level,
  nodes: readonly number[],
  most: number,
): { shown: IdentityLinkView[]; hidden: number } {
  const shown = new Set(nodes);
  const found = model.links.filter(
    ({ a, b }) => shown.has(level.nodeOfAccount[a]!) && shown.has(level.nodeOfAccount[b]!),
  );
  found.sort(
    (x, y) =>
      Number(y.decision === 'unsure') - Number(x.decision === 'unsure') ||
      y.bits - x.bits ||
      x.a - y.a ||
      x.b - y.b,
  );
  return {
    shown: found.slice(0, most).map((link) => linkView(model, level, link)),
    hidden: Math.max(0, found.length - most),
  };
}

function linkView(
  model: NetworkModel,
  level: Level,
  { a, b, bits, decision }: IdentityLink,
): IdentityLinkView {
  return {
    account_a: model.accounts[a]!,
    account_b: model.accounts[b]!,
    node_a: level.ids[level.nodeOfAccount[a]!]!,
    node_b: level.ids[level.nodeOfAccount[b]!]!,
    bits,
    decision,
    certainty: decision === 'unsure' ? 'unsure' : decision === 'same' ? 'decided' : 'proposed',
  };
}

/** Messages between accounts of one node, which are no contact of the node. */
export function messagesInside({ graph }: Level, filter: ContactFilter): number {
  let sum = 0;
  for (const row of graph.inside)
    sum += isEverything(filter) ? graph.rows.firstMessages[row]! : countedIn(graph, row, filter);
  return sum;
}
