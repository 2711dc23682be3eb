/** Bytes of base64 text. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Lines of 16 bytes in hex, each with its offset in the file; without the characters they stand for. */
export function hexLines(bytes: Uint8Array, offset: number, most: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length && lines.length < most; at += 16) {
    const digits = [...bytes.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, '0'));
    const [left, right] = [digits.slice(0, 8).join(' '), digits.slice(8).join(' ')];
    lines.push(`${(offset + at).toString().padStart(10, ' ')}  ${left.padEnd(23)}  ${right}`);
  }
  return lines;
}

/** Text as UTF-8 where it is that, else as Windows-1252; says which. `cut`: the last character may be broken off. */
export function decodeText(bytes: Uint8Array, cut: boolean): { text: string; encoding: string } {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes, { stream: cut }), encoding: 'UTF-8' };
  } catch {
    const decoder = new TextDecoder('windows-1252');
    return { text: decoder.decode(bytes), encoding: 'Windows-1252, since it is not UTF-8' };
  }
}
