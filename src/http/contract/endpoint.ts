import { z } from '@hono/zod-openapi';
import type { Action, ObjectKind } from '../../access/can.ts';

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
  readonly on: {
    readonly kind: ObjectKind;
    readonly named?: 'exhibit' | 'person' | 'pointer' | 'user' | 'decision';
  };
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Where the body is bytes and no JSON: the handler takes them as they come. */
  readonly takes?: 'bytes';
  /** Bytes of the body, where more than usual are possible. */
  readonly maxBodyBytes?: number;
  readonly status: 200 | 202;
  /** A schema; or bytes for a download, events for server-sent events. */
  readonly gives: z.ZodType | 'bytes' | 'events';
  /** The handler gives the JSON itself, ready written elsewhere because it is large; tests hold it to the schema. */
  readonly written?: true;
}

/** A whole number in a query. */
export function whole(least: number, most: number, otherwise: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number is needed')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(otherwise)
    .openapi({ type: 'integer', minimum: least, maximum: most, default: otherwise });
}

/** The person that a path names. */
export const personParams = z.strictObject({ person: z.string().min(1).max(200) });

/** Which part of a long list is asked for. */
export const page = { limit: whole(1, 500, 100), offset: whole(0, 100_000_000, 0) };

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
export type OutputOf<E extends { gives: unknown }> = E extends { written: true }
  ? Response
  : E['gives'] extends z.ZodType
    ? z.input<E['gives']>
    : Response;
