import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from '../base/durable.ts';
import type { Constraints, ScoredPairs } from './clustering.ts';
import type { Learned } from './learn.ts';
import type { Population } from './population.ts';
import type { Weights } from './weights.ts';

/** What comes of learning how the records of lists agree, apart from what is made of the records at once. */
export interface Lesson {
  readonly weights: Weights;
  readonly generics: Learned['postings']['generics'];
  readonly pairs: ScoredPairs;
}

interface Heading extends Omit<Lesson, 'pairs'> {
  readonly key: string;
  readonly length: number;
}

const hashBytes = 32;
const lengthBytes = 4;

/**
 * The last lesson, in one file, under the hash of all it was learned from: records, what humans decided of them, and the
 * code. Whatever else changes, exhibits or decisions, the same lesson follows, so that it need not be learned again. A
 * lesson of other records, and a file that is damaged or gone, are no lesson: then it is learned anew.
 */
export class KeptLearning {
  private readonly file: string;
  private readonly code: string;

  /** `code` stands for everything that learning does. */
  constructor(file: string, code: string) {
    this.file = file;
    this.code = code;
  }

  keyOf(population: Population, { same, different, roles, records }: Constraints): string {
    const hash = createHash('sha256');
    const { size, countedSize } = population;
    const plans = population.fields.map(({ name, kind, group }) => [name, kind, group]);
    hash.update(JSON.stringify([this.code, size, countedSize, plans, same, different]));
    for (const list of [roles, records]) hash.update(list ?? 'none');
    for (const { starts, codes, texts, holders } of population.fields) {
      hash.update(`${starts.length} ${codes.length} ${texts.length} ${holders.length}`);
      for (const list of [starts, codes, holders]) hash.update(bytesOf(list));
      // Lengths first: the same letters divided otherwise are other texts.
      hash.update(bytesOf(Uint32Array.from(texts, (text) => text.length)));
      for (let at = 0; at < texts.length; at += 4096)
        hash.update(texts.slice(at, at + 4096).join(''), 'utf16le');
    }
    return hash.digest('hex');
  }

  read(key: string): Lesson | null {
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(this.file);
    } catch {
      return null;
    }
    const body = bytes.subarray(hashBytes);
    if (body.length < lengthBytes || !hashOf(body).equals(bytes.subarray(0, hashBytes))) return null;
    const from = lengthBytes + body.readUInt32LE(0);
    const heading = JSON.parse(body.toString('utf8', lengthBytes, from)) as Heading;
    if (heading.key !== key) return null;
    const { weights, generics, length } = heading;
    const column = (index: number) =>
      Uint8Array.prototype.slice.call(body, from + index * length * 4, from + (index + 1) * length * 4)
        .buffer;
    const pairs = {
      length,
      a: new Uint32Array(column(0)),
      b: new Uint32Array(column(1)),
      bits: new Float32Array(column(2)),
    };
    return { weights, generics, pairs };
  }

  write(key: string, { weights, generics, pairs }: Lesson): void {
    const { length, a, b, bits } = pairs;
    const heading = Buffer.from(JSON.stringify({ key, weights, generics, length } satisfies Heading));
    const size = Buffer.alloc(lengthBytes);
    size.writeUInt32LE(heading.length);
    const columns = [a, b, bits].map((list) => bytesOf(list.subarray(0, length)));
    const body = Buffer.concat([size, heading, ...columns]);
    makeFolder(path.dirname(this.file));
    fs.writeFileSync(`${this.file}.new`, Buffer.concat([hashOf(body), body]));
    fs.renameSync(`${this.file}.new`, this.file);
  }
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function bytesOf(list: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
}
