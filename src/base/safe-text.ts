/**
 * Text from evidence made harmless for a terminal: control characters (which could move the cursor or set a
 * title), bidi overrides and zero-width characters become visible marks.
 */
export function safeText(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (letter) => `⟦${letter.codePointAt(0)!.toString(16).padStart(4, '0')}⟧`,
  );
}
