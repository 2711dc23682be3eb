/**
 * Text that suspects or others wrote, or that quotes them. It is no string to the rest of the page: TypeScript
 * refuses it as a child, an attribute or a class, so that only `EvidenceText` can put it on the screen.
 */
declare const opaque: unique symbol;
export interface Evidence {
  readonly [opaque]: 'evidence';
}

/** A run of text as it stands, or one character that would not be seen or would change what is seen. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mark'; readonly label: string; readonly title: string };

/** Control, format, line and paragraph separator, surrogate, private, unassigned-for-ever and blank characters. */
const unseen =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffd]/gu;

const names: Readonly<Record<number, readonly [string, string]>> = {
  0: ['NUL', 'null'],
  7: ['BEL', 'bell'],
  8: ['BS', 'backspace'],
  9: ['TAB', 'tab'],
  10: ['LF', 'line feed'],
  13: ['CR', 'carriage return'],
  27: ['ESC', 'escape'],
  127: ['DEL', 'delete'],
  173: ['SHY', 'soft hyphen'],
  1564: ['ALM', 'Arabic letter mark'],
  4447: ['HCF', 'Hangul choseong filler'],
  4448: ['HJF', 'Hangul jungseong filler'],
  6158: ['MVS', 'Mongolian vowel separator'],
  8203: ['ZWSP', 'zero-width space'],
  8204: ['ZWNJ', 'zero-width non-joiner'],
  8205: ['ZWJ', 'zero-width joiner'],
  8206: ['LRM', 'left-to-right mark'],
  8207: ['RLM', 'right-to-left mark'],
  8232: ['LS', 'line separator'],
  8233: ['PS', 'paragraph separator'],
  8234: ['LRE', 'left-to-right embedding'],
  8235: ['RLE', 'right-to-left embedding'],
  8236: ['PDF', 'pop directional formatting'],
  8237: ['LRO', 'left-to-right override'],
  8238: ['RLO', 'right-to-left override'],
  8288: ['WJ', 'word joiner'],
  8294: ['LRI', 'left-to-right isolate'],
  8295: ['RLI', 'right-to-left isolate'],
  8296: ['FSI', 'first strong isolate'],
  8297: ['PDI', 'pop directional isolate'],
  10240: ['BRAILLE BLANK', 'blank Braille pattern'],
  12644: ['HF', 'Hangul filler'],
  65038: ['VS15', 'text variation selector'],
  65039: ['VS16', 'emoji variation selector'],
  65279: ['BOM', 'zero-width no-break space'],
  65532: ['OBJ', 'object replacement character'],
  65533: ['?', 'replacement character: bytes that were no character'],
};

/** Cuts text into what is shown as it stands and what is shown as a mark. Line breaks stand when `lines`. */
export function segmentsOf(text: string, lines = false): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    const character = match[0];
    if (lines && (character === '\n' || character === '\t')) continue;
    if (lines && character === '\r' && text[match.index + 1] === '\n') {
      if (match.index > from) segments.push({ kind: 'text', text: text.slice(from, match.index) });
      from = match.index + 1;
      continue;
    }
    if (match.index > from) segments.push({ kind: 'text', text: text.slice(from, match.index) });
    segments.push(markOf(character.codePointAt(0)!));
    from = match.index + character.length;
  }
  if (from < text.length) segments.push({ kind: 'text', text: text.slice(from) });
  return segments;
}

function markOf(code: number): Segment {
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const [label, name] = names[code] ?? [point, 'a character that is not seen'];
  return { kind: 'mark', label: `⟦${label}⟧`, title: `${name}, ${point}` };
}

/** The text itself; for the renderer, addresses and comparison only. */
export function plain(value: Evidence): string {
  return value as unknown as string;
}

/** Text of the page's own making, decoded from an exhibit's bytes. */
export function asEvidence(text: string): Evidence {
  return text as unknown as Evidence;
}

/** Whether any of the values holds the text, in either case. */
export function holds(values: readonly (Evidence | null)[], wanted: string): boolean {
  const folded = wanted.toLowerCase();
  return values.some((value) => value !== null && plain(value).toLowerCase().includes(folded));
}

/** Whether two values are the same text. */
export function areSame(a: Evidence | null, b: Evidence | null): boolean {
  return a === b;
}

export function isEmpty(value: Evidence | null): boolean {
  return value === null || plain(value) === '';
}

/** The exhibit that a pointer names, or null for what is no pointer into one (a decision). */
export function exhibitOf(pointer: Evidence): string | null {
  return /^[0-9a-f]{16}(?=[/@])/.exec(plain(pointer))?.[0] ?? null;
}

/** A key for React, an address or a comparison: never shown. */
export function keyOf(...values: readonly (Evidence | string | number | null)[]): string {
  return values.map((value) => String(value)).join('\u0000');
}

/**
 * Text as it is seen, marks included, for drawings and drafts, where no element can stand: nothing unseen is left
 * in it. Cut after `most` characters, with an ellipsis.
 */
export function asSeen(value: Evidence | null, most = Number.POSITIVE_INFINITY): string {
  if (value === null) return '';
  const whole = segmentsOf(plain(value))
    .map((segment) => (segment.kind === 'text' ? segment.text : segment.label))
    .join('');
  if (whole.length <= most) return whole;
  return `${[...whole].slice(0, most - 1).join('')}…`;
}

/** Text that an officer is to change, for a field of a form: there it is text and nothing else. */
export function forEditing(value: Evidence): string {
  return plain(value);
}

/** How many characters of a text would not be seen in a field of a form; line breaks and tabs are. */
export function unseenIn(text: string): number {
  return segmentsOf(text, true).filter(({ kind }) => kind === 'mark').length;
}
