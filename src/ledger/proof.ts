import { WaymarkError } from '../base/errors.ts';
import { decodeBase64, maxCheckpointBytes, verifyCheckpoint } from './checkpoint.ts';
import { leafHash, maxEntryBytes, verifyInclusion } from './merkle.ts';
import type { LedgerIdentity, LedgerReader } from './reader.ts';

const header = 'c2sp.org/tlog-proof@v1';

/** An inclusion proof is never longer: sizes are below 2**53. */
const maxProofHashes = 53;

/**
 * A proof that an entry stands in the ledger, as one text that is verified offline (C2SP tlog-proof, file
 * extension `.tlog-proof`): index, inclusion proof, checkpoint. Throws WaymarkError 'usage' for an index
 * outside the ledger.
 */
export function formatProof(ledger: LedgerReader, index: number): string {
  const hashes = ledger.proveInclusion(index).map((hash) => Buffer.from(hash).toString('base64'));
  return [header, `index ${index}`, ...hashes, '', ledger.checkpoint].join('\n');
}

/**
 * Verifies such a text for the bytes of an entry, from nothing but the ledger's origin and keys. Returns the
 * place of the entry and the size of the ledger that contains it. Throws WaymarkError 'integrity', or 'usage'
 * for a malformed verification key.
 */
export function verifyProof(
  proof: string,
  entry: Uint8Array,
  { origin, vkeys }: LedgerIdentity,
): { index: number; size: number } {
  const invalid = (what: string): WaymarkError => new WaymarkError('integrity', `the proof ${what}`);
  if (proof.length > 2 * maxCheckpointBytes) throw invalid('is too long');
  if (entry.length > maxEntryBytes) throw invalid('is for something longer than an entry');
  const blank = proof.indexOf('\n\n');
  const [first, ...lines] = proof.slice(0, Math.max(0, blank)).split('\n');
  if (first !== header) throw invalid('is not in a known format');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw invalid('states no index');
  if (lines.length > maxProofHashes) throw invalid('is too long');
  const hashes = lines.map((line) => decodeBase64(line) ?? Buffer.alloc(0));
  const { size, root } = verifyCheckpoint(proof.slice(blank + 2), vkeys, origin);
  if (!verifyInclusion(leafHash(entry), Number(index), size, root, hashes)) {
    throw invalid('does not lead from the entry to the signed root');
  }
  return { index: Number(index), size };
}
