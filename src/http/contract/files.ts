import { z } from '@hono/zod-openapi';
import { fileStandingNames } from '../../workbench/files.ts';
import { type Endpoint, page } from './endpoint.ts';
import { evidence, list, stamp } from './fields.ts';

const standing = z.enum(fileStandingNames);

export const filesSchema = z
  .object({
    total: z.number().openapi({ description: 'records of files: the sum of the standings' }),
    standings: list(z.object({ standing, files: z.number(), hashes: z.number(), accounts: z.number() })),
    kinds: list(z.object({ media_type: evidence.nullable(), files: z.number() })),
    lists: list(
      z.object({
        list: evidence,
        disposition: z.string(),
        files: z.number(),
        matched: z.number().openapi({ description: 'hashes of the list that some file has' }),
      }),
    ),
    files: list(
      z.object({
        account: evidence.nullable(),
        handle: evidence.nullable(),
        person: z.string().nullable(),
        service: evidence.nullable(),
        name: evidence.nullable(),
        stored_name: evidence.nullable(),
        media_type: evidence.nullable(),
        size: z.number().nullable(),
        ...stamp,
        state: evidence.nullable(),
        md5: z.string().nullable(),
        sha1: z.string().nullable(),
        sha256: z.string().nullable(),
        standing,
        list: evidence.nullable(),
        category: evidence.nullable(),
        list_pointer: evidence.nullable(),
        known_good: evidence.nullable(),
        known_good_pointer: evidence.nullable(),
        pointer: evidence,
        content_pointer: evidence.nullable(),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('Files');

export const filesEndpoints = {
  listFiles: {
    method: 'get',
    path: '/api/files',
    summary: 'Files by what lists say of their hashes: names, counts and hashes, never what they show',
    action: 'file.list',
    on: { kind: 'operation' },
    query: z.strictObject({
      standing: standing.or(z.literal('')).default(''),
      ...page,
    }),
    status: 200,
    gives: filesSchema,
  },
} as const satisfies Record<string, Endpoint>;
