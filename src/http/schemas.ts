import { z } from '@hono/zod-openapi';
import { errorCodes } from '../base/errors.ts';

/**
 * What the API says, field by field. Text that comes from an exhibit (handles, names, subjects, paths,
 * pointers, and sentences that quote them) is `evidence`: on the page it can only be shown by the one renderer
 * that makes control and bidirectional characters visible.
 */
export const evidence = z.string().brand<'evidence'>();

/** UTC microseconds, or null where the exhibit does not fix the time. */
const micros = z.number().nullable().openapi({ description: 'UTC microseconds since 1970-01-01, or null' });

function list<T extends z.ZodType>(item: T) {
  return z.array(item).readonly();
}

/** A time as it stands in an exhibit: UTC where known, the original text, the zone it states. */
const stamp = { time: micros, time_text: evidence.nullable(), time_zone: evidence.nullable() };

/** Codes of errors: Waymark's own, and `internal` for a fault in Waymark itself. */
export const apiErrorCodes = [
  ...(Object.keys(errorCodes) as (keyof typeof errorCodes)[]),
  'internal',
] as const;

export const errorSchema = z
  .object({
    error: z.object({
      code: z.enum(apiErrorCodes),
      message: evidence,
      where: evidence.nullable(),
      remedy: evidence.nullable(),
    }),
  })
  .openapi('Error');

export const operationSchema = z
  .object({
    folder: z.string(),
    origin: z.string(),
    actor: z.string(),
    version: z.string(),
    generation: z
      .object({
        id: z.string(),
        accounts: z.number(),
        persons: z.number(),
        contacts: z.number(),
        queued: z.number(),
      })
      .nullable()
      .openapi({ description: 'null before the first build' }),
    exhibits: z.number(),
    excluded: z.number(),
    warnings: z.number(),
    unread: z.number(),
    building: z.boolean(),
    policyReports: z.number().openapi({ description: 'times a page was stopped by its content policy' }),
  })
  .openapi('Operation');

const tally = z.object({
  unit: z.string(),
  rows: z.number(),
  read: z.number(),
  skipped: z.record(z.string(), z.number()),
});

export const exhibitSchema = z
  .object({
    id: z.string(),
    path: evidence,
    paths: list(evidence),
    kind: z.enum(['file', 'folder']),
    bytes: z.number(),
    sha256: z.string(),
    status: z.enum(['received', 'read', 'unread', 'excluded']),
    authority: z.string().nullable(),
    reference: z.string().nullable(),
    reader: z.string().nullable(),
    readerVersion: z.string().nullable(),
    records: z.record(z.string(), z.number()),
    warnings: z.number(),
    rows: list(tally),
  })
  .openapi('Exhibit');

export const exhibitsSchema = z
  .object({
    exhibits: list(exhibitSchema),
    unread: list(z.object({ path: evidence, reason: evidence })),
    excluded: list(z.object({ id: z.string(), path: evidence, reason: z.string().nullable() })),
  })
  .openapi('Exhibits');

export const warningsSchema = z
  .object({
    exhibit: exhibitSchema,
    /** At most 500; `exhibit.warnings` is the whole count. */
    warnings: list(z.object({ code: z.string(), text: evidence, pointer: evidence })),
  })
  .openapi('Warnings');

const reason = z.object({
  indicator: z.string(),
  account: evidence,
  text: evidence,
  pointer: evidence,
  morePointers: list(evidence),
  against: z.object({ text: evidence, pointer: evidence }).nullable(),
});

export const queueSchema = z
  .object({
    queue: list(
      z.object({
        rank: z.number(),
        person: z.string(),
        band: z.string(),
        accounts: list(z.object({ account: evidence, handle: evidence.nullable() })),
        reasons: list(reason),
      }),
    ),
  })
  .openapi('Queue');

export const personsSchema = z
  .object({
    persons: list(
      z.object({
        person: z.string(),
        accounts: z.number(),
        account_list: list(evidence),
        handles: list(evidence),
        band: z.string().nullable(),
        rank: z.number().nullable(),
      }),
    ),
    more: z.boolean().openapi({ description: 'whether there are persons after this page' }),
  })
  .openapi('Persons');

const account = z.object({
  account: evidence,
  service: evidence,
  native_id: evidence,
  handle: evidence.nullable(),
  kind: evidence.nullable(),
  status: evidence.nullable(),
  ...stamp,
  attributes: evidence.nullable(),
  pointer: evidence,
});

const selector = z.object({
  account: evidence,
  selector: z.string(),
  raw: evidence.nullable(),
  canonical: evidence.nullable(),
  basis: evidence.nullable(),
  context: evidence.nullable(),
  times: z.number(),
  first_time: micros,
  last_time: micros,
  pointer: evidence,
});

const link = z.object({
  account_a: evidence,
  account_b: evidence,
  handle_a: evidence.nullable(),
  handle_b: evidence.nullable(),
  person_a: z.string(),
  person_b: z.string(),
  bits: z.number().openapi({ description: 'investigative score, not a likelihood ratio: uncalibrated' }),
  decision: z.enum(['same', 'different', 'unsure']).nullable(),
  proposed: z.boolean(),
  evidence: list(
    z.object({
      group: z.string(),
      text: evidence,
      bits: z.number(),
      accounts: z.number(),
      pointers: list(evidence),
    }),
  ),
});

const contact = z.object({
  from_account: evidence,
  to_account: evidence,
  from_handle: evidence.nullable(),
  to_handle: evidence.nullable(),
  from_person: z.string().nullable(),
  to_person: z.string().nullable(),
  channel: evidence,
  messages: z.number(),
  first_time: micros,
  last_time: micros,
  pointer: evidence,
});

const file = z.object({
  account: evidence,
  name: evidence.nullable(),
  stored_name: evidence.nullable(),
  media_type: evidence.nullable(),
  size: z.number().nullable(),
  ...stamp,
  md5: z.string().nullish(),
  sha1: z.string().nullish(),
  sha256: z.string().nullish(),
  state: evidence.nullable(),
  pointer: evidence,
});

/** A message without its text: reading that is a deliberate act, by its pointer. */
const message = z.object({
  sender: evidence,
  channel: evidence,
  ...stamp,
  place: evidence.nullable(),
  state: evidence.nullable(),
  body_bytes: z.number(),
  pointer: evidence,
});

export const personSchema = z
  .object({
    person: z.string(),
    rank: z.number().nullable(),
    band: z.string().nullable(),
    reasons: list(reason),
    accounts: list(account),
    selectors: list(selector),
    links: list(link),
    contacts: list(contact),
    files: list(file),
    messages: list(message),
  })
  .openapi('Person');

export const sourceSchema = z
  .object({
    pointer: evidence,
    exhibit: z.string(),
    received: evidence,
    inner: evidence,
    sha256: z.string(),
    authority: z.string().nullable(),
    reference: z.string().nullable(),
    offset: z.number(),
    length: z.number(),
    shown: z.number().openapi({ description: 'bytes given here, from the offset on' }),
    bytes: z.string().nullable().openapi({ description: 'base64; null where withheld' }),
    withheld: z
      .string()
      .nullable()
      .openapi({ description: 'media type of imagery, whose bytes are never given' }),
  })
  .openapi('Source');

export const revealedSchema = z.object({ recorded: z.literal(true) }).openapi('Revealed');

export const ledgerSchema = z
  .object({
    origin: z.string(),
    size: z.number(),
    acts: list(
      z.object({
        index: z.number(),
        time: z.string(),
        actor: z.string(),
        action: z.string(),
        objects: list(z.string()),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  })
  .openapi('Ledger');

export const ledgerCheckSchema = z
  .object({
    ok: z.boolean(),
    origin: z.string().nullable(),
    size: z.number().nullable(),
    root: z.string().nullable().openapi({ description: 'hex' }),
    firstBadIndex: z.number().nullable(),
    problems: list(z.object({ what: evidence, file: evidence, index: z.number().optional() })),
    problemCount: z.number(),
  })
  .openapi('LedgerCheck');

export const buildStartedSchema = z.object({ started: z.literal(true) }).openapi('BuildStarted');

export const exclusionSchema = z
  .object({
    exhibit: z.string(),
    generation: z.string(),
    links: z.object({ fell: list(evidence), appeared: list(evidence) }),
    queue: z.object({
      fell: list(z.string()),
      moved: list(z.object({ person: z.string(), from: z.number(), to: z.number() })),
      appeared: list(z.string()),
    }),
  })
  .openapi('Exclusion');

/** One event of `GET /api/progress`. */
export const progressSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('progress'),
      stage: evidence,
      done: z.number(),
      total: z.number().nullable(),
    }),
    z.object({ kind: z.literal('done'), generation: z.string() }),
    z.object({ kind: z.literal('failed'), error: errorSchema.shape.error }),
  ])
  .openapi('Progress');
