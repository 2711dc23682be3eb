/**
 * Parquet's value encodings (https://parquet.apache.org/docs/file-format/data-pages/encodings/), each from
 * typed arrays to bytes.
 */

const lowerBits = 24;

class Bytes {
  private buffer = new Uint8Array(1024);
  used = 0;

  room(more: number): void {
    if (this.used + more <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + more));
    grown.set(this.buffer.subarray(0, this.used));
    this.buffer = grown;
  }
  push(byte: number): void {
    this.room(1);
    this.buffer[this.used++] = byte;
  }
  varint(value: number): void {
    while (value >= 0x80) {
      this.push((value % 128) | 0x80);
      value = Math.floor(value / 128);
    }
    this.push(value);
  }
  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : value * -2 - 1);
  }
  /** Packs values of `width` bits, least significant bit first. */
  pack(values: ArrayLike<number>, from: number, to: number, width: number): void {
    if (width === 0) return;
    this.room(Math.ceil(((to - from) * width) / 8) + 8);
    if (width > 24) {
      this.packWide(values, from, to, width);
      return;
    }
    const out = this.buffer;
    let at = this.used;
    let held = 0;
    let bits = 0;
    for (let i = from; i < to; i++) {
      held |= values[i]! << bits;
      bits += width;
      while (bits >= 8) {
        out[at++] = held & 255;
        held >>>= 8;
        bits -= 8;
      }
    }
    if (bits > 0) out[at++] = held & 255;
    this.used = at;
  }
  /** Values of up to 52 bits, in two parts of which the lower has 24: what is held then never exceeds 32 bits. */
  private packWide(values: ArrayLike<number>, from: number, to: number, width: number): void {
    const out = this.buffer;
    const upperWidth = width - lowerBits;
    let at = this.used;
    let held = 0;
    let bits = 0;
    for (let i = from; i < to; i++) {
      const upper = Math.floor(values[i]! / 2 ** lowerBits);
      held |= (values[i]! - upper * 2 ** lowerBits) << bits;
      bits += lowerBits;
      while (bits >= 8) {
        out[at++] = held & 255;
        held >>>= 8;
        bits -= 8;
      }
      const middle = upper % 2 ** lowerBits;
      held |= middle << bits;
      bits += Math.min(upperWidth, lowerBits);
      while (bits >= 8) {
        out[at++] = held & 255;
        held >>>= 8;
        bits -= 8;
      }
      if (upperWidth <= lowerBits) continue;
      held |= ((upper - middle) / 2 ** lowerBits) << bits;
      bits += upperWidth - lowerBits;
      while (bits >= 8) {
        out[at++] = held & 255;
        held >>>= 8;
        bits -= 8;
      }
    }
    if (bits > 0) out[at++] = held & 255;
    this.used = at;
  }
  take(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }
}

/** Bits needed for values up to `max`, which is below 2^53. */
function bitWidth(max: number): number {
  return max < 2 ** 32 ? 32 - Math.clz32(max) : 64 - Math.clz32(max / 2 ** 32);
}

/** Presence as definition levels 0/1 in the RLE/bit-packed hybrid, with the length in front (data page v1). */
export function encodeLevels(present: Uint8Array | null, rows: number): Uint8Array {
  const out = new Bytes();
  if (present === null) {
    out.varint(rows * 2);
    out.push(0);
  } else if (present.indexOf(0) < 0) {
    out.varint(rows * 2);
    out.push(1);
  } else {
    out.varint(Math.ceil(rows / 8) * 2 + 1);
    out.pack(present, 0, rows, 1);
  }
  const levels = out.take();
  const framed = new Uint8Array(4 + levels.length);
  new DataView(framed.buffer).setUint32(0, levels.length, true);
  framed.set(levels, 4);
  return framed;
}

/** Dictionary codes: one byte of width, then the hybrid. */
export function encodeCodes(codes: Uint16Array, dictionarySize: number): Uint8Array {
  const out = new Bytes();
  const width = bitWidth(dictionarySize - 1);
  out.push(width);
  if (width === 0) {
    out.varint(codes.length * 2);
    return out.take();
  }
  const groups = Math.ceil(codes.length / 8);
  const padded = new Uint16Array(groups * 8);
  padded.set(codes);
  out.varint(groups * 2 + 1);
  out.pack(padded, 0, padded.length, width);
  return out.take();
}

/** Values of a dictionary page: each with its length in front. */
export function encodePlainTexts(lengths: Uint32Array, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + lengths.length * 4);
  const view = new DataView(out.buffer);
  let from = 0;
  let to = 0;
  for (const length of lengths) {
    view.setUint32(to, length, true);
    out.set(bytes.subarray(from, from + length), to + 4);
    from += length;
    to += 4 + length;
  }
  return out;
}

/** DELTA_LENGTH_BYTE_ARRAY: the lengths delta-packed, then all the bytes. */
export function encodeTexts(lengths: Uint32Array, bytes: Uint8Array): Uint8Array {
  const packed = encodeDeltas(lengths);
  const out = new Uint8Array(packed.length + bytes.length);
  out.set(packed);
  out.set(bytes, packed.length);
  return out;
}

/** Whether DELTA_BINARY_PACKED can hold the values in arithmetic that doubles do exactly. */
export function fitsDeltas(values: Float64Array): boolean {
  for (const value of values) if (value >= 2 ** 51 || value <= -(2 ** 51)) return false;
  return true;
}

/** DELTA_BINARY_PACKED in blocks of 128 values and 4 miniblocks. Values lie within ±2^51. */
export function encodeDeltas(values: ArrayLike<number>): Uint8Array {
  const out = new Bytes();
  const count = values.length;
  out.varint(128);
  out.varint(4);
  out.varint(count);
  out.zigzag(count === 0 ? 0 : values[0]!);
  const deltas = new Float64Array(128);
  for (let start = 1; start < count; start += 128) {
    const size = Math.min(128, count - start);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < size; i++) {
      const delta = values[start + i]! - values[start + i - 1]!;
      deltas[i] = delta;
      if (delta < least) least = delta;
    }
    out.zigzag(least);
    const widths = [0, 0, 0, 0];
    for (let mini = 0; mini < 4; mini++) {
      let most = 0;
      for (let i = mini * 32; i < mini * 32 + 32; i++) {
        const above = i < size ? deltas[i]! - least : 0;
        deltas[i] = above;
        if (above > most) most = above;
      }
      widths[mini] = bitWidth(most);
    }
    for (const width of widths) out.push(width);
    for (let mini = 0; mini * 32 < size; mini++) out.pack(deltas, mini * 32, mini * 32 + 32, widths[mini]!);
  }
  return out.take();
}

/** PLAIN 64-bit whole numbers. */
export function encodePlainInts(values: Float64Array): Uint8Array {
  const out = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, index) => {
    out.setBigInt64(index * 8, BigInt(value), true);
  });
  return new Uint8Array(out.buffer);
}
