/** `waymark <verb>`: starts the command line with what was compiled for an earlier call. */
import { keepCompiled } from './keep-compiled.ts';

keepCompiled();
await import('./main.ts');
