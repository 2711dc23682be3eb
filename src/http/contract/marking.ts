import { z } from '@hono/zod-openapi';
import { tlpLabels } from '../../access/grading.ts';
import { evidence, markingSchema } from './fields.ts';

/** What an officer may state of grading with an act. */
export const markingBody = {
  grade: z.string().max(40).optional(),
  tlp: z.enum(tlpLabels).optional(),
  note: z.string().trim().max(500).optional().openapi({ description: 'needed with codes C and H3' }),
};

/** A reason that an officer gives: it is what a court will read. */
export const reasonText = z.string().trim().min(1, 'a reason is needed').max(2000);

/** Who decided, when and why. */
export const actSchema = z.object({
  sequence: z.number().openapi({ description: 'number of the decision' }),
  author: evidence,
  time: z.string(),
  reason: evidence,
  marking: markingSchema.nullable(),
});

export const recordedSchema = z.object({ sequence: z.number() }).openapi('Recorded');
