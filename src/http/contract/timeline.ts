import { z } from '@hono/zod-openapi';
import { type Endpoint, page, personParams, whole } from './endpoint.ts';
import { evidence, list, micros, stamp } from './fields.ts';
import { noted, noteSchema } from './notes.ts';

const entry = z.object({
  ...stamp,
  kind: evidence,
  role: z.enum(['by', 'to', 'about']).openapi({
    description: 'the account did it, received it, or somebody recorded it about the account',
  }),
  action: evidence.nullable(),
  account: evidence,
  handle: evidence.nullable(),
  person: z.string().nullable(),
  other_account: evidence.nullable(),
  service: evidence.nullable(),
  ip: evidence.nullable(),
  copies: z.number().openapi({ description: 'places that hold the same message' }),
  exhibit: z.string(),
  pointer: evidence,
  notes: list(noteSchema),
});

const untimed = z.number().openapi({ description: 'entries without a time under the same filters' });

export const timelineSchema = z
  .object({
    entries: list(entry),
    next: z.string().nullable().openapi({ description: 'give it back as "after"; null at the end' }),
    untimed,
    unattributed: z.number().openapi({
      description: 'events that no account is known for: they stand in no timeline',
    }),
  })
  .openapi('Timeline');

export const untimedSchema = z
  .object({ entries: list(entry), total: z.number(), more: z.boolean() })
  .openapi('Untimed');

export const histogramSchema = z
  .object({
    by: z.enum(['hour', 'day', 'week', 'month', 'hour-of-day']),
    split: z.enum(['kind', 'exhibit', 'service', 'none']),
    buckets: list(
      z.object({
        start: z.number().openapi({ description: 'UTC microseconds; the hour for hour-of-day' }),
        name: evidence,
        events: z.number(),
      }),
    ),
    total: z.number(),
    untimed,
    first_time: micros,
    last_time: micros,
    left_out: z.number().openapi({ description: 'buckets beyond those given' }),
  })
  .openapi('Histogram');

export const clockSkewsSchema = z
  .object({
    skews: list(
      z.object({
        exhibit: z.string(),
        path: evidence,
        reference: z.string(),
        basis: z.enum(['board and web log', 'same message', 'return and use']),
        from_time: micros,
        to_time: micros,
        pairs: z.number(),
        agreeing: z.number(),
        median_seconds: z.number().openapi({ description: 'source minus reference: positive is ahead' }),
        spread_seconds: z.number(),
        standing: z.enum(['differs', 'agrees', 'too few to say']),
        samples: list(z.object({ source: evidence, reference: evidence, seconds: z.number() })),
      }),
    ),
  })
  .openapi('ClockSkews');

export const habitsSchema = z
  .object({
    person: z.string(),
    events: z.number(),
    days: z.number(),
    first_time: micros,
    last_time: micros,
    hours: list(z.number()).openapi({ description: 'own acts by hour of UTC, from midnight' }),
    longest_gaps: list(
      z.object({
        from_time: z.number(),
        to_time: z.number(),
        days: z.number(),
        before: evidence,
        after: evidence,
      }),
    ),
    verdict: z.enum(['range', 'cannot tell']),
    why: z.string(),
    range: z
      .object({ from_minutes: z.number(), to_minutes: z.number(), share: z.number() })
      .nullable()
      .openapi({
        description: 'offsets east of UTC in winter, both included, that hold the share of the likelihood',
      }),
    candidates: list(
      z.object({
        offset_minutes: z.number().openapi({ description: 'east of UTC in winter' }),
        rules: z.enum(['fixed', 'eu', 'us', 'south']),
        share: z.number(),
      }),
    ),
    standing: z.literal('evidence, not fact'),
  })
  .openapi('Habits');

const persons = z
  .string()
  .max(4000)
  .default('')
  .openapi({ description: 'person ids joined by commas, up to 50; none for the whole operation' });
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/, 'a day or time in UTC is needed')
  .optional()
  .openapi({ description: '2019-01-06 or 2019-01-06T08:00:00Z; from <= time < to' });
const kinds = z.string().max(400).default('').openapi({ description: 'kinds joined by commas' });
const exhibit = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'an exhibit id is needed')
  .optional();

export const timelineEndpoints = {
  showTimeline: {
    method: 'get',
    path: '/api/timeline',
    summary: 'What persons did, received or had recorded about them, in order of time; never the text',
    action: 'timeline.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      persons,
      from: time,
      to: time,
      kinds,
      exhibit,
      noted,
      limit: whole(1, 500, 100),
      after: z.string().max(2000).optional(),
    }),
    status: 200,
    gives: timelineSchema,
  },
  listUntimed: {
    method: 'get',
    path: '/api/timeline/untimed',
    summary: 'Entries whose time the exhibits do not fix',
    action: 'timeline.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      persons,
      kinds,
      exhibit,
      noted,
      ...page,
    }),
    status: 200,
    gives: untimedSchema,
  },
  showHistogram: {
    method: 'get',
    path: '/api/timeline/histogram',
    summary: 'How much happened when, by kind, exhibit or service',
    action: 'timeline.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      persons,
      from: time,
      to: time,
      kinds,
      exhibit,
      noted,
      by: z.enum(['hour', 'day', 'week', 'month', 'hour-of-day']).default('day'),
      split: z.enum(['kind', 'exhibit', 'service', 'none']).default('kind'),
    }),
    status: 200,
    gives: histogramSchema,
  },
  listClockSkew: {
    method: 'get',
    path: '/api/timeline/skew',
    summary: 'How far the clocks of sources stand apart: evidence, never applied',
    action: 'timeline.show',
    on: { kind: 'operation' },
    status: 200,
    gives: clockSkewsSchema,
  },
  showHabits: {
    method: 'get',
    path: '/api/persons/{person}/habits',
    summary: 'When a person is active, and what clock that fits: evidence, never fact',
    action: 'person.habits',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: habitsSchema,
  },
} as const satisfies Record<string, Endpoint>;
