import { crc32, deflateSync } from 'node:zlib';
import { Dice, purpose, type Seed } from '../random.ts';

const p = purpose('picture');

/** A stored picture: which drawing (equal numbers give equal bytes) and its bytes. */
export type Picture = { readonly name: string; readonly bytes: Buffer };

/**
 * Picture number `id`: a small valid PNG of coloured squares. Ids below 1,000,000 are ordinary pictures, those
 * from 1,000,000 on are the known-good ones, those from 2,000,000 on stand on the invented hash list. All are
 * the same harmless squares; only their hashes differ.
 */
export function drawPicture(seed: Seed, id: number): Buffer {
  const dice = new Dice(seed).at(id, p);
  const cells = dice.between(8, 14);
  const rows = Buffer.alloc(cells * (1 + cells * 3));
  for (let y = 0; y < cells; y++) {
    for (let x = 0; x < cells * 3; x++) rows[y * (1 + cells * 3) + 1 + x] = dice.below(256);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(cells, 0);
  header.writeUInt32BE(cells, 4);
  header[8] = 8;
  header[9] = 2;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

export const knownGoodBase = 1_000_000;
export const listedBase = 2_000_000;
