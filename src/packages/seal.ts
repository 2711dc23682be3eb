import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';

/**
 * Sealing in the age format (age-encryption.org/v1): any age tool opens a package that Waymark sealed. Age hides
 * what is inside and shows whether it was altered; it does not prove who sent it, which the envelope does.
 */
export interface ReceivingKey {
  /** `AGE-SECRET-KEY-1...`: secret. */
  readonly identity: string;
  /** `age1...`: given to those who send. */
  readonly recipient: string;
}

export async function createReceivingKey(): Promise<ReceivingKey> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Sixteen hex digits in fours, to be compared aloud or on paper. */
export function fingerprintOf(recipient: string): string {
  return sha256Hex(recipient)
    .slice(0, 16)
    .replace(/(.{4})(?=.)/g, '$1 ');
}

/** Seals bytes for recipients. Throws WaymarkError 'usage' for what is no age recipient, or for none. */
export async function seal(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  return encrypterFor(recipients).encrypt(bytes);
}

/** The same for what is too large for memory: sealed as it comes, in pieces. */
export async function sealStream(
  pieces: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): Promise<AsyncIterable<Uint8Array>> {
  return encrypterFor(recipients).encrypt(ReadableStream.from(pieces));
}

function encrypterFor(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0) throw new WaymarkError('usage', 'a package needs a recipient');
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  return encrypter;
}

/** Throws WaymarkError 'usage' unless the text is an age recipient. */
export function assertRecipient(recipient: string): void {
  addRecipient(new Encrypter(), recipient);
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new WaymarkError('usage', 'this is no age recipient', {
      remedy: 'It starts with "age1". The partner prints it with "partner me".',
      cause,
    });
  }
}

/** Opens what was sealed. Throws WaymarkError 'denied' for another's package, 'integrity' for an altered one. */
export async function unseal(sealed: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = decrypterFor(identity);
  try {
    return await decrypter.decrypt(sealed);
  } catch (cause) {
    throw unsealFault(cause);
  }
}

/**
 * The same in pieces. What comes out of it is known to be whole only once it has ended: throws as `unseal` then,
 * or while it is read.
 */
export async function* unsealStream(
  sealed: AsyncIterable<Uint8Array>,
  identity: string,
): AsyncGenerator<Uint8Array> {
  const decrypter = decrypterFor(identity);
  try {
    yield* await decrypter.decrypt(ReadableStream.from(sealed));
  } catch (cause) {
    throw cause instanceof WaymarkError ? cause : unsealFault(cause);
  }
}

function decrypterFor(identity: string): Decrypter {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch (cause) {
    throw new WaymarkError('usage', 'the receiving key cannot be used', {
      remedy: 'It is a line that starts with AGE-SECRET-KEY-1.',
      cause,
    });
  }
  return decrypter;
}

function unsealFault(cause: unknown): WaymarkError {
  if (cause instanceof Error && /no identity matched/i.test(cause.message)) {
    return new WaymarkError('denied', 'this is sealed for somebody else', {
      remedy: 'Open it with the receiving key whose recipient was given to the sender.',
      cause,
    });
  }
  return new WaymarkError('integrity', 'what was sealed was altered or cut off, or was never sealed', {
    remedy: 'Ask the sender for it again, or use another copy.',
    cause,
  });
}
