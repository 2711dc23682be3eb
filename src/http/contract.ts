import { z } from '@hono/zod-openapi';
import type { Action, ObjectKind } from '../access/can.ts';
import * as schemas from './schemas.ts';

/**
 * Every route of the API once: method, path, the action it needs, what it takes and what it gives. Validation,
 * the types of server and page, the permission check and OpenAPI all come from here.
 */
export interface Endpoint {
  readonly method: 'get' | 'post';
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly action: Action;
  /** The object acted on: its kind, and which part of the request names it. */
  readonly on: { readonly kind: ObjectKind; readonly named?: 'exhibit' | 'person' | 'pointer' };
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly status: 200 | 202;
  /** A schema; or bytes for a download, events for server-sent events. */
  readonly gives: z.ZodType | 'bytes' | 'events';
}

const exhibit = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'an exhibit id has 16 hex digits') });
const pointer = z.strictObject({ pointer: z.string().min(1).max(8192) });

/** A whole number in a query. */
function whole(least: number, most: number, otherwise: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number is needed')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(otherwise)
    .openapi({ type: 'integer', minimum: least, maximum: most, default: otherwise });
}

export const contract = {
  showOperation: {
    method: 'get',
    path: '/api/operation',
    summary: 'The operation: generation in force, counts, warnings',
    action: 'operation.show',
    on: { kind: 'operation' },
    status: 200,
    gives: schemas.operationSchema,
  },
  listExhibits: {
    method: 'get',
    path: '/api/exhibits',
    summary: 'Exhibits with counts that add up, what was left unread, what was excluded',
    action: 'exhibit.list',
    on: { kind: 'operation' },
    status: 200,
    gives: schemas.exhibitsSchema,
  },
  listWarnings: {
    method: 'get',
    path: '/api/exhibits/{id}/warnings',
    summary: 'One exhibit and the first 500 warnings of reading it',
    action: 'exhibit.show',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    status: 200,
    gives: schemas.warningsSchema,
  },
  excludeExhibit: {
    method: 'post',
    path: '/api/exhibits/{id}/exclude',
    summary: 'Takes an exhibit out of everything derived and lists what changed',
    action: 'exhibit.exclude',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    body: z.strictObject({ reason: z.string().trim().min(1, 'a reason is needed').max(2000) }),
    status: 200,
    gives: schemas.exclusionSchema,
  },
  showQueue: {
    method: 'get',
    path: '/api/queue',
    summary: 'Whom to look at first, with reasons for and against',
    action: 'queue.show',
    on: { kind: 'operation' },
    status: 200,
    gives: schemas.queueSchema,
  },
  listPersons: {
    method: 'get',
    path: '/api/persons',
    summary: 'Persons in the order of the queue, filtered by handle, account or id',
    action: 'person.list',
    on: { kind: 'operation' },
    query: z.strictObject({
      text: z.string().max(200).default(''),
      limit: whole(1, 500, 100),
      offset: whole(0, 100_000_000, 0),
    }),
    status: 200,
    gives: schemas.personsSchema,
  },
  showPerson: {
    method: 'get',
    path: '/api/persons/{person}',
    summary: 'Everything known of one person, without the text of messages',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: z.strictObject({ person: z.string().min(1).max(200) }),
    status: 200,
    gives: schemas.personSchema,
  },
  showSource: {
    method: 'get',
    path: '/api/source',
    summary: 'Where a pointer stands and the first 256 KiB of its bytes; never those of imagery',
    action: 'source.show',
    on: { kind: 'exhibit', named: 'pointer' },
    query: pointer,
    status: 200,
    gives: schemas.sourceSchema,
  },
  downloadSource: {
    method: 'get',
    path: '/api/source/raw',
    summary: 'The bytes of a pointer as a download; never those of imagery',
    action: 'source.download',
    on: { kind: 'exhibit', named: 'pointer' },
    query: pointer,
    status: 200,
    gives: 'bytes',
  },
  revealSource: {
    method: 'post',
    path: '/api/source/reveal',
    summary: 'Records in the ledger that the text behind a pointer is being read',
    action: 'source.reveal',
    on: { kind: 'exhibit', named: 'pointer' },
    body: pointer,
    status: 200,
    gives: schemas.revealedSchema,
  },
  showLedger: {
    method: 'get',
    path: '/api/ledger',
    summary: 'The latest acts, newest first',
    action: 'ledger.show',
    on: { kind: 'ledger' },
    query: z.strictObject({ limit: whole(1, 1000, 100) }),
    status: 200,
    gives: schemas.ledgerSchema,
  },
  checkLedger: {
    method: 'post',
    path: '/api/ledger/check',
    summary: 'Recomputes the whole ledger',
    action: 'ledger.check',
    on: { kind: 'ledger' },
    status: 200,
    gives: schemas.ledgerCheckSchema,
  },
  startBuild: {
    method: 'post',
    path: '/api/build',
    summary: 'Starts reading what is unread and building a generation; follow it at /api/progress',
    action: 'operation.build',
    on: { kind: 'operation' },
    status: 202,
    gives: schemas.buildStartedSchema,
  },
  followProgress: {
    method: 'get',
    path: '/api/progress',
    summary: 'Server-sent events of the work under way or done last; replayed after Last-Event-ID',
    action: 'operation.follow',
    on: { kind: 'operation' },
    status: 200,
    gives: 'events',
  },
} as const satisfies Record<string, Endpoint>;

export type Contract = typeof contract;
export type EndpointName = keyof Contract;

type Part<E, Name extends string> = E extends { readonly [K in Name]: infer S extends z.ZodType }
  ? S
  : undefined;

/** What a handler gets. */
export interface InputOf<E> {
  readonly query: Part<E, 'query'> extends z.ZodType ? z.output<Part<E, 'query'>> : undefined;
  readonly params: Part<E, 'params'> extends z.ZodType ? z.output<Part<E, 'params'>> : undefined;
  readonly body: Part<E, 'body'> extends z.ZodType ? z.output<Part<E, 'body'>> : undefined;
}

/** What a handler returns: the value to be sent, or the whole response. */
export type OutputOf<E extends { gives: unknown }> = E['gives'] extends z.ZodType
  ? z.input<E['gives']>
  : Response;

/** What a client receives. */
export type AnswerOf<Name extends EndpointName> = Contract[Name]['gives'] extends z.ZodType
  ? z.output<Contract[Name]['gives']>
  : never;
