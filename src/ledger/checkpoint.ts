import { WaymarkError } from '../base/errors.ts';
import { parseVkey, type SigningKey, type VerifyingKey } from './key.ts';
import { hashBytes } from './merkle.ts';

/** What a checkpoint commits to: that the log called `origin` had these first `size` entries. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Merkle tree hash, 32 bytes. */
  readonly root: Buffer;
}

/** A checkpoint as read, before any signature was judged. */
export interface SignedCheckpoint extends Checkpoint {
  /** The signed text: everything up to and without the blank line before the signatures. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyId: Buffer; readonly bytes: Buffer }[];
}

/** Room for more than 16 post-quantum cosignatures, the least a verifier must accept. */
export const maxCheckpointBytes = 128 * 1024;

function fault(what: string): WaymarkError {
  return new WaymarkError('integrity', `the checkpoint ${what}`);
}

/** Decodes standard base64 in its one canonical spelling; null otherwise. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/**
 * A signed checkpoint (C2SP tlog-checkpoint as a signed note): origin, size, base64 root, blank line, one
 * signature line. Throws WaymarkError 'usage' for an origin that is empty or has control characters.
 */
export function signCheckpoint({ origin, size, root }: Checkpoint, key: SigningKey): string {
  if (!/^[^\p{Cc}]+$/u.test(origin)) {
    throw new WaymarkError('usage', 'the origin of a ledger is one line of text');
  }
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const signature = Buffer.concat([key.keyId, key.sign(text)]);
  return `${text}\n— ${key.name} ${signature.toString('base64')}\n`;
}

/** Takes a checkpoint apart, judging its form but no signature. Throws WaymarkError 'integrity'. */
export function parseCheckpoint(note: string): SignedCheckpoint {
  if (note.length > maxCheckpointBytes) throw fault('is too long');
  if (/[^\P{Cc}\n]/u.test(note) || !note.isWellFormed()) throw fault('has control characters');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) throw fault('has no signatures');
  const text = note.slice(0, blank + 1);
  const signatures = note
    .slice(blank + 2, -1)
    .split('\n')
    .map((line) => {
      const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
      const bytes = match && decodeBase64(match[2]!);
      if (!bytes || bytes.length < 5) throw fault('has a malformed signature line');
      return { name: match[1]!, keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
    });
  const [origin, size, root, ...more] = text.slice(0, -1).split('\n');
  if (!origin || !/^(?:0|[1-9]\d{0,15})$/.test(size ?? '') || !Number.isSafeInteger(Number(size))) {
    throw fault('does not state an origin and a size');
  }
  const rootHash = decodeBase64(root ?? '');
  if (rootHash?.length !== hashBytes) throw fault('does not state a root hash');
  if (more.includes('')) throw fault('has an empty line in its text');
  return { origin, size: Number(size), root: rootHash, text, signatures };
}

/**
 * Judges the signatures as C2SP signed-note demands: those of unknown keys are ignored, one bad signature of
 * a known key rejects the whole, and at least one known key must have signed. Throws WaymarkError 'integrity'.
 */
export function verifySignatures(checkpoint: SignedCheckpoint, keys: readonly VerifyingKey[]): void {
  let verified = 0;
  for (const signature of checkpoint.signatures) {
    const key = keys.find((each) => each.name === signature.name && each.keyId.equals(signature.keyId));
    if (key === undefined) continue;
    if (!key.verifies(checkpoint.text, signature.bytes)) throw fault('has a signature that does not verify');
    verified++;
  }
  if (verified === 0) throw fault('is not signed by a known key');
}

/**
 * Reads a checkpoint and judges it: form, signature by one of `vkeys`, origin.
 * Throws WaymarkError 'integrity', or 'usage' for a malformed verification key.
 */
export function verifyCheckpoint(note: string, vkeys: readonly string[], origin: string): SignedCheckpoint {
  const keys = vkeys.map(parseVkey);
  const checkpoint = parseCheckpoint(note);
  verifySignatures(checkpoint, keys);
  if (checkpoint.origin !== origin) throw fault('belongs to another ledger');
  return checkpoint;
}
