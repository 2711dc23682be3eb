import { WaymarkError } from '../base/errors.ts';

/**
 * A source pointer names bytes of an exhibit: `<exhibit>[/<path inside>]@<offset>+<length>`.
 * Offset and length are bytes of the file at that path after decompression; the path is empty where the
 * exhibit is one file.
 */
export interface Pointer {
  /** 16 lower-case hex digits. */
  readonly exhibit: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export function formatPointer(pointer: Pointer): string {
  const path = pointer.path === '' ? '' : `/${pointer.path}`;
  return `${pointer.exhibit}${path}@${pointer.offset}+${pointer.length}`;
}

const pattern = /^([0-9a-f]{16})(?:\/(.*))?@(\d{1,15})\+(\d{1,15})$/s;

/** Whether a text is a source pointer; decisions, for one, are cited by their number. */
export function isPointer(text: string): boolean {
  return pattern.test(text);
}

/** Throws WaymarkError 'usage' when the text is no pointer. */
export function parsePointer(text: string): Pointer {
  const match = pattern.exec(text);
  if (!match) {
    throw new WaymarkError('usage', `"${text.slice(0, 200)}" is not a source pointer`, {
      remedy: 'A pointer looks like 0123456789abcdef/inner/path@1024+300; exports and pages show them whole.',
    });
  }
  return { exhibit: match[1]!, path: match[2] ?? '', offset: Number(match[3]), length: Number(match[4]) };
}
