import { readingPolicy } from '../../workbench/reading.ts';
import type { readingEndpoints } from '../contract/reading.ts';
import type { HandlersOf } from './handler.ts';

export const readingHandlers: HandlersOf<typeof readingEndpoints> = {
  showReading: async ({ operation }) => readingPolicy(operation),
};
