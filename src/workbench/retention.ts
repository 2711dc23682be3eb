import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import { lakeSchema } from '../evidence/lake-schema.ts';
import { listExhibits } from '../intake/exhibits.ts';
import { accountCategories } from '../persons/decisions.ts';
import { openLake } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import { exhibitsOfAccounts } from '../store/queries/erasure.ts';
import { decisionsInForce } from './decided.ts';
import {
  broughtPolicyText,
  policyDigest,
  type RetainedKind,
  type RetentionPolicy,
  readPolicy,
  yearsOf,
} from './retention-policy.ts';

const setting = 'retention policy';
const unclassified = 'unclassified contact';

export interface PolicyView {
  readonly policy: RetentionPolicy;
  readonly digest: string;
  readonly text: string;
  /** False for the example that Waymark brings. */
  readonly adopted: boolean;
}

export function showPolicy(operation: Operation): PolicyView {
  const kept = operation.state.one<{ value: string }>('select value from setting where name = $setting', {
    setting,
  });
  const text = kept?.value ?? broughtPolicyText;
  const policy = readPolicy(text);
  return { policy, digest: policyDigest(policy), text, adopted: kept !== undefined };
}

/** Adopts a policy. Throws WaymarkError 'usage' for what is none, or without a reason. */
export async function adoptPolicy(operation: Operation, text: string, reason: string): Promise<PolicyView> {
  assertReason(reason);
  const policy = readPolicy(text);
  const facts = { digest: policyDigest(policy), version: policy.version };
  await operation.exclusively(async () => {
    operation.record({ action: 'retention.adopt', objects: [], facts, note: { reason, what: text } }, () => {
      operation.state.run('insert or replace into setting (name, value) values ($setting, $text)', {
        setting,
        text,
      });
    });
  });
  return showPolicy(operation);
}

/** Something that a human must look at, by the policy in force. */
export interface DueLine {
  readonly kind: RetainedKind;
  /** Exhibit id, or the account by which a person is told. */
  readonly id: string;
  /** Accounts of the person; empty for an exhibit. */
  readonly accounts: readonly string[];
  /** The category that keeps it longest. */
  readonly category: string;
  /** Day from which the years count. */
  readonly since: string;
  readonly years: number;
  /** Day on which it is due. */
  readonly due: string;
  /** The review that put it off, or null. */
  readonly review: { readonly until: string; readonly reason: string; readonly author: string } | null;
}

export interface DueView {
  readonly policy: string;
  readonly version: number;
  readonly by: string;
  /** Due on `by` or before, the longest overdue first. */
  readonly due: readonly DueLine[];
  /** Things that are not due yet. */
  readonly later: number;
}

/** What is due for review on a day (`by`, ISO 8601 date): exhibits, and persons whom somebody decided on. */
export async function listDue(operation: Operation, by: string): Promise<DueView> {
  assertDay(by);
  const { policy } = showPolicy(operation);
  const all = [...(await exhibitLines(operation, policy)), ...personLines(operation, policy)];
  const due = all
    .filter((line) => line.due <= by)
    .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : a.id < b.id ? -1 : 1));
  return { policy: policy.name, version: policy.version, by, due, later: all.length - due.length };
}

async function exhibitLines(operation: Operation, policy: RetentionPolicy): Promise<DueLine[]> {
  const received = receivedDays(operation);
  const categories = accountCategories(decisionsInForce(operation));
  const found = new Map<string, Set<string>>();
  if (categories.size > 0) {
    const engine = await openLake(operation, lakeSchema);
    try {
      const rows = await engine.rows<{ exhibit: string; account: string }>(exhibitsOfAccounts, {
        accounts: [...categories.keys()].sort(),
      });
      for (const { exhibit, account } of rows)
        found.set(exhibit, (found.get(exhibit) ?? new Set<string>()).add(categories.get(account)!));
    } finally {
      engine.close();
    }
  }
  return listExhibits(operation).map(({ id }) => {
    const since = received.get(id) ?? '1970-01-01';
    return lineOf(operation, policy, 'exhibit', id, [], [...(found.get(id) ?? []), unclassified], since);
  });
}

/** Persons whom somebody put into a category, told by their accounts as they were then. */
function personLines(operation: Operation, policy: RetentionPolicy): DueLine[] {
  const decisions = decisionsInForce(operation);
  const categories = accountCategories(decisions);
  const lines = new Map<string, DueLine>();
  for (const { kind, subject, time } of decisions) {
    if (kind !== 'category' || subject.every((account) => account === 'erased')) continue;
    const accounts = [...subject].sort();
    const held = accounts.map((account) => categories.get(account) ?? unclassified);
    const line = lineOf(operation, policy, 'person', accounts[0]!, accounts, held, time.slice(0, 10));
    lines.set(canonicalJson(accounts), line);
  }
  return [...lines.values()];
}

function lineOf(
  operation: Operation,
  policy: RetentionPolicy,
  kind: RetainedKind,
  id: string,
  accounts: readonly string[],
  categories: readonly string[],
  since: string,
): DueLine {
  const longest = [...new Set(categories)]
    .sort()
    .reduce((a, b) => (yearsOf(policy, kind, b) > yearsOf(policy, kind, a) ? b : a));
  const years = yearsOf(policy, kind, longest);
  const review = latestReview(operation, kind, id);
  const due = [addYears(since, years), review?.until ?? ''].sort().at(-1)!;
  return { kind, id, accounts, category: longest, since, years, due, review };
}

function latestReview(operation: Operation, kind: RetainedKind, id: string): DueLine['review'] {
  return (
    operation.state.one<{ until: string; reason: string; author: string }>(
      `select until, reason, author from retention_review where kind = $kind and id = $id and outcome = 'keep'
       order by sequence desc limit 1`,
      { kind, id },
    ) ?? null
  );
}

/** The day on which each exhibit was first received, from the ledger. */
function receivedDays(operation: Operation): Map<string, string> {
  const days = new Map<string, string>();
  for (const { entry } of operation.readLedger().entries()) {
    const [id] = entry.objects;
    if (entry.action === 'exhibit.receive' && id !== undefined) days.set(id, entry.time.slice(0, 10));
  }
  return days;
}

/** The same day so many years later; the 29th of February becomes the 1st of March. */
function addYears(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}

/**
 * Records that something due was looked at and is kept until a later day. Throws WaymarkError 'usage' without a
 * reason or for a day that is none, 'not-found' for what the queue does not know.
 */
export async function keepLonger(
  operation: Operation,
  id: string,
  until: string,
  reason: string,
): Promise<DueLine> {
  assertReason(reason);
  assertDay(until);
  const { due } = await listDue(operation, '9999-12-31');
  const line = due.find((each) => each.id === id || each.accounts.includes(id));
  if (!line) {
    throw new WaymarkError('not-found', `nothing called "${id}" is retained by the policy`, {
      remedy: '"retention due --by 2999-12-31" lists everything.',
    });
  }
  const objects = line.kind === 'exhibit' ? [line.id] : [];
  const note = { reason, about: line.kind === 'exhibit' ? [line.id] : line.accounts };
  await operation.exclusively(async () => {
    operation.record({ action: 'retention.keep', objects, facts: { until, kind: line.kind }, note }, () => {
      operation.state.run(
        `insert into retention_review (kind, id, accounts, outcome, until, reason, author, time)
         values ($kind, $id, $accounts, 'keep', $until, $reason, $author, $time)`,
        {
          kind: line.kind,
          id: line.id,
          accounts: line.kind === 'exhibit' ? null : canonicalJson(line.accounts),
          until,
          reason,
          author: operation.actor,
          time: operation.time(),
        },
      );
    });
  });
  return {
    ...line,
    due: until > line.due ? until : line.due,
    review: { until, reason, author: operation.actor },
  };
}

function assertReason(reason: string): void {
  if (reason.trim() === '') throw new WaymarkError('usage', 'a reason is needed');
}

function assertDay(day: string): void {
  const date = new Date(`${day}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day))
    return;
  throw new WaymarkError('usage', `"${day}" is no day`, { remedy: 'Write it as 2026-01-31.' });
}
