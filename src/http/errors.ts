import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, WaymarkError } from '../base/errors.ts';

/** The one shape of an error. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode | 'internal';
    readonly message: string;
    readonly where: string | null;
    readonly remedy: string | null;
  };
}

/** The HTTP status of each kind of trouble. */
export const statusOf: { readonly [Code in ErrorCode | 'internal']: ContentfulStatusCode } = {
  usage: 400,
  denied: 403,
  'not-found': 404,
  busy: 409,
  'not-derived': 409,
  limit: 413,
  unreadable: 422,
  engine: 500,
  integrity: 500,
  internal: 500,
  sandbox: 500,
  storage: 507,
};

/** An error as people and programs get it: never a stack, never the text of an unexpected error. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof WaymarkError) {
    const { code, message, where = null, remedy = null } = error;
    return { error: { code, message, where, remedy } };
  }
  return {
    error: {
      code: 'internal',
      message: 'Waymark made a mistake here',
      where: null,
      remedy:
        'Nothing was changed by this request. The terminal that runs Waymark shows the fault: report it.',
    },
  };
}

/** Answers a request with an error. `status` where the code alone does not tell. */
export function answerError(c: Context, error: unknown, status?: ContentfulStatusCode): Response {
  if (error instanceof HTTPException) {
    return answerError(c, new WaymarkError('usage', 'the request could not be read'), error.status as 400);
  }
  const body = errorBody(error);
  return c.json(body, status ?? statusOf[body.error.code]);
}
