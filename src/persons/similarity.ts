/** Text likeness for comparisons: exact figures on short words, without objects. */

const flagsA = new Uint8Array(256);
const flagsB = new Uint8Array(256);

/** Jaro-Winkler similarity, 0 to 1, prefix scale 0.1 over at most four letters (Winkler 1990). Texts above 255 units are cut. */
export function jaroWinkler(a: string, b: string): number {
  const [la, lb] = [Math.min(255, a.length), Math.min(255, b.length)];
  if (la === 0 || lb === 0) return 0;
  const reach = Math.max(0, (Math.max(la, lb) >> 1) - 1);
  flagsA.fill(0, 0, la);
  flagsB.fill(0, 0, lb);
  let common = 0;
  for (let i = 0; i < la; i++) {
    const letter = a.charCodeAt(i);
    const end = Math.min(lb - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= end; j++) {
      if (flagsB[j] === 0 && b.charCodeAt(j) === letter) {
        flagsA[i] = 1;
        flagsB[j] = 1;
        common++;
        break;
      }
    }
  }
  if (common === 0) return 0;
  let swapped = 0;
  for (let i = 0, j = 0; i < la; i++) {
    if (flagsA[i] === 0) continue;
    while (flagsB[j] === 0) j++;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) swapped++;
    j++;
  }
  const jaro = (common / la + common / lb + (common - swapped / 2) / common) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < la && prefix < lb && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Whether one insertion, deletion, substitution or swap of neighbours turns one text into the other. */
export function isOneEdit(a: string, b: string): boolean {
  if (a.length > b.length) return isOneEdit(b, a);
  if (b.length - a.length > 1) return false;
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (a.length === b.length) {
    if (i === a.length) return true;
    if (a.slice(i + 1) === b.slice(i + 1)) return true;
    return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
  }
  return a.slice(i) === b.slice(i + 1);
}

/** Letters of a text as a mask of 26 letters and 5 further classes; texts that share no bit share no letter. */
export function letterMask(text: string): number {
  let mask = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i) - 97;
    mask |= 1 << (letter >= 0 && letter < 26 ? letter : 26 + (text.charCodeAt(i) % 5));
  }
  return mask;
}

/** Bits set in a 32-bit mask. */
export function bitCount(mask: number): number {
  let x = mask - ((mask >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return (((x + (x >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** FNV-1a over UTF-16 units, 32 bits. Same on every machine; not for secrets. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Mixes a 32-bit number so that neighbours fall apart (finaliser of MurmurHash3, public domain). */
export function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
