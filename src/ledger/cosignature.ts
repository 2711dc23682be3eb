import { WaymarkError } from '../base/errors.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { SigningKey, VerifyingKey } from './key.ts';

/** Who cosigned a checkpoint, and when (C2SP tlog-cosignature, `cosignature/v1`). */
export interface Cosignature {
  readonly witness: string;
  /** First four bytes of the hash of the witness's key, in hex. */
  readonly keyId: string;
  /** Unix time in seconds, by the witness's clock. */
  readonly seconds: number;
}

const timeBytes = 8;
const signatureBytes = 64;

/** What a witness signs: never the checkpoint alone, so that its key can sign nothing in a log's name. */
function cosignedText(text: string, seconds: number): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}

/**
 * The signature line of a witness for a checkpoint. Throws WaymarkError 'usage' for a time that is not whole
 * seconds after 1970.
 */
export function cosign(checkpoint: SignedCheckpoint, key: SigningKey, seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds <= 0) {
    throw new WaymarkError('usage', 'the time of a cosignature is whole seconds after 1970');
  }
  const time = Buffer.alloc(timeBytes);
  time.writeBigUInt64BE(BigInt(seconds));
  const signature = key.sign(cosignedText(checkpoint.text, seconds));
  return `— ${key.name} ${Buffer.concat([key.keyId, time, signature]).toString('base64')}\n`;
}

/**
 * The cosignatures of known witnesses, in the order in which they stand. Lines of others are ignored. Throws
 * WaymarkError 'integrity' where a known witness's does not verify.
 */
export function verifyCosignatures(
  checkpoint: SignedCheckpoint,
  witnesses: readonly VerifyingKey[],
): Cosignature[] {
  const found: Cosignature[] = [];
  for (const { name, keyId, bytes } of checkpoint.signatures) {
    const key = witnesses.find((each) => each.name === name && each.keyId.equals(keyId));
    if (key === undefined) continue;
    const seconds = bytes.length === timeBytes + signatureBytes ? Number(bytes.readBigUInt64BE()) : 0;
    if (seconds === 0 || !key.verifies(cosignedText(checkpoint.text, seconds), bytes.subarray(timeBytes))) {
      throw new WaymarkError('integrity', 'the checkpoint has a cosignature that does not verify', {
        where: name,
        remedy: 'Ask the witness for the file again; do not rely on this one.',
      });
    }
    found.push({ witness: name, keyId: keyId.toString('hex'), seconds });
  }
  return found;
}
