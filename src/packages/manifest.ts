import { type Tlp, tlpLabels } from '../access/grading.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';

export const manifestFormat = 'waymark-package/1';

export interface Addressee {
  readonly name: string;
  /** Age recipient. */
  readonly recipient: string;
  readonly fingerprint: string;
}

export interface PackedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
  readonly about: string;
}

/** The marking of an exhibit, a record (by its pointer) or a decision (by its number) that a package rests on. */
export interface PackedMarking {
  readonly what: 'exhibit' | 'record' | 'decision';
  readonly id: string;
  readonly grade: string | null;
  readonly tlp: Tlp | null;
  readonly note: string | null;
}

/** What a package says of itself; the text that is signed. */
export interface Manifest {
  readonly format: typeof manifestFormat;
  /** First 32 hex digits of the hash of the rest: no two packages have the same. */
  readonly id: string;
  /** UTC time of making it. */
  readonly created: string;
  readonly from: { readonly origin: string; readonly vkey: string; readonly author: string };
  /** Named under the signature, so that a recipient cannot pass it on as meant for others. */
  readonly to: readonly Addressee[];
  readonly purpose: string;
  /** How far the package may go on. */
  readonly tlp: Tlp;
  readonly generation: string;
  readonly persons: number;
  /** Under which authority each exhibit that is cited was obtained. */
  readonly exhibits: readonly {
    readonly exhibit: string;
    readonly sha256: string;
    readonly authority: string | null;
    readonly reference: string | null;
  }[];
  readonly files: readonly PackedFile[];
  /** How what it holds was graded and may be handled. */
  readonly markings?: readonly PackedMarking[];
  /** What was left out, and why: nothing is left out silently. */
  readonly withheld: readonly { readonly what: string; readonly count: number; readonly why: string }[];
}

/** Completes a manifest with its id. */
export function nameManifest(parts: Omit<Manifest, 'format' | 'id'>): Manifest {
  const rest = { format: manifestFormat, ...parts } as const;
  return { ...rest, id: sha256Hex(canonicalJson(rest)).slice(0, 32) };
}

/** The manifest in a signed payload. Throws WaymarkError 'integrity' unless every part is as it must be. */
export function parseManifest(payload: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    value = null;
  }
  if (!isManifest(value)) throw broken('is not one of this version');
  const { id, ...rest } = value;
  if (sha256Hex(canonicalJson(rest)).slice(0, 32) !== id) throw broken('does not carry its own id');
  return value;
}

function broken(what: string): WaymarkError {
  return new WaymarkError('integrity', `the package's manifest ${what}`, {
    where: 'envelope.json',
    remedy: 'Open it with the Waymark that wrote it, or a later one.',
  });
}

const text = (value: unknown): value is string => typeof value === 'string';
const textOrNull = (value: unknown) => value === null || text(value);
const count = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

function isManifest(value: unknown): value is Manifest {
  const all = (list: unknown, judge: (item: Record<string, unknown>) => boolean) =>
    Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null && judge(item));
  if (typeof value !== 'object' || value === null) return false;
  const m = value as Record<string, unknown>;
  const from = m.from as Record<string, unknown> | null;
  return (
    m.format === manifestFormat &&
    [m.id, m.created, m.purpose, m.generation].every(text) &&
    typeof from === 'object' &&
    from !== null &&
    [from.origin, from.vkey, from.author].every(text) &&
    (tlpLabels as readonly unknown[]).includes(m.tlp) &&
    count(m.persons) &&
    all(m.to, (each) => [each.name, each.recipient, each.fingerprint].every(text)) &&
    all(
      m.exhibits,
      (each) => [each.exhibit, each.sha256].every(text) && [each.authority, each.reference].every(textOrNull),
    ) &&
    all(
      m.files,
      (each) => [each.path, each.sha256, each.about].every(text) && [each.bytes, each.rows].every(count),
    ) &&
    (m.markings === undefined ||
      all(
        m.markings,
        (each) => [each.what, each.id].every(text) && [each.grade, each.tlp, each.note].every(textOrNull),
      )) &&
    all(m.withheld, (each) => [each.what, each.why].every(text) && count(each.count))
  );
}
