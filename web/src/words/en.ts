import { decide } from './en-decide.ts';
import { follow } from './en-follow.ts';
import { shell } from './en-shell.ts';

/** Every word of the page, in English: each area in a file of its own. */
export const english = { ...shell, ...decide, ...follow } as const;
