/**
 * The strings and numbers in a value that PHP's serialize() wrote, in order, array keys left out; null when
 * it is anything else. Lengths in the format are bytes, so it reads bytes. Nesting deeper than 8 is refused.
 */
export function readSerialized(bytes: Uint8Array): string[] | null {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: string[] = [];
  let at = 0;

  function upTo(sign: string): string | null {
    const end = source.indexOf(sign, at, 'latin1');
    if (end < 0 || end - at > 24) return null;
    const text = source.toString('latin1', at, end);
    at = end + 1;
    return text;
  }

  function value(depth: number, keep: boolean): boolean {
    const type = source.toString('latin1', at, at + 2);
    at += 2;
    if (type === 'N;') return true;
    if (type === 'i:' || type === 'd:' || type === 'b:') {
      const text = upTo(';');
      if (text !== null && keep) values.push(text);
      return text !== null;
    }
    const length = Number(upTo(':') ?? 'none');
    if (!Number.isSafeInteger(length) || length < 0 || length > source.length) return false;
    if (type === 's:') {
      const end = at + 1 + length;
      if (source[at] !== 34 || source[end] !== 34 || source[end + 1] !== 59) return false;
      if (keep) values.push(source.toString('utf8', at + 1, end));
      at = end + 2;
      return true;
    }
    if (type !== 'a:' || source[at] !== 123 || depth === 8) return false;
    at++;
    for (let i = 0; i < length; i++) if (!value(depth + 1, false) || !value(depth + 1, true)) return false;
    return source[at++] === 125;
  }

  return value(0, true) && at === source.length ? values : null;
}
