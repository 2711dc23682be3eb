import { access } from './de-access.ts';
import { decide } from './de-decide.ts';
import { exchange } from './de-exchange.ts';
import { follow } from './de-follow.ts';
import { notes } from './de-notes.ts';
import { shell } from './de-shell.ts';
import { views } from './de-views.ts';

/** The same in German. */
export const german = { ...shell, ...access, ...decide, ...follow, ...exchange, ...notes, ...views };
