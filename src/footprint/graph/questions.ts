import type { Certainty, Over } from './model.ts';

/** What can be asked of the contact graph, and what it answers. Ids, labels, channels and pointers are evidence. */

/** Which contacts count, as people write it. Days are UTC, both included. */
export interface FilterText {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly channel?: string | undefined;
  readonly exhibit?: string | undefined;
}

export interface NeighboursQuestion {
  readonly kind: 'neighbours';
  readonly of: string;
  readonly hops: 1 | 2;
  readonly over?: Over | undefined;
  /** Neighbours shown for each node. */
  readonly fan: number;
  /** Nodes shown in all. */
  readonly most: number;
  readonly filter: FilterText;
}

export interface PathQuestion {
  readonly kind: 'path';
  readonly a: string;
  readonly b: string;
  readonly over?: Over | undefined;
  /** Paths listed. */
  readonly most: number;
  /** Nodes with more neighbours are not walked through; 0 walks through all. */
  readonly hub: number;
  readonly filter: FilterText;
}

export interface SummaryQuestion {
  readonly kind: 'summary';
  readonly over: Over;
  readonly limit: number;
  readonly filter: FilterText;
  /** Whether to wait for the measures, however long they take. */
  readonly wait: boolean;
}

export interface OverviewQuestion {
  readonly kind: 'overview';
  readonly over: Over;
  readonly nodes: number;
  readonly edges: number;
}

export interface ExportQuestion<Kind extends string = string> {
  readonly kind: Kind;
  readonly over: Over;
  readonly filter: FilterText;
  /** Node to go on from. */
  readonly after: number;
}

export interface NodeView {
  readonly node: string;
  readonly label: string;
  /** The first five. */
  readonly handles: readonly string[];
  readonly accounts: number;
  /** The first twenty. */
  readonly account_list: readonly string[];
  readonly person: string | null;
  /** Different nodes in contact with it. */
  readonly neighbours: number;
  readonly sent: number;
  readonly received: number;
  readonly band: string | null;
  readonly rank: number | null;
  readonly certainty: Certainty;
}

export interface ShownNode extends NodeView {
  readonly hop: 0 | 1 | 2 | null;
  /** Neighbours that are not in the answer: the "+N hidden". */
  readonly hidden: number;
}

export interface WayView {
  readonly from: string;
  readonly to: string;
  readonly channel: string;
  readonly messages: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  /** The earliest of the messages. */
  readonly pointer: string;
}

export interface BurstView {
  readonly from: string;
  readonly to: string;
  readonly messages: number;
  readonly usual: number;
  readonly bits: number;
}

export interface EdgeView {
  readonly a: string;
  readonly b: string;
  readonly a_to_b: number;
  readonly b_to_a: number;
  /** Share of the weaker direction: 0 one way only, 0.5 as much either way. */
  readonly reciprocity: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly certainty: Certainty;
  readonly ways: readonly WayView[];
  readonly bursts: readonly BurstView[];
}

export interface IdentityLinkView {
  readonly account_a: string;
  readonly account_b: string;
  readonly node_a: string;
  readonly node_b: string;
  readonly bits: number;
  readonly decision: 'same' | 'unsure' | null;
  readonly certainty: Certainty;
}

export interface FilterView {
  readonly from: string | null;
  readonly to: string | null;
  readonly channel: string | null;
  readonly exhibit: string | null;
}

export interface Neighbours {
  readonly over: Over;
  readonly of: string;
  readonly filter: FilterView;
  readonly reach: { readonly one: number; readonly two: number | null };
  readonly hidden: { readonly nodes: number; readonly edges: number };
  readonly undated: number;
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly EdgeView[];
  readonly links: { readonly shown: readonly IdentityLinkView[]; readonly hidden: number };
}

export interface PathAnswer {
  readonly over: Over;
  readonly a: string;
  readonly b: string;
  readonly filter: FilterView;
  readonly length: number | null;
  readonly total: number;
  readonly exact: boolean;
  readonly paths: readonly (readonly string[])[];
  readonly hidden: number;
  readonly hub: number | null;
  readonly hubs_passed_over: number;
  readonly undated: number;
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly EdgeView[];
}

export interface MeasuredNode extends NodeView {
  readonly messages: number;
  readonly page_rank: number | null;
  readonly between: number | null;
  readonly core: number | null;
  readonly community: number | null;
}

export interface Summary {
  readonly over: Over;
  readonly filter: FilterView;
  readonly undated: number;
  readonly totals: {
    readonly nodes: number;
    readonly without_contact: number;
    readonly pairs: number;
    readonly mutual: number;
    readonly messages: number;
    readonly inside: number;
  };
  readonly channels: readonly {
    readonly channel: string;
    readonly messages: number;
    readonly pairs: number;
    readonly mutual: number;
    readonly reciprocity: number;
    readonly first_time: number | null;
    readonly last_time: number | null;
  }[];
  readonly exhibits: readonly { readonly exhibit: string; readonly messages: number }[];
  readonly days: {
    readonly from: string | null;
    readonly step: number;
    readonly messages: readonly number[];
  };
  readonly most: readonly MeasuredNode[];
  readonly measured: 'ready' | 'working';
  readonly note: string;
}

export interface ExportedWay extends WayView {
  readonly reciprocity: number;
  readonly certainty: Certainty;
}

export type Question =
  | NeighboursQuestion
  | PathQuestion
  | SummaryQuestion
  | OverviewQuestion
  | ExportQuestion<'export nodes'>
  | ExportQuestion<'export ways'>;

/** The answer to each kind of question. An overview comes as the bytes of its JSON; `after` null ends an export. */
export interface Answers {
  readonly neighbours: Neighbours;
  readonly path: PathAnswer;
  readonly summary: Summary;
  readonly overview: Uint8Array;
  readonly 'export nodes': { readonly nodes: readonly NodeView[]; readonly after: number | null };
  readonly 'export ways': { readonly ways: readonly ExportedWay[]; readonly after: number | null };
}

/** What stands beside every community and measure. */
export const describesOnly =
  'Communities and measures describe who writes with whom. No rule reads them; none of them is a reason for anything.';
