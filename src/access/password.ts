import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WaymarkError } from '../base/errors.ts';

/**
 * Passwords as they are kept: Argon2id with a salt of its own, in the PHC string format, so that each carries its
 * costs and later ones can cost more. The usual cost is the second choice of RFC 9106 with one lane: 64 MiB.
 */
export interface Cost {
  readonly kibibytes: number;
  readonly passes: number;
}
export const usualCost: Cost = { kibibytes: 64 * 1024, passes: 3 };

/** Letters of a password. */
export const passwordLength = { least: 12, most: 200 } as const;

const derive = promisify(argon2);
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Throws WaymarkError 'usage' for a password that is too short, too long, or the name itself. */
export function assertGoodPassword(password: string, name: string): void {
  const length = [...password].length;
  if (length < passwordLength.least || length > passwordLength.most) {
    throw new WaymarkError(
      'usage',
      `a password has ${passwordLength.least} to ${passwordLength.most} characters`,
      { remedy: 'Take a sentence that only you would say: spaces and all scripts are allowed.' },
    );
  }
  if (new Set(password).size < 5 || password.toLowerCase().replaceAll(name.toLowerCase(), '').length < 8) {
    throw new WaymarkError('usage', 'this password is too easily guessed', {
      remedy: 'Take a sentence that only you would say, without your name in it.',
    });
  }
}

export async function hashPassword(password: string, cost = usualCost): Promise<string> {
  const salt = randomBytes(16);
  const hash = await digest(password, salt, cost);
  const written = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${cost.kibibytes},t=${cost.passes},p=1$${written(salt)}$${written(hash)}`;
}

/** Whether a password is the one that was kept. Throws WaymarkError 'integrity' for what was not kept by this. */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  const parts = phc.exec(kept);
  if (!parts) throw new WaymarkError('integrity', 'a stored password is not as it was written');
  const [, kibibytes, passes, salt, hash] = parts;
  const cost = { kibibytes: Number(kibibytes), passes: Number(passes) };
  const given = await digest(password, Buffer.from(salt!, 'base64'), cost);
  return timingSafeEqual(given, Buffer.from(hash!, 'base64'));
}

/** The same letters may be typed in two ways (an accent of its own): both are the same password. */
function digest(password: string, nonce: Buffer, { kibibytes, passes }: Cost): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'));
  return derive('argon2id', { message, nonce, parallelism: 1, tagLength: 32, memory: kibibytes, passes });
}
