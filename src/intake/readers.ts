import type { Reader } from '../evidence/reader.ts';

/** Every reader, in the order in which they are asked. To add one, write its file and name it here. */
export const readers: readonly Reader[] = [];
