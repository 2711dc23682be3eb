interface Piece {
  readonly text: string;
  readonly masked: boolean;
}

/** Cuts a text where it holds one of the words, in either case and inside other words too. */
export function piecesOf(text: string, words: readonly string[]): Piece[] {
  const given = words.filter((word) => word !== '');
  if (given.length === 0) return [{ text, masked: false }];
  const longestFirst = [...given].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const any = new RegExp(
    longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
    'giu',
  );
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(any)) {
    if (index > from) pieces.push({ text: text.slice(from, index), masked: false });
    pieces.push({ text: found, masked: true });
    from = index + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), masked: false });
  return pieces;
}
