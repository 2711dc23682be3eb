import table from 'unhomoglyph/data.json' with { type: 'json' };

/** Each character that is drawn like others, and what stands for all of them (Unicode's confusables). */
const prototypes = new Map(Object.entries(table as Record<string, string>));

/**
 * The skeleton of a text (UTS 39): texts that are drawn alike have one. For comparing only: it is no spelling of
 * anything, and is never shown.
 */
export function skeletonOf(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return Array.from(bare, (character) => prototypes.get(character) ?? character)
    .join('')
    .normalize('NFD');
}
