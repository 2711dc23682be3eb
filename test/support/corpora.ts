import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * The acceptance corpora lie beside the project, not in it. Tests that need them are skipped where they are
 * absent, and say so.
 */
export const corpora = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'corpora');
export const corporaMissing = fs.existsSync(corpora)
  ? false
  : 'the acceptance corpora are not beside the project';
