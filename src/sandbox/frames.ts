import { WaymarkError } from '../base/errors.ts';

/**
 * Frames on the pipes of a sandboxed process: length u32 (of what follows), kind u8, payload. A message is a
 * frame of JSON; bytes that belong to it follow in a frame of their own.
 */
export const frameKind = { message: 1, batch: 2, bytes: 3 } as const;
export type FrameKind = (typeof frameKind)[keyof typeof frameKind];

export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

/** A frame larger than this is a broken or hostile peer. One batch stays far below it. */
const maxFrameBytes = 256 * 1024 * 1024;

export function frameHead(kind: FrameKind, payloadBytes: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(payloadBytes + 1, 0);
  head.writeUInt8(kind, 4);
  return head;
}

/** Cuts a byte stream into frames. */
export class FrameCutter {
  private pieces: Buffer[] = [];
  private held = 0;

  /** Takes bytes as they come; returns the frames that are complete. Throws WaymarkError 'sandbox'. */
  push(piece: Buffer): Frame[] {
    this.pieces.push(piece);
    this.held += piece.length;
    const frames: Frame[] = [];
    for (;;) {
      if (this.held < 5) return frames;
      if (this.pieces[0]!.length < 5) this.join();
      const length = this.pieces[0]!.readUInt32LE(0);
      if (length < 1 || length > maxFrameBytes) {
        throw new WaymarkError('sandbox', `the sandboxed process sent a frame of ${length} bytes`);
      }
      if (this.held < length + 4) return frames;
      this.join();
      const all = this.pieces[0]!;
      frames.push({ kind: all.readUInt8(4), payload: all.subarray(5, length + 4) });
      this.pieces = [all.subarray(length + 4)];
      this.held -= length + 4;
    }
  }

  private join(): void {
    if (this.pieces.length > 1) this.pieces = [Buffer.concat(this.pieces)];
  }
}
