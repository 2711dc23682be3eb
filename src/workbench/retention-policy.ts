import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import { categories } from '../persons/decision-kinds.ts';

/**
 * How long what is kept, as data: for each kind of thing and each category of person (LED Art. 6) a number of years
 * after which a human must look at it. Nothing is ever erased by a policy.
 */
export const retainedKinds = ['exhibit', 'person'] as const;
export type RetainedKind = (typeof retainedKinds)[number];

const rule = z.strictObject({
  kind: z.enum(retainedKinds),
  category: z.enum(categories),
  /** Counted from the day an exhibit was received, or a person was last decided on. */
  years: z.number().int().min(0).max(150),
});

const policySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  version: z.number().int().min(1).max(1_000_000),
  about: z.string().trim().max(4000),
  rules: z.array(rule).min(1).max(100),
});

export type RetentionPolicy = z.output<typeof policySchema>;

const maxBytes = 60_000;

/** Reads a policy (YAML 1.2). Throws WaymarkError 'usage' naming what is wrong and where. */
export function readPolicy(text: string): RetentionPolicy {
  if (Buffer.byteLength(text) > maxBytes) throw fault(`it has more than ${maxBytes} bytes`);
  const document = parseDocument(text, { schema: 'core', version: '1.2', uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw fault(error.message.split('\n')[0]!);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    throw fault('it has aliases, which a policy needs none of');
  }
  const result = policySchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw fault(`${issue.path.join('.') || 'the file'}: ${issue.message}`);
  }
  const policy = result.data;
  for (const kind of retainedKinds)
    for (const category of categories) {
      const found = policy.rules.filter((each) => each.kind === kind && each.category === category);
      if (found.length !== 1) {
        throw fault(`it has ${found.length} rules instead of one for the ${kind} of a ${category}`);
      }
    }
  return policy;
}

function fault(what: string): WaymarkError {
  return new WaymarkError('usage', `this is no retention policy: ${what}`, {
    remedy: 'Start from "retention show --text", which prints the one in force.',
  });
}

export function policyDigest(policy: RetentionPolicy): string {
  return sha256Hex(canonicalJson(policy));
}

/** Years that a policy states. It has exactly one rule for each. */
export function yearsOf(policy: RetentionPolicy, kind: RetainedKind, category: string): number {
  return policy.rules.find((each) => each.kind === kind && each.category === category)!.years;
}

/** The policy that Waymark brings: an example, and no law. */
export const broughtPolicyText = fs.readFileSync(
  path.join(import.meta.dirname, 'retention', 'example.yaml'),
  'utf8',
);
