import { WaymarkError } from '../base/errors.ts';
import { decodeBase64, maxCheckpointBytes } from './checkpoint.ts';
import { hashBytes } from './merkle.ts';
import type { LedgerReader } from './reader.ts';

/** A consistency proof is never longer (C2SP tlog-witness). */
const maxProofHashes = 63;

/** What is carried to a witness: a checkpoint, and the proof that it extends the last one cosigned. */
export interface Offer {
  /** Size of the checkpoint that the witness cosigned last; 0 for none. */
  readonly old: number;
  readonly proof: readonly Buffer[];
  /** The checkpoint, as a signed note. */
  readonly note: string;
}

/**
 * An offer as text: the body of a C2SP tlog-witness `add-checkpoint` request, so that any witness of that
 * specification can be asked. Throws WaymarkError 'usage' for a size outside the ledger.
 */
export function formatOffer(ledger: LedgerReader, old: number): string {
  const proof = ledger.proveConsistency(old).map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `old ${old}\n${proof.join('')}\n${ledger.checkpoint}`;
}

/** Takes an offer apart, judging its form only. Throws WaymarkError 'unreadable'. */
export function parseOffer(text: string): Offer {
  const broken = (what: string) =>
    new WaymarkError('unreadable', `the offer ${what}`, {
      remedy: 'Make it again with "ledger offer" and carry it over unchanged.',
    });
  if (text.length > 2 * maxCheckpointBytes) throw broken('is too long');
  const blank = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(0, blank)).split('\n');
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first!)?.[1];
  if (old === undefined || !Number.isSafeInteger(Number(old))) throw broken('states no earlier size');
  if (lines.length > maxProofHashes) throw broken('holds too many hashes');
  const proof = lines.map((line) => decodeBase64(line));
  if (!proof.every((hash) => hash?.length === hashBytes)) throw broken('holds what is no hash');
  return { old: Number(old), proof: proof as Buffer[], note: text.slice(blank + 2) };
}
