import { z } from '@hono/zod-openapi';
import { limits } from '../../base/limits.ts';
import type { Endpoint } from './endpoint.ts';
import { exhibitSchema } from './exhibits.ts';
import { errorSchema, evidence, list } from './fields.ts';
import { markingBody } from './marking.ts';

const sentFile = z.object({ path: evidence, bytes: z.number(), modified: z.number(), received: z.number() });

export const uploadSchema = z
  .object({
    id: z.string(),
    files: z.number(),
    bytes: z.number(),
    received: z.number(),
    whole: z.number(),
    arriving: list(sentFile).openapi({ description: 'by path, size and time of change a file goes on' }),
  })
  .openapi('Upload');

export const deliveredSchema = z
  .object({
    delivery: z.number(),
    receipts: list(
      z.object({
        exhibit: z.string(),
        path: evidence,
        how: z.enum(['received', 'received again', 'here already']),
      }),
    ),
    refused: list(z.object({ path: evidence, reason: evidence })),
    generation: z.string(),
  })
  .openapi('Delivered');

export const intakeSchema = z
  .object({
    upload: uploadSchema.nullable().openapi({ description: 'files that are being handed over' }),
    last: deliveredSchema.nullable().openapi({ description: 'what was handed over last in this session' }),
    failed: errorSchema.shape.error.nullable().openapi({ description: 'why the last did not end' }),
    authorities: list(z.object({ authority: z.string(), exhibits: z.number() })),
    limits: z.object({ files: z.number(), bytes: z.number(), piece: z.number() }),
  })
  .openapi('Intake');

export const originSchema = z
  .object({
    exhibit: exhibitSchema,
    custody: list(
      z.object({
        delivery: z.number(),
        path: evidence,
        how: z.string(),
        authority: z.string().nullable(),
        reference: z.string().nullable(),
        note: evidence.nullable(),
        author: evidence,
        time: z.string(),
      }),
    ).openapi({ description: 'empty for what an earlier Waymark took in: the ledger has it' }),
    choices: list(
      z.object({
        path: evidence,
        reader: z.string().nullable(),
        unread: evidence.nullable(),
        told: list(z.object({ reader: z.string(), sure: z.number() }))
          .nullable()
          .openapi({ description: 'readers that knew its first bytes, the surest first' }),
      }),
    ).openapi({ description: 'the first 200 files' }),
    files: z.number(),
  })
  .openapi('Origin');

const handover = {
  authority: z.string().trim().min(1, 'an authority is needed').max(500),
  reference: z.string().trim().max(200).optional(),
  custody: z
    .string()
    .trim()
    .max(2000)
    .optional()
    .openapi({ description: 'a note on how it was handed over' }),
  ...markingBody,
};

const id = z.uuid();
const started = z.object({ started: z.literal(true) });

export const intakeEndpoints = {
  showIntake: {
    method: 'get',
    path: '/api/intake',
    summary: 'Files under way, what was handed over last, authorities in use, limits',
    action: 'exhibit.add',
    on: { kind: 'operation' },
    status: 200,
    gives: intakeSchema,
  },
  beginUpload: {
    method: 'post',
    path: '/api/intake/begin',
    summary: 'Makes room for files that a browser will send piece by piece',
    action: 'exhibit.add',
    on: { kind: 'operation' },
    body: z.strictObject({ files: z.number().int().min(1), bytes: z.number().int().min(0) }),
    status: 200,
    gives: uploadSchema,
  },
  sendPiece: {
    method: 'post',
    path: '/api/intake/piece',
    summary: 'The next bytes of a file; hashed as they arrive, opened by nobody',
    action: 'exhibit.add',
    on: { kind: 'operation' },
    query: z.strictObject({
      upload: id,
      path: z.string().min(1).max(4000),
      bytes: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
      modified: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
      offset: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    }),
    takes: 'bytes',
    maxBodyBytes: limits.maxUploadPieceBytes,
    status: 200,
    gives: z.object({ received: z.number(), whole: z.boolean() }).openapi('PieceTaken'),
  },
  giveUpUpload: {
    method: 'post',
    path: '/api/intake/give-up',
    summary: 'Removes what has arrived; nothing of it is in the vault',
    action: 'exhibit.add',
    on: { kind: 'operation' },
    body: z.strictObject({ upload: id }),
    status: 200,
    gives: z.object({ removed: z.literal(true) }).openapi('GivenUp'),
  },
  takeInUpload: {
    method: 'post',
    path: '/api/intake/take-in',
    summary: 'Takes whole files into custody, reads them and builds; follow it at /api/progress',
    action: 'exhibit.add',
    on: { kind: 'operation' },
    body: z.strictObject({ upload: id, ...handover }),
    status: 202,
    gives: started,
  },
  takeInPath: {
    method: 'post',
    path: '/api/intake/path',
    summary: 'The same for a path of the machine that Waymark runs on',
    action: 'exhibit.add',
    on: { kind: 'operation' },
    body: z.strictObject({ path: z.string().min(1).max(4000), ...handover }),
    status: 202,
    gives: started,
  },
  showOrigin: {
    method: 'get',
    path: '/api/exhibits/{id}/origin',
    summary: "An exhibit's custody and authority, and which reader was chosen for each file and why",
    action: 'exhibit.show',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'an exhibit id has 16 hex digits') }),
    status: 200,
    gives: originSchema,
  },
} as const satisfies Record<string, Endpoint>;
