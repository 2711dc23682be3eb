import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';

const root = path.join(import.meta.dirname, '..', '..');
const webFolder = path.join(root, 'web');
const stampFile = '.sources';

/**
 * The folder of the built page. Builds it when it is missing or was made from other sources; a release that
 * carries the built page needs no builder. Throws WaymarkError 'storage' when it cannot be built.
 */
export async function ensureWebBuilt(): Promise<string> {
  const dist = path.join(webFolder, 'dist');
  const sources = hashSources();
  if (stampOf(dist) === sources) return dist;
  const temporary = path.join(webFolder, `dist-${process.pid}.tmp`);
  try {
    const { build } = await import('vite');
    await build({
      root: webFolder,
      configFile: path.join(webFolder, 'vite.config.ts'),
      logLevel: 'error',
      mode: 'production',
      build: { outDir: temporary, emptyOutDir: true },
    });
    fs.writeFileSync(path.join(temporary, stampFile), sources);
    moveIntoPlace(temporary, dist, sources);
  } catch (cause) {
    throw new WaymarkError('storage', 'the page could not be built', {
      where: webFolder,
      remedy: 'Run "npm ci" and try again.',
      cause,
    });
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  return dist;
}

/** Hash of everything that the page is made from. */
export function hashSources(): string {
  const hash = createHash('sha256');
  for (const file of sourceFiles()) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function sourceFiles(): string[] {
  const inside = fs
    .readdirSync(path.join(webFolder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join('web', 'src', name))
    .filter((name) => fs.statSync(path.join(root, name)).isFile());
  const beside = ['web/index.html', 'web/vite.config.ts', 'package.json'];
  return [...inside, ...beside].map((name) => name.split(path.sep).join('/')).sort();
}

function stampOf(dist: string): string | null {
  try {
    return fs.readFileSync(path.join(dist, stampFile), 'utf8');
  } catch {
    return null;
  }
}

/** Another process may have built the same at the same time: then its result stands. */
function moveIntoPlace(temporary: string, dist: string, sources: string): void {
  for (let attempt = 0; attempt < 5; attempt++) {
    fs.rmSync(dist, { recursive: true, force: true });
    try {
      fs.renameSync(temporary, dist);
      return;
    } catch (error) {
      if (stampOf(dist) === sources) return;
      if (attempt === 4) throw error;
    }
  }
}
