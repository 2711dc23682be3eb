import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder, writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import {
  maxCheckpointBytes,
  parseCheckpoint,
  type SignedCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
import { cosign } from './cosignature.ts';
import { readRegularFile } from './disk.ts';
import { createKey, parseVkey, readKeyFile, type SigningKey, writeKeyFile } from './key.ts';
import { verifyConsistency } from './merkle.ts';
import { parseOffer } from './offer.ts';

const identityFile = 'witness.json';
const keyFile = 'witness.pem';
const logFile = 'log.json';

/** A checkpoint that this witness cosigned. */
export interface Witnessed {
  readonly size: number;
  readonly note: string;
}

/** What came of an offer. */
export interface Accepted {
  readonly origin: string;
  /** Size cosigned before; 0 for none. */
  readonly before: number;
  readonly size: number;
  /** The checkpoint with the cosignature added: the file that is carried back. */
  readonly note: string;
}

/**
 * A witness: a folder on a second machine, best of another office, that remembers the last checkpoint of each
 * ledger it has seen and cosigns a later one only with proof that it extends that. It needs no operation, sees no
 * entry, and cannot be talked into two histories.
 *
 * `witness.json` (name and public key), `witness.pem` (the key), and for each ledger a folder named by the hash of
 * its origin: `log.json` (origin and key) and `<size>.checkpoint` for each checkpoint cosigned.
 */
export class Witness {
  readonly folder: string;
  readonly name: string;
  readonly vkey: string;
  readonly #key: SigningKey;

  private constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
    this.#key = readKeyFile(path.join(folder, keyFile), name, undefined, 'witness');
    this.vkey = this.#key.vkey;
  }

  /** Makes a witness with a new key. Throws WaymarkError 'usage' where the folder is one already. */
  static init(folder: string, name: string): Witness {
    if (fs.existsSync(path.join(folder, identityFile))) {
      throw new WaymarkError('usage', 'this folder is a witness already', {
        where: folder,
        remedy: 'Use it, or choose another folder: its key and what it has seen are not made anew.',
      });
    }
    const key = createKey(name, undefined, 'witness');
    makeFolder(path.resolve(folder));
    // A key that an interrupted start left was never told to anybody.
    fs.rmSync(path.join(folder, keyFile), { force: true });
    writeKeyFile(path.join(folder, keyFile), key);
    writeFileDurably(path.join(folder, identityFile), `${canonicalJson({ name, vkey: key.vkey })}\n`);
    return new Witness(folder, name);
  }

  /** Throws WaymarkError 'not-found', 'integrity'. */
  static open(folder: string): Witness {
    const identity = readJson(folder, identityFile) as { name?: unknown; vkey?: unknown };
    const witness = new Witness(folder, String(identity.name));
    if (witness.vkey === identity.vkey) return witness;
    throw new WaymarkError('integrity', 'the witness’s key is not the one that it was made with', {
      where: folder,
    });
  }

  /** What it has cosigned of a ledger, smallest first. */
  witnessed(origin: string): Witnessed[] {
    const folder = this.#folderOf(origin);
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder)
      .map((name) => /^(\d{1,16})\.checkpoint$/.exec(name)?.[1])
      .filter((size) => size !== undefined)
      .map((size) => ({
        size: Number(size),
        note: readRegularFile(folder, `${size}.checkpoint`, maxCheckpointBytes).toString('utf8'),
      }))
      .sort((a, b) => a.size - b.size);
  }

  /** The key by which it knows a ledger, or null. */
  keyOf(origin: string): string | null {
    const folder = this.#folderOf(origin);
    if (!fs.existsSync(path.join(folder, logFile))) return null;
    const { vkey } = readJson(folder, logFile) as { vkey?: unknown };
    return String(vkey);
  }

  /**
   * Cosigns what is offered if it extends what was cosigned last, and remembers it before it says so. The first
   * offer of a ledger needs `vkey`, the key handed over in person; later ones must be signed by the same. Throws
   * WaymarkError 'unreadable', 'integrity' for a fork or a ledger cut short, 'usage' for a proof that begins at
   * another size than the last one cosigned.
   */
  accept(text: string, seconds: number, vkey?: string): Accepted {
    const { old, proof, note } = parseOffer(text);
    const { origin } = parseCheckpoint(note);
    const known = this.#keyFor(origin, vkey);
    const offered = verifyCheckpoint(note, [known], origin);
    const last = this.witnessed(origin).at(-1);
    const before = last === undefined ? null : verifyCheckpoint(last.note, [known], origin);
    assertExtends(before, offered, old, proof);
    const line = cosign(offered, this.#key, seconds);
    const cosigned = `${withoutLinesOf(note, this.#key)}${line}`;
    const folder = this.#folderOf(origin);
    if (this.keyOf(origin) === null) {
      writeFileDurably(path.join(folder, logFile), `${canonicalJson({ origin, vkey: known })}\n`);
    }
    writeFileDurably(path.join(folder, `${offered.size}.checkpoint`), cosigned);
    return { origin, before: before?.size ?? 0, size: offered.size, note: cosigned };
  }

  #keyFor(origin: string, given: string | undefined): string {
    const known = this.keyOf(origin);
    if (given !== undefined) parseVkey(given);
    if (known !== null && (given === undefined || given === known)) return known;
    if (known !== null) {
      throw new WaymarkError('integrity', 'this ledger is known here by another key', {
        where: origin,
        remedy: 'Two histories may exist. Ask its unit in person before anything else.',
      });
    }
    if (given !== undefined) return given;
    throw new WaymarkError('usage', 'this ledger has not been seen here before', {
      where: origin,
      remedy:
        'Give the key that its unit handed over in person with --key ("ledger checkpoint --print" shows it).',
    });
  }

  #folderOf(origin: string): string {
    return path.join(this.folder, sha256Hex(origin).slice(0, 32));
  }
}

function assertExtends(
  before: SignedCheckpoint | null,
  offered: SignedCheckpoint,
  old: number,
  proof: readonly Buffer[],
): void {
  const { size, root } = before ?? { size: 0, root: Buffer.alloc(0) };
  if (offered.size < size) {
    throw refused(
      `first bad index ${offered.size}: ${size} entries were cosigned here, ${offered.size} are left`,
    );
  }
  if (before !== null && offered.size === size && !offered.root.equals(root)) {
    throw refused(`first bad index between 0 and ${size - 1}: they are not the entries cosigned here`);
  }
  if (old !== size) {
    throw new WaymarkError('usage', `the proof begins at ${old} entries, ${size} were cosigned here last`, {
      remedy: `Make the offer again with --since ${size}.`,
    });
  }
  const extended = before === null || verifyConsistency(size, root, offered.size, offered.root, proof);
  if (!extended) {
    throw refused(
      `first bad index between 0 and ${size - 1}: the proof does not extend what was cosigned here`,
    );
  }
}

function refused(what: string): WaymarkError {
  return new WaymarkError('integrity', `not cosigned: ${what}`, {
    remedy:
      'The ledger was forked or put back. Change nothing; "ledger check" on a copy of it, with the checkpoints kept here, names the first entry.',
  });
}

/** A checkpoint offered again, perhaps with our own earlier line, keeps one line of ours. */
function withoutLinesOf(note: string, key: SigningKey): string {
  const own = (line: string) => {
    const [dash, name, bytes] = line.split(' ');
    return (
      dash === '—' && name === key.name && Buffer.from(bytes!, 'base64').subarray(0, 4).equals(key.keyId)
    );
  };
  return note
    .split('\n')
    .filter((line) => !own(line))
    .join('\n');
}

function readJson(folder: string, file: string): Record<string, unknown> {
  const text = readRegularFile(folder, file, 64 * 1024).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, with what is no object.
  }
  throw new WaymarkError('unreadable', 'is no file of a witness', { where: path.join(folder, file) });
}
