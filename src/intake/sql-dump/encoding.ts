import { isAscii, isUtf8 } from 'node:buffer';

const windows1252 = new TextDecoder('windows-1252');

/** Byte of each character of Windows-1252 as MySQL's `latin1` uses it. */
const byteOf = new Map<string, number>();
for (let byte = 0x80; byte < 0x100; byte++) byteOf.set(windows1252.decode(Uint8Array.of(byte)), byte);

/**
 * UTF-8 that was taken for Windows-1252 and encoded a second time ("cafÃ©"), decoded once; null when the
 * value is anything else. Certain only as a whole: every character must be one of Windows-1252 and the bytes
 * they stand for must again be valid UTF-8 with at least one character beyond ASCII. A value that also holds
 * one properly encoded accent therefore stays as it is.
 */
export function undoDoubleEncoding(utf8: Buffer): Buffer | null {
  // The first character beyond ASCII must stand for a lead byte, C2 to F4, written C3 82 to C3 B4; another
  // one, for a continuation byte, must follow at once.
  let first = 0;
  while (first < utf8.length && utf8[first]! < 0x80) first++;
  if (utf8[first] !== 0xc3 || utf8[first + 1]! < 0x82 || utf8[first + 1]! > 0xb4) return null;
  if (first + 2 >= utf8.length || utf8[first + 2]! < 0x80) return null;
  const text = utf8.toString('utf8');
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const byte = code < 0x80 ? code : byteOf.get(character);
    if (byte === undefined) return null;
    bytes[length++] = byte;
  }
  const once = bytes.subarray(0, length);
  return isUtf8(once) && !isAscii(once) ? once : null;
}

/** Names that MySQL gives to single-byte character sets, and what the WHATWG encoding standard calls them. */
const singleByteSets: Record<string, string> = {
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1256: 'windows-1256',
  cp1257: 'windows-1257',
  cp866: 'ibm866',
  greek: 'iso-8859-7',
  hebrew: 'windows-1255',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  latin2: 'iso-8859-2',
  latin5: 'windows-1254',
  latin7: 'iso-8859-13',
  tis620: 'windows-874',
};

/**
 * Decoder for text of a dump that is not UTF-8: the set that the dump's SET NAMES states if it is a
 * single-byte one, else Windows-1252, which is what MySQL's `latin1` is.
 */
export function legacyDecoder(charset: string): InstanceType<typeof TextDecoder> {
  const label = Object.hasOwn(singleByteSets, charset) ? singleByteSets[charset]! : 'windows-1252';
  return label === 'windows-1252' ? windows1252 : new TextDecoder(label);
}
