import { WaymarkError } from '../base/errors.ts';
import { decodeBase64 } from '../ledger/checkpoint.ts';
import { parseVkey, type SigningKey } from '../ledger/key.ts';

/**
 * DSSE v1 (Dead Simple Signing Envelope): a payload with its type under one Ed25519 signature. What is signed is
 * `DSSEv1 <length of type> <type> <length of payload> <payload>`, so that no other text the key signs can be
 * mistaken for it.
 */
export const payloadType = 'application/vnd.waymark.package+json';
/** Of the list of contents of a backup. */
export const backupPayloadType = 'application/vnd.waymark.backup+json';
export type PayloadType = typeof payloadType | typeof backupPayloadType;

/** The largest that is read: a manifest lists the files of a package, a backup's all originals. */
export const maxEnvelopeBytes: Readonly<Record<PayloadType, number>> = {
  [payloadType]: 16 * 1024 * 1024,
  [backupPayloadType]: 256 * 1024 * 1024,
};

function signedText(payload: string, type: PayloadType): string {
  return `DSSEv1 ${type.length} ${type} ${Buffer.byteLength(payload)} ${payload}`;
}

/** The envelope of a payload, as one line of JSON. */
export function sealEnvelope(payload: string, key: SigningKey, type: PayloadType = payloadType): string {
  return `${JSON.stringify({
    payloadType: type,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [
      { keyid: key.keyId.toString('hex'), sig: key.sign(signedText(payload, type)).toString('base64') },
    ],
  })}\n`;
}

/**
 * The payload of an envelope that `vkey` signed. Throws WaymarkError 'integrity' for anything else, 'usage' for
 * a malformed verification key.
 */
export function openEnvelope(envelope: string, vkey: string, type: PayloadType = payloadType): string {
  const key = parseVkey(vkey);
  const invalid = (what: string) =>
    new WaymarkError('integrity', `the ${type === payloadType ? 'package' : 'backup'}'s signature ${what}`, {
      where: 'envelope.json',
      remedy: 'Do not rely on it. Compare the sender’s key with the one handed over in person.',
    });
  if (envelope.length > maxEnvelopeBytes[type]) throw invalid('is too long');
  let parsed: { payloadType?: unknown; payload?: unknown; signatures?: unknown };
  try {
    parsed = JSON.parse(envelope) as typeof parsed;
  } catch {
    throw invalid('is no envelope');
  }
  if (typeof parsed !== 'object' || parsed === null || parsed.payloadType !== type) {
    throw invalid('is of another kind');
  }
  const payload = typeof parsed.payload === 'string' ? decodeBase64(parsed.payload) : null;
  if (payload === null || !Array.isArray(parsed.signatures)) throw invalid('is no envelope');
  const text = payload.toString('utf8');
  const signed = parsed.signatures.some((each: unknown) => {
    const sig = (each as { sig?: unknown } | null)?.sig;
    const bytes = typeof sig === 'string' ? decodeBase64(sig) : null;
    return bytes !== null && key.verifies(signedText(text, type), bytes);
  });
  if (!signed) throw invalid('does not verify with the sender’s key');
  return text;
}
