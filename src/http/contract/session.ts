import { z } from '@hono/zod-openapi';
import { givenRoles, roles } from '../../access/can.ts';
import type { Endpoint } from './endpoint.ts';
import { evidence, list } from './fields.ts';

export const sessionSchema = z
  .object({
    mode: z.enum(['one officer', 'users']).openapi({ description: 'whether this operation has users' }),
    user: evidence.nullable().openapi({ description: 'as it stands in the ledger; null before log-in' }),
    full_name: evidence.nullable(),
    roles: list(z.enum(roles)),
    must_change: z.boolean().openapi({ description: 'whether a password of their own must be set first' }),
    may: list(z.string()).openapi({ description: 'actions that these roles hold' }),
    ends: z
      .object({
        idle: z.string().openapi({ description: 'when it ends if nothing more is asked' }),
        whole: z.string().openapi({ description: 'when it ends in any case' }),
        confirmed: z.boolean().openapi({ description: 'whether the password was typed a moment ago' }),
      })
      .nullable(),
  })
  .openapi('Session');

export const userSchema = z
  .object({
    name: z.string(),
    full_name: evidence,
    roles: list(z.enum(givenRoles)),
    status: z.enum(['active', 'closed', 'locked']),
    failures: z.number().openapi({ description: 'wrong passwords since the last right one' }),
    must_change: z.boolean(),
  })
  .openapi('User');

const doneSchema = z.object({ done: z.literal(true) }).openapi('Done');
const password = z.string().min(1).max(1000);
const userName = z.string().min(1).max(100);
const userParams = z.strictObject({ name: userName });
const someRoles = z.array(z.enum(givenRoles)).min(1);

export const sessionEndpoints = {
  showSession: {
    method: 'get',
    path: '/api/session',
    summary: 'Who is logged in, as what, and until when',
    action: 'session.show',
    on: { kind: 'application' },
    status: 200,
    gives: sessionSchema,
  },
  beginSession: {
    method: 'post',
    path: '/api/session',
    summary: 'Logs in; answers with a cookie. At most 10 tries a minute for a name',
    action: 'session.begin',
    on: { kind: 'application' },
    body: z.strictObject({ name: userName, password }),
    status: 200,
    gives: doneSchema,
  },
  confirmSession: {
    method: 'post',
    path: '/api/session/confirm',
    summary: 'Types the password once more: exports and erasure need it within five minutes',
    action: 'session.confirm',
    on: { kind: 'application' },
    body: z.strictObject({ password }),
    status: 200,
    gives: doneSchema,
  },
  changePassword: {
    method: 'post',
    path: '/api/session/password',
    summary: 'Sets a password of one’s own; ends all other sessions of the user',
    action: 'session.password',
    on: { kind: 'application' },
    body: z.strictObject({ password, next: password }),
    status: 200,
    gives: doneSchema,
  },
  endSession: {
    method: 'post',
    path: '/api/session/end',
    summary: 'Logs out',
    action: 'session.end',
    on: { kind: 'application' },
    status: 200,
    gives: doneSchema,
  },
  listUsers: {
    method: 'get',
    path: '/api/users',
    summary: 'Users of this operation with their roles',
    action: 'user.list',
    on: { kind: 'user' },
    status: 200,
    gives: z.object({ users: list(userSchema) }).openapi('Users'),
  },
  addUser: {
    method: 'post',
    path: '/api/users',
    summary: 'Adds a user with a first password, which they must change',
    action: 'user.add',
    on: { kind: 'user' },
    body: z.strictObject({
      name: userName,
      full_name: z.string().trim().min(1).max(200),
      roles: someRoles,
      password,
    }),
    status: 200,
    gives: doneSchema,
  },
  setUserRoles: {
    method: 'post',
    path: '/api/users/{name}/roles',
    summary: 'Gives a user other roles; ends their sessions',
    action: 'user.change',
    on: { kind: 'user', named: 'user' },
    params: userParams,
    body: z.strictObject({ roles: someRoles }),
    status: 200,
    gives: doneSchema,
  },
  setUserStatus: {
    method: 'post',
    path: '/api/users/{name}/status',
    summary: 'Closes a user, or opens one that is closed or locked',
    action: 'user.change',
    on: { kind: 'user', named: 'user' },
    params: userParams,
    body: z.strictObject({ status: z.enum(['active', 'closed']) }),
    status: 200,
    gives: doneSchema,
  },
  setUserPassword: {
    method: 'post',
    path: '/api/users/{name}/password',
    summary: 'Gives a user a new first password, which they must change; opens a lock',
    action: 'user.change',
    on: { kind: 'user', named: 'user' },
    params: userParams,
    body: z.strictObject({ password }),
    status: 200,
    gives: doneSchema,
  },
} as const satisfies Record<string, Endpoint>;
