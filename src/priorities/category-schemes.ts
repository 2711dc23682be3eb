/**
 * Categories of hash lists that say a file is NOT of the kind listed: such a match is no indicator. Categories
 * belong to their scheme (the country segment of a VICS list) and are never compared across schemes. Integer
 * codes of other countries are not public: a unit that has them adds them here.
 * Source: the public US scheme of VICS 2.0 (0 non-pertinent, 4 comparison images).
 */
export const notPertinent: readonly { readonly scheme: string; readonly category: string }[] = [
  { scheme: 'US', category: '0' },
  { scheme: 'US', category: '4' },
];
