import { access } from './en-access.ts';
import { decide } from './en-decide.ts';
import { exchange } from './en-exchange.ts';
import { follow } from './en-follow.ts';
import { notes } from './en-notes.ts';
import { shell } from './en-shell.ts';
import { views } from './en-views.ts';

/** Every word of the page, in English: each area in a file of its own. */
export const english = {
  ...shell,
  ...access,
  ...decide,
  ...follow,
  ...exchange,
  ...notes,
  ...views,
} as const;
