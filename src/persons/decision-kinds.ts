import { z } from 'zod';
import { authorityTerms } from '../access/authority.ts';
import { checkMarking, type Marking, tlpLabels } from '../access/grading.ts';
import { WaymarkError } from '../base/errors.ts';

/**
 * What a human can decide: a closed list of kinds, and for each kind what it is about (`subject`), what was
 * decided (`value`) and what further facts belong to it (`details`). Accounts stand as subjects, never persons:
 * persons are formed anew by each build, accounts stay.
 */
export const reviewOutcomes = ['reviewed', 'referred', 'cleared', 'no action'] as const;

/** LED Art. 6. Everyone is the first until a human says otherwise. */
export const categories = [
  'unclassified contact',
  'suspect',
  'convicted',
  'victim',
  'witness or other',
] as const;
export type Category = (typeof categories)[number];

export const childStates = ['indicated', 'located', 'referred', 'safeguarded'] as const;
export type ChildState = (typeof childStates)[number];
/** Most urgent first. */
export const urgencies = ['immediate', 'urgent', 'standard'] as const;
export type Urgency = (typeof urgencies)[number];

/** What two people must want where the operation says so. */
export const twoPersonActs = ['export', 'erasure'] as const;
export type TwoPersonAct = (typeof twoPersonActs)[number];

export const outcomeKinds = ['arrest', 'charge', 'conviction', 'referral', 'child safeguarded'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

export const gradedThings = ['exhibit', 'record', 'decision'] as const;

/** What an officer may put beside a record or a person, to find it again. It bears on no rank and no link. */
export const noteKinds = ['star', 'tag', 'comment'] as const;
export type NoteKind = (typeof noteKinds)[number];
export const notedThings = ['record', 'person'] as const;
export type NotedThing = (typeof notedThings)[number];

/** Figures that an operation sets for itself, with what stands until it does. */
export const policies = {
  'days until a cleared person is due for erasure': { least: 0, most: 36_500, otherwise: 90 },
  /** 1 where a text may not be opened without saying why. */
  'reasons needed to open a text': { least: 0, most: 1, otherwise: 0 },
  /** 2 where a second person must confirm it with a key of their own. */
  'persons needed to open a text': { least: 1, most: 2, otherwise: 1 },
  /** 2 where data leaves only after a second person approved it; until it is set, 2 where there are users. */
  'persons needed to export': { least: 1, most: 2, otherwise: 1 },
  'persons needed to erase': { least: 1, most: 2, otherwise: 1 },
  /** 1 where an exhibit is opened only under an authority that is recorded, with its scope and dates. */
  'recorded authorities needed': { least: 0, most: 1, otherwise: 0 },
  /** 1 (United States) where files that a provider did not look at stay closed until an authority covers them. */
  'files not viewed by the provider are locked': { least: 0, most: 1, otherwise: 0 },
} as const;
export type PolicyName = keyof typeof policies;

const text = z.string().trim().min(1).max(2000);
const name = z.string().trim().min(1).max(200);
const country = z.string().regex(/^[A-Z]{2}$/, 'a country has two capital letters (ISO 3166-1)');
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written 2026-01-31')
  .refine((day) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day), {
    message: 'there is no such day',
  });

/** How an act was graded and may be handled; part of the details of any kind. */
const marking = z
  .strictObject({
    grade: z.string().optional(),
    tlp: z.enum(tlpLabels).optional(),
    note: z.string().max(500).optional(),
  })
  .optional();

interface Kind {
  readonly subject: z.ZodType<readonly string[]>;
  readonly value: z.ZodType<string>;
  readonly details: z.ZodObject;
}

const accounts = z.array(text).min(1);
const one = z.array(text).length(1);
const person = z.string().optional();

export const decisionKinds = {
  /** Two accounts are one person, or not. */
  link: {
    subject: z.array(text).length(2),
    value: z.enum(['same', 'different', 'unsure', 'undone']),
    details: z.strictObject({ marking }),
  },
  /** An account, and what an officer answers for. */
  fact: { subject: one, value: text, details: z.strictObject({ marking }) },
  /** An account, and the result of an accredited tool that somebody else ran. */
  'risk assessment': {
    subject: one,
    value: name,
    details: z.strictObject({ tool: name, version: name, assessor: name, marking }),
  },
  /** The accounts of a person as they were then, and what was found on looking at it. */
  review: {
    subject: accounts,
    value: z.enum(reviewOutcomes),
    details: z.strictObject({
      person,
      generation: z.string().optional(),
      rank: z.number().nullable().optional(),
      /** Whether the person stood in the random sample at that time. */
      audit: z.boolean().optional(),
      marking,
    }),
  },
  category: { subject: accounts, value: z.enum(categories), details: z.strictObject({ person, marking }) },
  outcome: {
    subject: accounts,
    value: z.enum(outcomeKinds),
    /** `case`: the child's number; a child safeguarded cannot be counted without. */
    details: z.strictObject({ person, country, agency: name, date, case: name.optional(), marking }),
  },
  /** A case number: the child is put on the list, or gets a further link. */
  child: {
    subject: one,
    value: z.literal('listed'),
    details: z.strictObject({
      country: country.optional(),
      accounts: z.array(text).optional(),
      marking,
    }),
  },
  'child state': {
    subject: one,
    value: z.enum(childStates),
    details: z.strictObject({ agency: name, date: date.optional(), marking }),
  },
  'child urgency': { subject: one, value: z.enum(urgencies), details: z.strictObject({ marking }) },
  /** Who owns the next step. */
  'child owner': {
    subject: one,
    value: name,
    details: z.strictObject({ agency: name.optional(), step: z.string().max(500).optional(), marking }),
  },
  /** A thing (exhibit id, source pointer, number of a decision) and how it is graded. */
  grade: {
    subject: z.tuple([z.enum(gradedThings), text]),
    value: text,
    details: z.strictObject({ marking }),
  },
  /** A record (its pointer) or a person (the accounts of then), and the star, tag or comment put beside it. */
  note: {
    subject: z.tuple([z.enum(notedThings), z.string().min(1).max(8192)], text),
    value: z.enum(noteKinds),
    details: z.strictObject({ tag: z.string().trim().min(1).max(60).optional(), person, marking }),
  },
  /** The rules from the next build on; the value is the digest of the canonical text. */
  rules: {
    subject: z.array(text).length(0),
    value: z.string().regex(/^[0-9a-f]{64}$/),
    details: z.strictObject({ name, version: z.number().int(), text: z.string().max(60_000) }),
  },
  policy: {
    subject: z.tuple([z.enum(Object.keys(policies) as [PolicyName])]),
    value: z.string().regex(/^\d{1,6}$/, 'a whole number is needed'),
    details: z.strictObject({}),
  },
  /** The legal basis under which exhibits were obtained, by its reference: what it covers, and until when. */
  authority: {
    subject: one,
    value: z.enum(['recorded', 'withdrawn', 'expired']),
    details: z.strictObject({ terms: authorityTerms.optional(), marking }),
  },
  /** An act that two people must want, and what exactly it is done to. */
  request: {
    subject: z.array(text).min(1),
    value: z.enum(twoPersonActs),
    details: z.strictObject({}),
  },
  /** The number of a request, and what a second person says to it. */
  answer: {
    subject: z.tuple([z.string().regex(/^\d{1,9}$/)]),
    value: z.enum(['approved', 'refused']),
    details: z.strictObject({}),
  },
  /** What left the operation (a table, a format), and for which purpose. */
  export: {
    subject: z.array(text).min(1),
    value: text,
    details: z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      persons: z.number().int(),
      /** Who permitted it, where handling codes ask for that. */
      permission: text.optional(),
    }),
  },
  /** The number of an approved request that was carried out. */
  'carried out': {
    subject: z.tuple([z.string().regex(/^\d{1,9}$/)]),
    value: z.literal('done'),
    details: z.strictObject({}),
  },
  /** The number of a decision that is taken back. */
  undo: {
    subject: z.tuple([z.string().regex(/^\d{1,9}$/)]),
    value: z.literal('undone'),
    details: z.strictObject({}),
  },
} as const satisfies Record<string, Kind>;

export type DecisionKind = keyof typeof decisionKinds;
export type DetailsOf<K extends DecisionKind> = z.output<(typeof decisionKinds)[K]['details']>;

export interface Checked {
  readonly subject: string[];
  readonly value: string;
  /** Null where there is nothing to say. */
  readonly details: Record<string, unknown> | null;
}

/** A decision as it will be kept. Throws WaymarkError 'usage' naming the part that is wrong. */
export function checkDecision(
  kind: DecisionKind,
  subject: readonly string[],
  value: string,
  details: Readonly<Record<string, unknown>>,
): Checked {
  if (!Object.hasOwn(decisionKinds, kind)) {
    throw new WaymarkError('usage', `"${kind}" is no kind of decision`, {
      remedy: `The kinds are ${Object.keys(decisionKinds).join(', ')}.`,
    });
  }
  const shape: Kind = decisionKinds[kind];
  const checked = {
    subject: part(kind, 'subject', shape.subject, subject),
    value: part(kind, 'value', shape.value, value),
    details: part(kind, 'details', shape.details, details) as Record<string, unknown>,
  };
  if (kind === 'outcome' && checked.value === 'child safeguarded' && checked.details.case === undefined) {
    throw new WaymarkError('usage', 'a child safeguarded needs its case number', {
      remedy: 'Name it with --case, so that no child is counted twice.',
    });
  }
  if (kind === 'note' && (checked.value === 'tag') !== (checked.details.tag !== undefined)) {
    throw new WaymarkError('usage', 'a tag needs its word, and only a tag has one');
  }
  if (kind === 'policy') checkPolicy(checked.subject[0] as PolicyName, checked.value);
  const kept = withMarking(checked.details);
  if (kind === 'grade') checkGrade(kept?.marking as Marking | undefined);
  return {
    subject: kind === 'link' ? [...checked.subject].sort() : [...checked.subject],
    value: checked.value,
    details: kept,
  };
}

function part<T>(kind: string, named: string, shape: z.ZodType<T>, given: unknown): T {
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const at = [named, ...issue.path].join('.');
  throw new WaymarkError('usage', `a decision of the kind "${kind}" cannot be kept: ${at}: ${issue.message}`);
}

function withMarking(details: Record<string, unknown>): Record<string, unknown> | null {
  const marking = checkMarking((details.marking ?? {}) as Marking);
  const kept = Object.fromEntries(
    Object.entries({ ...details, marking: marking ?? undefined }).filter(([, item]) => item !== undefined),
  );
  return Object.keys(kept).length === 0 ? null : kept;
}

function checkPolicy(policy: PolicyName, value: string): void {
  const { least, most } = policies[policy];
  if (Number(value) >= least && Number(value) <= most) return;
  throw new WaymarkError('usage', `"${policy}" takes a number from ${least} to ${most}`);
}

function checkGrade(marking: Marking | undefined): void {
  if (marking?.grade !== undefined || marking?.tlp !== undefined) return;
  throw new WaymarkError('usage', 'nothing says how it is graded', {
    remedy: 'State a grade ("3x5x2 2BP", "4x4 B2 H0"), a TLP label, or both.',
  });
}
