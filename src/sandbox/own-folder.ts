import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

let folder: string | undefined;

/** A folder that only this process's user can enter, and that goes with the process. */
export function ownFolder(): string {
  if (folder === undefined) {
    const made = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'waymark-'));
    process.once('exit', () => fs.rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}
