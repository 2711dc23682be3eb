import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { WaymarkError } from '../src/base/errors.ts';

/**
 * Signatures that `minisign` verifies, so that a bundle can be checked before anything in it is run. Prehashed form
 * ("ED"): Ed25519 over BLAKE2b-512 of the file. Source: jedisct1.github.io/minisign, "Signature format".
 */

const spki = Buffer.from('302a300506032b6570032100', 'hex');

function rawPublic(key: KeyObject): Buffer {
  return (createPublicKey(key).export({ type: 'spki', format: 'der' }) as Buffer).subarray(spki.length);
}

/** Eight bytes that tell keys apart; here the first of the public key's digest. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(rawPublic(key)).digest().subarray(0, 8);
}

/** The public key as `minisign -p` reads it. */
export function publicKeyText(key: KeyObject): string {
  const bytes = Buffer.concat([Buffer.from('Ed'), keyId(key), rawPublic(key)]);
  return `untrusted comment: Waymark releases\n${bytes.toString('base64')}\n`;
}

/** The signature of a file with this BLAKE2b-512, as it stands in a `.minisig`. The comment is signed as well. */
export function signatureText(key: KeyObject, blake2b512: Buffer, comment: string): string {
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new WaymarkError('usage', 'a release is signed with an Ed25519 key', {
      remedy: 'Make one with "openssl genpkey -algorithm ed25519 -out release.pem".',
    });
  }
  const signature = sign(null, blake2b512, key);
  const whole = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key);
  const first = Buffer.concat([Buffer.from('ED'), keyId(key), signature]);
  return `untrusted comment: verify with minisign\n${first.toString('base64')}\ntrusted comment: ${comment}\n${whole.toString('base64')}\n`;
}

/** The comment of a signature that holds; null where it does not. */
export function verifiedComment(publicText: string, blake2b512: Buffer, signature: string): string | null {
  const key = Buffer.from(publicText.split('\n')[1] ?? '', 'base64');
  const [, first = '', commentLine = '', last = ''] = signature.split('\n');
  const body = Buffer.from(first, 'base64');
  const comment = commentLine.replace(/^trusted comment: /, '');
  if (key.length !== 42 || body.length !== 74 || body.toString('latin1', 0, 2) !== 'ED') return null;
  if (!body.subarray(2, 10).equals(key.subarray(2, 10))) return null;
  const publicKey = createPublicKey({
    key: Buffer.concat([spki, key.subarray(10)]),
    format: 'der',
    type: 'spki',
  });
  const holds =
    verify(null, blake2b512, publicKey, body.subarray(10)) &&
    verify(
      null,
      Buffer.concat([body.subarray(10), Buffer.from(comment)]),
      publicKey,
      Buffer.from(last, 'base64'),
    );
  return holds ? comment : null;
}
