import { z } from '@hono/zod-openapi';
import { tlpLabels } from '../../access/grading.ts';
import { errorCodes } from '../../base/errors.ts';

/**
 * What the API says, field by field. Text that comes from an exhibit (handles, names, subjects, paths,
 * pointers, and sentences that quote them) is `evidence`: on the page it can only be shown by the one renderer
 * that makes control and bidirectional characters visible.
 */
export const evidence = z.string().brand<'evidence'>();

/** UTC microseconds, or null where the exhibit does not fix the time. */
export const micros = z
  .number()
  .nullable()
  .openapi({ description: 'UTC microseconds since 1970-01-01, or null' });

export function list<T extends z.ZodType>(item: T) {
  return z.array(item).readonly();
}

/** A time as it stands in an exhibit: UTC where known, the original text, the zone it states. */
export const stamp = { time: micros, time_text: evidence.nullable(), time_zone: evidence.nullable() };

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

/** How an act was graded and may be handled, as it was entered; schemes are never converted. */
export const markingSchema = z.object({
  grade: z
    .string()
    .nullable()
    .openapi({ description: 'scheme and code: "3x5x2 2BP", "4x4 B2 H1"; docs/priorities.md' }),
  grade_words: z.string().nullable(),
  tlp: z.enum(tlpLabels).nullable(),
  note: evidence.nullable(),
});

export const reason = z.object({
  indicator: z.string(),
  account: evidence,
  text: evidence,
  pointer: evidence,
  morePointers: list(evidence),
  against: z.object({ text: evidence, pointer: evidence }).nullable(),
  marking: markingSchema.nullable().openapi({ description: 'of the record, its exhibit or the decision' }),
  withdrawn: z.boolean().openapi({ description: 'taken back by whoever said it: counts nothing' }),
});
