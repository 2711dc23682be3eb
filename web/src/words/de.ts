import { decide } from './de-decide.ts';
import { follow } from './de-follow.ts';
import { shell } from './de-shell.ts';

/** The same in German. */
export const german = { ...shell, ...decide, ...follow };
