import { WaymarkError } from '../../base/errors.ts';
import type { OnProgress } from '../../base/progress.ts';
import type { Engine } from '../../store/engine.ts';
import * as sql from '../../store/queries/network.ts';
import { buildContactGraph, type ContactGraph } from './contact-graph.ts';
import { type ContactRows, RowsBuilder } from './rows.ts';

/** What the nodes are. */
export type Over = 'accounts' | 'persons';

/**
 * How sure it is that a node, or an end of an edge, is one human's: `stated` (one account: the records say so),
 * `decided` (a human decided that its accounts are the same), `proposed` (Waymark proposes it from several
 * accounts), `unsure` (a human was unsure of a pair inside it). In the order of doubt.
 */
export const certainties = ['stated', 'decided', 'proposed', 'unsure'] as const;
export type Certainty = (typeof certainties)[number];

/** A pair that holds a person together, or of which a human was unsure. Accounts are numbers. */
export interface IdentityLink {
  readonly a: number;
  readonly b: number;
  readonly bits: number;
  readonly decision: 'same' | 'unsure' | null;
  /** Whether both are one person. */
  readonly joined: boolean;
}

/** One way of looking at the contacts: accounts or persons as nodes. */
export interface Level {
  readonly over: Over;
  readonly graph: ContactGraph;
  /** Ids of the nodes. */
  readonly ids: readonly string[];
  readonly numberOf: ReadonlyMap<string, number>;
  readonly nodeOfAccount: Uint32Array;
  /** Accounts of each node, as compressed sparse rows. */
  readonly memberStart: Uint32Array;
  readonly members: Uint32Array;
  /** Places in `certainties`. */
  readonly certainty: Uint8Array;
}

export interface NetworkModel {
  readonly accounts: readonly string[];
  readonly handles: readonly (string | null)[];
  /** Person of each account; null for accounts that cannot be persons, such as crawlers. */
  readonly persons: readonly (string | null)[];
  readonly bands: ReadonlyMap<string, { readonly band: string; readonly rank: number }>;
  readonly links: readonly IdentityLink[];
  readonly rows: ContactRows;
  readonly level: (over: Over) => Level;
}

/** Reads the graph from the tables of a generation. */
export async function readNetwork(engine: Engine, onProgress: OnProgress): Promise<NetworkModel> {
  const accounts: string[] = [];
  const handles: (string | null)[] = [];
  const persons: (string | null)[] = [];
  await engine.pages(sql.graphAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      accounts.push(columns[0]![r] as string);
      handles.push(columns[1]![r] as string | null);
      persons.push(columns[2]![r] as string | null);
    }
  });
  const bands = new Map<string, { band: string; rank: number }>();
  await engine.pages(sql.graphBands, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++)
      bands.set(columns[0]![r] as string, {
        band: columns[1]![r] as string,
        rank: columns[2]![r] as number,
      });
  });
  const numbers = new Map(accounts.map((account, number) => [account, number]));
  const links: IdentityLink[] = [];
  await engine.pages(sql.graphLinks, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++)
      links.push({
        a: numbers.get(columns[0]![r] as string)!,
        b: numbers.get(columns[1]![r] as string)!,
        bits: columns[2]![r] as number,
        decision: columns[3]![r] as IdentityLink['decision'],
        joined: columns[4]![r] as boolean,
      });
  });
  const builder = new RowsBuilder();
  let read = 0;
  await engine.pages(sql.graphRows, {}, ({ columns, rows }) => {
    const [from, to, channel, exhibit, day, messages, firstMessages, firstTime, lastTime, pointer] = columns;
    for (let r = 0; r < rows; r++) {
      builder.add({
        from: from![r] as number,
        to: to![r] as number,
        channel: channel![r] as string,
        exhibit: exhibit![r] as string,
        day: day![r] as number | null,
        messages: messages![r] as number,
        firstMessages: firstMessages![r] as number,
        firstTime: firstTime![r] as number | null,
        lastTime: lastTime![r] as number | null,
        pointer: pointer![r] as string,
      });
    }
    onProgress({ stage: 'reading contacts', done: (read += rows), total: null });
  });
  return networkModel({ accounts, handles, persons, bands, links, rows: builder.finish() });
}

/** The model over given columns; the two ways of looking at it are built when first asked for. */
export function networkModel(parts: Omit<NetworkModel, 'level'>): NetworkModel {
  const levels = new Map<Over, Level>();
  return {
    ...parts,
    level: (over) => {
      let level = levels.get(over);
      if (!level) levels.set(over, (level = over === 'accounts' ? accountLevel(parts) : personLevel(parts)));
      return level;
    },
  };
}

type Parts = Omit<NetworkModel, 'level'>;

function accountLevel({ accounts, rows }: Parts): Level {
  const identity = Uint32Array.from(accounts, (_, number) => number);
  return {
    over: 'accounts',
    graph: buildContactGraph(accounts.length, rows),
    ids: accounts,
    numberOf: new Map(accounts.map((account, number) => [account, number])),
    nodeOfAccount: identity,
    memberStart: Uint32Array.from({ length: accounts.length + 1 }, (_, number) => number),
    members: identity,
    certainty: new Uint8Array(accounts.length),
  };
}

/** Persons as nodes. An account in no person stands for itself. */
function personLevel({ accounts, persons, links, rows }: Parts): Level {
  const ids = [...new Set(accounts.map((account, number) => persons[number] ?? account))].sort();
  const numberOf = new Map(ids.map((id, number) => [id, number]));
  const nodeOfAccount = Uint32Array.from(
    accounts,
    (account, number) => numberOf.get(persons[number] ?? account)!,
  );
  const memberStart = new Uint32Array(ids.length + 1);
  for (const node of nodeOfAccount) memberStart[node + 1]!++;
  for (let n = 0; n < ids.length; n++) memberStart[n + 1]! += memberStart[n]!;
  const members = new Uint32Array(accounts.length);
  const next = memberStart.slice();
  for (const [account, node] of nodeOfAccount.entries()) members[next[node]!++] = account;
  return {
    over: 'persons',
    graph: buildContactGraph(ids.length, rows, nodeOfAccount),
    ids,
    numberOf,
    nodeOfAccount,
    memberStart,
    members,
    certainty: certaintyOfPersons(memberStart, members, nodeOfAccount, links),
  };
}

function certaintyOfPersons(
  memberStart: Uint32Array,
  members: Uint32Array,
  nodeOfAccount: Uint32Array,
  links: readonly IdentityLink[],
): Uint8Array {
  const parent = Uint32Array.from(members, (_, number) => number);
  const rootOf = (account: number): number => {
    while (parent[account] !== account) account = parent[account] = parent[parent[account]!]!;
    return account;
  };
  const unsure = new Set<number>();
  for (const { a, b, decision } of links) {
    if (nodeOfAccount[a] !== nodeOfAccount[b]) continue;
    if (decision === 'same') parent[rootOf(a)] = rootOf(b);
    else if (decision === 'unsure') unsure.add(nodeOfAccount[a]!);
  }
  const certainty = new Uint8Array(memberStart.length - 1);
  for (let node = 0; node < certainty.length; node++) {
    const own = members.subarray(memberStart[node]!, memberStart[node + 1]!);
    const isDecided = own.every((account) => rootOf(account) === rootOf(own[0]!));
    const word: Certainty =
      own.length === 1 ? 'stated' : unsure.has(node) ? 'unsure' : isDecided ? 'decided' : 'proposed';
    certainty[node] = certainties.indexOf(word);
  }
  return certainty;
}

/**
 * The way of looking that suits what is asked for, and the nodes. Without `over`, accounts where all ids are
 * accounts, else persons. Throws WaymarkError 'not-found' for an id that is neither, 'usage' for a person among accounts.
 */
export function resolve(
  model: NetworkModel,
  ids: readonly string[],
  over: Over | undefined,
): { level: Level; nodes: number[] } {
  const accounts = model.level('accounts');
  const chosen = over ?? (ids.every((id) => accounts.numberOf.has(id)) ? 'accounts' : 'persons');
  const level = model.level(chosen);
  const nodes = ids.map((id) => {
    const account = accounts.numberOf.get(id);
    if (account !== undefined) return level.nodeOfAccount[account]!;
    const person = level.numberOf.get(id) ?? model.level('persons').numberOf.get(id);
    if (person === undefined) {
      throw new WaymarkError('not-found', `there is no person or account "${id}" in this generation`, {
        remedy:
          'Accounts are written service/native id, as "persons" shows them; persons change with each build.',
      });
    }
    if (chosen === 'accounts') {
      throw new WaymarkError('usage', `"${id}" is a person, and accounts were asked for`, {
        remedy: 'Name one of its accounts, or look at persons.',
      });
    }
    return person;
  });
  return { level, nodes };
}
