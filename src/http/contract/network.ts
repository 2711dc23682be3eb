import { z } from '@hono/zod-openapi';
import { certainties } from '../../footprint/graph/model.ts';
import { type Endpoint, whole } from './endpoint.ts';
import { evidence, list, micros } from './fields.ts';

const certainty = z.enum(certainties).openapi({
  description:
    'stated: one account, as records say; decided: a human joined its accounts; proposed: Waymark did; unsure: a human was unsure of a pair inside',
});
const over = z.enum(['accounts', 'persons']);
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a day is written as 2019-01-31');

const filterQuery = {
  from: day.optional(),
  to: day.optional(),
  channel: z.string().min(1).max(200).optional(),
  exhibit: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'an exhibit id has 16 hex digits')
    .optional(),
};

const filter = z.object({
  from: z.string().nullable(),
  to: z.string().nullable(),
  channel: evidence.nullable(),
  exhibit: z.string().nullable(),
});

const node = {
  node: evidence,
  label: evidence,
  handles: list(evidence),
  accounts: z.number(),
  account_list: list(evidence),
  person: z.string().nullable(),
  neighbours: z.number(),
  sent: z.number(),
  received: z.number(),
  band: z.string().nullable(),
  rank: z.number().nullable(),
  certainty,
};

const shownNode = z.object({
  ...node,
  hop: z.union([z.literal(0), z.literal(1), z.literal(2)]).nullable(),
  hidden: z.number().openapi({ description: 'neighbours that are not in this answer' }),
});

const edge = z.object({
  a: evidence,
  b: evidence,
  a_to_b: z.number(),
  b_to_a: z.number(),
  reciprocity: z.number().openapi({ description: "the weaker direction's share: 0 one way, 0.5 even" }),
  first_time: micros,
  last_time: micros,
  certainty,
  ways: list(
    z.object({
      from: evidence,
      to: evidence,
      channel: evidence,
      messages: z.number(),
      first_time: micros,
      last_time: micros,
      pointer: evidence,
    }),
  ),
  bursts: list(
    z.object({
      from: z.string(),
      to: z.string(),
      messages: z.number(),
      usual: z.number().openapi({ description: 'messages a day over the whole time of this contact' }),
      bits: z.number(),
    }),
  ),
});

export const neighboursSchema = z
  .object({
    over,
    of: evidence,
    filter,
    reach: z.object({ one: z.number(), two: z.number().nullable() }),
    hidden: z.object({ nodes: z.number(), edges: z.number() }),
    undated: z.number(),
    nodes: list(shownNode),
    edges: list(edge),
    links: z.object({
      shown: list(
        z.object({
          account_a: evidence,
          account_b: evidence,
          node_a: evidence,
          node_b: evidence,
          bits: z.number(),
          decision: z.enum(['same', 'unsure']).nullable(),
          certainty,
        }),
      ),
      hidden: z.number(),
    }),
  })
  .openapi('Neighbours');

export const pathSchema = z
  .object({
    over,
    a: evidence,
    b: evidence,
    filter,
    length: z.number().nullable().openapi({ description: 'steps; null where there is no path' }),
    total: z.number(),
    exact: z.boolean(),
    paths: list(list(evidence)),
    hidden: z.number(),
    hub: z.number().nullable(),
    hubs_passed_over: z.number(),
    undated: z.number(),
    nodes: list(shownNode),
    edges: list(edge),
  })
  .openapi('ContactPath');

export const networkSummarySchema = z
  .object({
    over,
    filter,
    undated: z.number(),
    totals: z.object({
      nodes: z.number(),
      without_contact: z.number(),
      pairs: z.number(),
      mutual: z.number(),
      messages: z.number(),
      inside: z.number(),
    }),
    channels: list(
      z.object({
        channel: evidence,
        messages: z.number(),
        pairs: z.number(),
        mutual: z.number(),
        reciprocity: z.number(),
        first_time: micros,
        last_time: micros,
      }),
    ),
    exhibits: list(z.object({ exhibit: z.string(), messages: z.number() })),
    days: z.object({ from: z.string().nullable(), step: z.number(), messages: list(z.number()) }),
    most: list(
      z.object({
        ...node,
        messages: z.number(),
        page_rank: z.number().nullable(),
        between: z.number().nullable(),
        core: z.number().nullable(),
        community: z.number().nullable(),
      }),
    ),
    measured: z.enum(['ready', 'working']),
    note: z.string(),
  })
  .openapi('NetworkSummary');

export const networkOverviewSchema = z
  .discriminatedUnion('state', [
    z.object({
      state: z.literal('working'),
      stage: z.string(),
      done: z.number(),
      total: z.number().nullable(),
    }),
    z.object({
      state: z.literal('ready'),
      over,
      totals: z.object({
        nodes: z.number(),
        edges: z.number(),
        without_contact: z.number(),
        shown_nodes: z.number(),
        shown_edges: z.number(),
        hidden_nodes: z.number(),
        hidden_edges: z.number(),
      }),
      nodes: z.object({
        id: list(evidence),
        label: list(evidence),
        x: list(z.number()),
        y: list(z.number()),
        neighbours: list(z.number()),
        messages: list(z.number()),
        core: list(z.number()),
        page_rank: list(z.number()),
        between: list(z.number()),
        community: list(z.number()),
        band: list(z.string().nullable()),
        certainty: list(certainty),
      }),
      edges: z.object({
        a: list(z.number()),
        b: list(z.number()),
        messages: list(z.number()),
        reciprocity: list(z.number()),
        certainty: list(z.number()),
      }),
      communities: list(z.object({ community: z.number(), nodes: z.number(), messages_inside: z.number() })),
      methods: z.object({
        place: z.string(),
        community: z.string(),
        between: z.string(),
        page_rank: z.string(),
        core: z.string(),
      }),
      note: z.string(),
    }),
  ])
  .openapi('NetworkOverview');

const id = z.string().min(1).max(2000);

export const networkEndpoints = {
  showNeighbours: {
    method: 'get',
    path: '/api/network/neighbours',
    summary: 'Whom an account or person is in contact with, one or two steps away, with sources',
    action: 'network.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      of: id,
      hops: whole(1, 2, 1),
      over: over.optional(),
      fan: whole(1, 500, 25),
      most: whole(1, 2000, 300),
      ...filterQuery,
    }),
    status: 200,
    gives: neighboursSchema,
  },
  showPath: {
    method: 'get',
    path: '/api/network/path',
    summary: 'All shortest ways by which two accounts or persons are in contact',
    action: 'network.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      a: id,
      b: id,
      over: over.optional(),
      most: whole(1, 200, 20),
      hub: whole(0, 100_000_000, 0),
      ...filterQuery,
    }),
    status: 200,
    gives: pathSchema,
  },
  showNetworkSummary: {
    method: 'get',
    path: '/api/network/summary',
    summary: 'Contacts by channel, exhibit and time, and who has most of them',
    action: 'network.show',
    on: { kind: 'operation' },
    query: z.strictObject({ over: over.default('persons'), limit: whole(1, 500, 50), ...filterQuery }),
    status: 200,
    gives: networkSummarySchema,
  },
  showNetworkOverview: {
    method: 'get',
    path: '/api/network/overview',
    summary: 'The whole network with places, as columns; asked again while it says that it works',
    action: 'network.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      over: over.default('persons'),
      nodes: whole(1, 50_000, 50_000),
      edges: whole(1, 200_000, 200_000),
    }),
    status: 200,
    gives: networkOverviewSchema,
    written: true,
  },
} as const satisfies Record<string, Endpoint>;
