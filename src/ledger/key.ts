import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { syncFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';

/** What a key signs, by the first byte of its encoding (C2SP signed-note, tlog-cosignature): both are Ed25519. */
const keyTypes = { log: 0x01, witness: 0x04 } as const;
export type KeyUse = keyof typeof keyTypes;

/** A key that signs checkpoints: Ed25519, named, as C2SP signed notes describe it. */
export interface SigningKey {
  readonly name: string;
  /** Public half as text, `<name>+<key id in hex>+<base64 of type ‖ public key>`: what a verifier is given. */
  readonly vkey: string;
  readonly keyId: Buffer;
  sign(text: string | Uint8Array): Buffer;
}

/** The public half of a signing key. */
export interface VerifyingKey {
  readonly name: string;
  readonly keyId: Buffer;
  verifies(text: string | Uint8Array, signature: Uint8Array): boolean;
}

/** A new key as it is handed to whoever keeps it. */
export interface CreatedKey {
  readonly name: string;
  /** PKCS #8 in PEM: secret. Encrypted when a passphrase was given. */
  readonly privatePem: string;
  readonly vkey: string;
}

function assertName(name: string): void {
  if (!/^[^\s+\p{Cc}]{1,200}$/u.test(name) || !name.isWellFormed()) {
    throw new WaymarkError('usage', 'a key name has 1 to 200 characters, no white space and no plus sign');
  }
}

function keyIdOf(name: string, encodedPublic: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), encodedPublic]), 'buffer').subarray(0, 4);
}

function encodedPublic(key: KeyObject, use: KeyUse): Buffer {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(keyTypes[use]), Buffer.from(jwk.x!, 'base64url')]);
}

/** Makes an Ed25519 key. The name is best the ledger's origin: no white space, no plus sign. */
export function createKey(name: string, passphrase?: string, use: KeyUse = 'log'): CreatedKey {
  assertName(name);
  const { privateKey } = generateKeyPairSync('ed25519');
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }) as string;
  return { name, privatePem, vkey: loadKey(name, privatePem, passphrase, use).vkey };
}

/** A signing key from its PEM. Throws WaymarkError 'unreadable' when it is not an Ed25519 key or locked. */
export function loadKey(
  name: string,
  privatePem: string,
  passphrase?: string,
  use: KeyUse = 'log',
): SigningKey {
  assertName(name);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: privatePem, format: 'pem', ...(passphrase && { passphrase }) });
  } catch (cause) {
    throw new WaymarkError('unreadable', 'the signing key could not be read', {
      remedy: 'Check that the file is a PKCS #8 key and that the passphrase is right.',
      cause,
    });
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new WaymarkError('unreadable', 'the signing key is not an Ed25519 key');
  }
  const encoded = encodedPublic(key, use);
  const keyId = keyIdOf(name, encoded);
  return {
    name,
    keyId,
    vkey: `${name}+${keyId.toString('hex')}+${encoded.toString('base64')}`,
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

/** A log's verifying key from its text. Throws WaymarkError 'usage' unless every part agrees with the others. */
export function parseVkey(vkey: string): VerifyingKey {
  return parseKey(vkey, 'log');
}

/** A witness's verifying key from its text. Throws WaymarkError 'usage'. */
export function parseWitnessKey(vkey: string): VerifyingKey {
  return parseKey(vkey, 'witness');
}

function parseKey(vkey: string, use: KeyUse): VerifyingKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(vkey);
  const name = match?.[1] ?? '';
  const encoded = Buffer.from(match?.[3] ?? '', 'base64');
  if (encoded[0] !== keyTypes[use] || keyIdOf(name, encoded).toString('hex') !== match?.[2]) {
    throw new WaymarkError('usage', `not an Ed25519 verification key of a ${use}, of the form name+id+key`);
  }
  assertName(name);
  const x = encoded.subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return {
    name,
    keyId: keyIdOf(name, encoded),
    verifies: (text, signature) => verify(null, Buffer.from(text), key, signature),
  };
}

/**
 * Writes the secret half to a new file that only its owner may read (mode 0600; on Windows the folder's own
 * permissions hold). Never overwrites. Throws WaymarkError 'storage'.
 */
export function writeKeyFile(file: string, key: CreatedKey): void {
  try {
    const fd = fs.openSync(file, 'wx', 0o600);
    try {
      fs.writeFileSync(fd, key.privatePem);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    syncFolder(path.dirname(file));
  } catch (cause) {
    throw new WaymarkError('storage', 'could not write the signing key', {
      where: file,
      remedy: 'Key files are never overwritten: choose a new name, and check space and permissions.',
      cause,
    });
  }
}

/**
 * Reads a key file. Throws WaymarkError 'not-found', 'unreadable', or 'denied' when others than the owner
 * have any right to the file (not judged on Windows).
 */
export function readKeyFile(
  file: string,
  name: string,
  passphrase?: string,
  use: KeyUse = 'log',
): SigningKey {
  let pem: string;
  let mode: number;
  try {
    pem = fs.readFileSync(file, 'utf8');
    mode = fs.statSync(file).mode;
  } catch (cause) {
    throw new WaymarkError('not-found', 'the signing key file could not be opened', { where: file, cause });
  }
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new WaymarkError('denied', 'the signing key file is open to other users', {
      where: file,
      remedy: 'Take their rights away (chmod 600) and judge whether the key must be replaced.',
    });
  }
  return loadKey(name, pem, passphrase, use);
}
