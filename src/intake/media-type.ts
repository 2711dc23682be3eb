/**
 * Media types by magic bytes: what a file says of itself in its first bytes, never its name, and never by
 * decoding it. Signatures from the formats' specifications; short ones are only believed together with
 * further fields that must hold certain values.
 */

/** A fixed signature at a fixed place. */
interface Signature {
  readonly at: number;
  readonly bytes: string;
  readonly type: string;
}

/** Bytes as latin1 text; asked in order. */
const signatures: readonly Signature[] = [
  { at: 0, bytes: '\xff\xd8\xff', type: 'image/jpeg' },
  { at: 0, bytes: '\x89PNG\r\n\x1a\n', type: 'image/png' },
  { at: 0, bytes: 'GIF87a', type: 'image/gif' },
  { at: 0, bytes: 'GIF89a', type: 'image/gif' },
  { at: 0, bytes: 'II*\0', type: 'image/tiff' },
  { at: 0, bytes: 'MM\0*', type: 'image/tiff' },
  { at: 0, bytes: 'II+\0\x08\0\0\0', type: 'image/tiff' },
  { at: 0, bytes: 'MM\0+\0\x08\0\0', type: 'image/tiff' },
  { at: 0, bytes: '8BPS\0\x01', type: 'image/vnd.adobe.photoshop' },
  { at: 0, bytes: '8BPS\0\x02', type: 'image/vnd.adobe.photoshop' },
  { at: 0, bytes: '\0\0\0\x0cJXL \r\n\x87\n', type: 'image/jxl' },
  { at: 0, bytes: '\0\0\0\x0cjP  \r\n\x87\n', type: 'image/jp2' },
  { at: 0, bytes: '%PDF-', type: 'application/pdf' },
  { at: 0, bytes: '{\\rtf1', type: 'application/rtf' },
  { at: 0, bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', type: 'application/x-ole-storage' },
  { at: 0, bytes: 'SQLite format 3\0', type: 'application/vnd.sqlite3' },
  { at: 0, bytes: 'Rar!\x1a\x07', type: 'application/vnd.rar' },
  { at: 0, bytes: '7z\xbc\xaf\x27\x1c', type: 'application/x-7z-compressed' },
  { at: 0, bytes: '\x1f\x8b\x08', type: 'application/gzip' },
  { at: 0, bytes: '\xfd7zXZ\0', type: 'application/x-xz' },
  { at: 257, bytes: 'ustar\0', type: 'application/x-tar' },
  { at: 257, bytes: 'ustar  \0', type: 'application/x-tar' },
  { at: 0, bytes: 'OggS\0', type: 'application/ogg' },
  { at: 0, bytes: 'fLaC', type: 'audio/flac' },
  { at: 0, bytes: '#!AMR\n', type: 'audio/amr' },
  { at: 0, bytes: '#!AMR-WB\n', type: 'audio/amr-wb' },
  { at: 0, bytes: 'FLV\x01', type: 'video/x-flv' },
  { at: 0, bytes: '\0\0\x01\xba', type: 'video/mpeg' },
  { at: 0, bytes: '\0\0\x01\xb3', type: 'video/mpeg' },
  {
    at: 0,
    bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c',
    type: 'video/x-ms-asf',
  },
  { at: 0, bytes: '\x7fELF', type: 'application/x-elf' },
];

/** Types of packings: what is inside is read as files of its own. */
const packings = new Set([
  'application/zip',
  'application/gzip',
  'application/x-tar',
  'application/x-bzip2',
  'application/x-xz',
]);

/** Whether a type is a packing whose content is taken out and read. */
export function isPacking(mediaType: string): boolean {
  return packings.has(mediaType);
}

/**
 * The media type of a file from its first bytes, or null when they are no known signature (all text is).
 * 300 bytes suffice for most types, 64 KiB for telling office documents from other ZIP files.
 */
export function mediaTypeOf(head: Uint8Array): string | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  for (const { at, bytes: wanted, type } of signatures) {
    if (holds(bytes, at, wanted)) return type;
  }
  return ofContainer(bytes) ?? ofShortSignature(bytes);
}

function holds(bytes: Buffer, at: number, wanted: string): boolean {
  if (bytes.length < at + wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted.charCodeAt(i)) return false;
  return true;
}

/** Families that share a signature and state the kind further on. */
function ofContainer(bytes: Buffer): string | null {
  if (holds(bytes, 0, 'PK\x03\x04')) return ofZip(bytes);
  if (holds(bytes, 0, 'PK\x05\x06') && bytes.length === 22) return 'application/zip';
  if (holds(bytes, 0, 'RIFF')) return ofRiff(bytes.toString('latin1', 8, 12));
  if (holds(bytes, 4, 'ftyp')) return ofBrand(bytes);
  if (holds(bytes, 0, '\x1aE\xdf\xa3')) return ofMatroska(bytes);
  if (/^(moov|mdat|wide|free|skip|pnot)$/.test(bytes.toString('latin1', 4, 8))) return ofQuickTime(bytes);
  return null;
}

function ofRiff(form: string): string | null {
  if (form === 'WEBP') return 'image/webp';
  if (form === 'AVI ') return 'video/vnd.avi';
  return form === 'WAVE' ? 'audio/vnd.wave' : null;
}

/** ISO base media files (ISO/IEC 14496-12): the major brand, then the compatible ones. */
function ofBrand(bytes: Buffer): string | null {
  const size = bytes.readUInt32BE(0);
  if (size < 16 || size > 4096 || bytes.length < 12) return null;
  const brands: string[] = [];
  for (let at = 8; at + 4 <= Math.min(size, bytes.length, 256); at += 4) {
    if (at !== 12) brands.push(bytes.toString('latin1', at, at + 4));
  }
  const has = (...wanted: string[]) => brands.some((brand) => wanted.includes(brand));
  const major = brands[0]!;
  if (has('avif', 'avis')) return 'image/avif';
  if (has('heic', 'heix', 'heim', 'heis')) return 'image/heic';
  if (has('hevc', 'hevx')) return 'image/heic-sequence';
  if (has('mif1', 'msf1') && !has('mp41', 'mp42', 'isom')) return 'image/heif';
  if (major === 'qt  ') return 'video/quicktime';
  if (major === 'M4A ' || major === 'M4B ') return 'audio/mp4';
  if (major.startsWith('3gp')) return 'video/3gpp';
  if (major.startsWith('3g2')) return 'video/3gpp2';
  if (major === 'crx ') return 'image/x-canon-cr3';
  return 'video/mp4';
}

/** Size of a first box beyond which its four size bytes would be four letters. */
const maxFirstBoxBytes = 0x20000000;

/** QuickTime files older than the `ftyp` box: a plausible size, and only what may stand first. */
function ofQuickTime(bytes: Buffer): string | null {
  const size = bytes.readUInt32BE(0);
  return size === 1 || (size >= 8 && size < maxFirstBoxBytes) ? 'video/quicktime' : null;
}

/** Matroska (RFC 9559): the DocType element (0x4282) of the EBML header. */
function ofMatroska(bytes: Buffer): string {
  const at = bytes.subarray(0, 256).indexOf('\x42\x82', 0, 'latin1');
  const type = at < 0 ? '' : bytes.toString('latin1', at + 3, at + 3 + (bytes[at + 2]! & 0x7f));
  return type === 'webm' ? 'video/webm' : 'video/matroska';
}

const ooxml = 'application/vnd.openxmlformats-officedocument';

/** ZIP files whose first entries are those of an office document; else a plain ZIP. */
function ofZip(bytes: Buffer): string {
  const first = zipEntryName(bytes, 0);
  if (first === 'mimetype') {
    const start = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
    const declared = bytes.toString('latin1', start, start + Math.min(128, bytes.readUInt32LE(18)));
    return /^application\/[\w.+-]+$/.test(declared) ? declared : 'application/zip';
  }
  if (first !== '[Content_Types].xml' && !first.startsWith('_rels/') && !first.startsWith('docProps/')) {
    return 'application/zip';
  }
  for (let at = 0; at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4, 'latin1')) {
    const name = zipEntryName(bytes, at);
    if (name.startsWith('word/')) return `${ooxml}.wordprocessingml.document`;
    if (name.startsWith('xl/')) return `${ooxml}.spreadsheetml.sheet`;
    if (name.startsWith('ppt/')) return `${ooxml}.presentationml.presentation`;
    if (name.startsWith('visio/')) return 'application/vnd.ms-visio.drawing';
  }
  return ooxml;
}

/** The name in a local file header (APPNOTE 4.3.7), or ''. */
function zipEntryName(bytes: Buffer, at: number): string {
  if (bytes.length < at + 30) return '';
  return bytes.toString('latin1', at + 30, at + 30 + bytes.readUInt16LE(at + 26));
}

/** Signatures too short to be believed alone. */
function ofShortSignature(bytes: Buffer): string | null {
  if (/^BZh[1-9]1AY&SY$/.test(bytes.toString('latin1', 0, 10))) return 'application/x-bzip2';
  if (holds(bytes, 0, 'BM') && isBitmap(bytes)) return 'image/bmp';
  if (holds(bytes, 0, 'ID3') && isId3(bytes)) return 'audio/mpeg';
  if (isMp3Frames(bytes)) return 'audio/mpeg';
  if (isTransportStream(bytes)) return 'video/mp2t';
  if (isIcon(bytes)) return 'image/vnd.microsoft.icon';
  if (holds(bytes, 0, 'MZ') && isPortableExecutable(bytes))
    return 'application/vnd.microsoft.portable-executable';
  return null;
}

/** BITMAPFILEHEADER with empty reserved fields, then a header of one of the sizes Windows knows. */
function isBitmap(bytes: Buffer): boolean {
  if (bytes.length < 18 || bytes.readUInt32LE(6) !== 0) return false;
  return [12, 40, 52, 56, 64, 108, 124].includes(bytes.readUInt32LE(14));
}

/** ID3v2 header: version 2 to 4 and a size of four 7-bit bytes. */
function isId3(bytes: Buffer): boolean {
  return (
    bytes.length >= 10 &&
    bytes[3]! >= 2 &&
    bytes[3]! <= 4 &&
    bytes.subarray(6, 10).every((byte) => byte < 128)
  );
}

/** Kilobits a second of MPEG-1 and MPEG-2/2.5 Layer III (ISO/IEC 11172-3, 13818-3), by bitrate index. */
const mpeg1Rates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const mpeg2Rates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const mpeg1Hertz = [44_100, 48_000, 32_000];

/** Two Layer III frames in a row, the second where the first one's length says. */
function isMp3Frames(bytes: Buffer): boolean {
  const length = mp3FrameLength(bytes, 0);
  return length > 0 && mp3FrameLength(bytes, length) > 0;
}

/** Length in bytes of the frame at a place, or 0 when there is none. */
function mp3FrameLength(bytes: Buffer, at: number): number {
  if (bytes.length < at + 4 || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe6) !== 0xe2) return 0;
  const version = (bytes[at + 1]! >> 3) & 3;
  const rate = bytes[at + 2]! >> 4;
  const hertz = mpeg1Hertz[(bytes[at + 2]! >> 2) & 3];
  if (version === 1 || rate === 0 || rate === 15 || hertz === undefined) return 0;
  const padding = (bytes[at + 2]! >> 1) & 1;
  if (version === 3) return Math.floor((144_000 * mpeg1Rates[rate]!) / hertz) + padding;
  return Math.floor((72_000 * mpeg2Rates[rate]!) / (version === 2 ? hertz / 2 : hertz / 4)) + padding;
}

/** MPEG-2 transport stream (ISO/IEC 13818-1): a sync byte every 188 bytes. */
function isTransportStream(bytes: Buffer): boolean {
  return bytes.length >= 565 && [0, 188, 376, 564].every((at) => bytes[at] === 0x47);
}

/** ICONDIR with few images, whose first entry has a zero reserved byte and lies after the directory. */
function isIcon(bytes: Buffer): boolean {
  if (bytes.length < 22 || bytes.readUInt32LE(0) !== 0x00010000) return false;
  const images = bytes.readUInt16LE(4);
  return images > 0 && images < 64 && bytes[9] === 0 && bytes.readUInt32LE(18) >= 6 + images * 16;
}

function isPortableExecutable(bytes: Buffer): boolean {
  if (bytes.length < 64) return false;
  return holds(bytes, bytes.readUInt32LE(60), 'PE\0\0');
}
