import { csvCell } from '../base/csv.ts';
import { WaymarkError } from '../base/errors.ts';
import { saltedDigest } from '../ledger/entry.ts';
import type { LedgerEntry } from '../ledger/reader.ts';
import type { ActNote, Operation } from '../store/operation.ts';
import { readVouchers, type Vouchers } from './witnesses.ts';

/** The processing operations that Directive (EU) 2016/680, Art. 25 wants logged, and all that is none of them. */
export const processing = [
  'collection',
  'alteration',
  'consultation',
  'disclosure',
  'combination',
  'erasure',
  'administration',
  'other',
] as const;
export type Processing = (typeof processing)[number];

/** First words of actions, the longest that fits counts. What is in no list is "other", and shown. */
const classes: Readonly<Record<string, Processing>> = {
  'exhibit.receive': 'collection',
  'exhibit.receive-again': 'collection',
  'exhibit.read': 'collection',
  'package.receive': 'collection',
  decision: 'alteration',
  'exhibit.exclude': 'alteration',
  'exhibit.include': 'alteration',
  'exhibit.changes': 'alteration',
  'retention.keep': 'alteration',
  source: 'consultation',
  person: 'consultation',
  search: 'consultation',
  'package.create': 'disclosure',
  'decision.export': 'disclosure',
  export: 'disclosure',
  generation: 'combination',
  'exhibit.erase': 'erasure',
  'backup.destroy': 'erasure',
  'decision.policy': 'administration',
  'decision.rules': 'administration',
  'decision.request': 'administration',
  'decision.answer': 'administration',
  'decision.carried-out': 'administration',
  'retention.adopt': 'administration',
  backup: 'administration',
  ledger: 'administration',
  partner: 'administration',
  user: 'administration',
  session: 'administration',
  login: 'administration',
  operation: 'administration',
};

export function processingOf(action: string): Processing {
  for (let words = action; words !== ''; words = words.slice(0, Math.max(0, words.lastIndexOf('.')))) {
    if (Object.hasOwn(classes, words)) return classes[words]!;
  }
  return 'other';
}

/**
 * Whether what is told of an act is what the ledger holds: `proved` by its digest, `changed` where it differs,
 * `erased` where what was told is gone, `none` where the act has nothing beside the ledger.
 */
export type NoteStanding = 'proved' | 'changed' | 'erased' | 'none';

/** One act, as an inspector reads it. */
export interface AccountLine {
  /** Place in the ledger. */
  readonly index: number;
  readonly time: string;
  readonly processing: Processing;
  readonly action: string;
  /** Who acted. */
  readonly actor: string;
  readonly objects: readonly string[];
  /** Why; null where nobody said. */
  readonly justification: string | null;
  readonly recipients: readonly string[];
  /** Case content that the act was about: accounts, source pointers. */
  readonly about: readonly string[];
  readonly facts: Readonly<Record<string, string | number>>;
  readonly note: NoteStanding;
}

export interface AccountabilityReport {
  readonly origin: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Entries of the ledger, and how many of them stand in the report. */
  readonly entries: number;
  readonly reported: number;
  readonly root: string;
  /** Number of acts of each class; together `reported`. */
  readonly counts: Readonly<Record<Processing, number>>;
  /** Acts of consultation and disclosure that state no justification. */
  readonly unjustified: number;
  /** Acts whose words differ from what the ledger holds of them. */
  readonly changed: number;
  readonly vouchers: Vouchers;
}

/** A span of time; both ends are UTC times or days, `from` included, `to` excluded. */
export interface Span {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * What was done in an operation, from its ledger, with the justifications kept beside it and held to the digests in
 * the ledger. Lines come one by one: a ledger may be long. Throws WaymarkError 'usage', 'integrity'.
 */
export function* accountLines(operation: Operation, span: Span): Generator<AccountLine> {
  const [from, to] = [boundOf(span.from), boundOf(span.to)];
  for (const entry of operation.readLedger().entries()) {
    const at = Date.parse(entry.entry.time);
    if ((from === null || at >= from) && (to === null || at < to)) yield lineOf(operation, entry);
  }
}

function boundOf(bound: string | null): number | null {
  if (bound === null) return null;
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z)?$/.test(bound)
    ? Date.parse(bound)
    : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new WaymarkError('usage', `"${bound}" is no time`, {
    remedy: 'Write a day, 2026-01-31, or a UTC time, 2026-01-31T09:30:00Z.',
  });
}

function lineOf(operation: Operation, { index, entry }: LedgerEntry): AccountLine {
  const { act, note: digest, ...facts } = entry.facts;
  const kept = operation.state.one<{ salt: string; note: string }>(
    'select salt, note from act_note where act = $act',
    { act: Number(act ?? -1) },
  );
  const standing = standingOf(digest, kept);
  const told = standing === 'proved' || standing === 'changed' ? (JSON.parse(kept!.note) as ActNote) : {};
  return {
    index,
    time: entry.time,
    processing: processingOf(entry.action),
    action: entry.action,
    actor: entry.actor,
    objects: entry.objects,
    justification: told.reason ?? null,
    recipients: told.recipients ?? [],
    about: told.about ?? [],
    facts,
    note: standing,
  };
}

function standingOf(
  digest: string | number | undefined,
  kept: { readonly salt: string; readonly note: string } | undefined,
): NoteStanding {
  if (digest === undefined) return 'none';
  if (kept === undefined) return 'erased';
  return saltedDigest(Buffer.from(kept.salt, 'hex'), kept.note) === digest ? 'proved' : 'changed';
}

/** The head of the report: counts that add up, and what vouches for the ledger. */
export async function accountabilityReport(operation: Operation, span: Span): Promise<AccountabilityReport> {
  const counts = Object.fromEntries(processing.map((each) => [each, 0])) as Record<Processing, number>;
  let [reported, unjustified, changed] = [0, 0, 0];
  for (const line of accountLines(operation, span)) {
    reported++;
    counts[line.processing]++;
    if (line.note === 'changed') changed++;
    const needsReason = line.processing === 'consultation' || line.processing === 'disclosure';
    if (needsReason && line.justification === null) unjustified++;
  }
  const ledger = operation.readLedger();
  return {
    origin: ledger.origin,
    ...span,
    entries: ledger.size,
    reported,
    root: ledger.root.toString('hex'),
    counts,
    unjustified,
    changed,
    vouchers: await readVouchers(operation),
  };
}

const columns = [
  'entry',
  'time',
  'processing',
  'action',
  'actor',
  'objects',
  'justification',
  'recipients',
  'about',
  'facts',
  'words',
] as const;

/** The report as CSV (RFC 4180), heading first, a piece for each line. */
export function* accountCsv(operation: Operation, span: Span): Generator<string> {
  yield `${columns.join(',')}\r\n`;
  for (const line of accountLines(operation, span)) {
    const cells = [
      line.index,
      line.time,
      line.processing,
      line.action,
      line.actor,
      line.objects.join(' '),
      line.justification,
      line.recipients.join('; '),
      line.about.join(' '),
      Object.entries(line.facts)
        .map(([name, fact]) => `${name}=${fact}`)
        .join(' '),
      line.note,
    ];
    yield `${cells.map(csvCell).join(',')}\r\n`;
  }
}
