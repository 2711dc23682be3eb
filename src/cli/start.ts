/**
 * `npm start [folder]`: the whole journey in one command. Without a folder it writes the bundled exercise (small,
 * invented, in the real file formats) and works on that.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { generateExercise } from '../exercise/generate.ts';
import { Operation } from '../store/operation.ts';
import { actorId } from './actor.ts';
import { exitCode, showProgress } from './terminal.ts';
import { runAll } from './verbs/intake.ts';
import { serveWorkbench } from './verbs/serve.ts';

const root = path.join(import.meta.dirname, '..', '..');
const exampleMembers = 200;
const exampleSeed = 7;

async function exampleEvidence(): Promise<string> {
  const folder = path.join(root, 'operations', `example-${exampleMembers}-${exampleSeed}`);
  if (!fs.existsSync(path.join(folder, 'truth'))) {
    const progress = showProgress();
    progress.onProgress({
      stage: `writing an exercise of ${exampleMembers} invented members`,
      done: 0,
      total: null,
    });
    const unfinished = `${folder}.${process.pid}.tmp`;
    await generateExercise(unfinished, { members: exampleMembers, seed: exampleSeed });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(unfinished, folder);
    progress.end();
  }
  return path.join(folder, 'evidence');
}

/** The user's folder as they wrote it, from where they stood when they called npm. */
function givenFolder(argument: string): string {
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), argument);
  if (fs.existsSync(folder)) return folder;
  throw new WaymarkError('usage', `there is nothing at ${argument}`, {
    remedy: 'Name the folder that holds your exhibits: npm start -- /path/to/exhibits',
  });
}

function operationFor(evidence: string): string {
  const name = path.basename(evidence).replace(/[^A-Za-z0-9._-]/g, '-') || 'operation';
  return path.join(root, 'operations', `${name}-${sha256Hex(evidence).slice(0, 8)}`);
}

try {
  const [argument, ...rest] = process.argv.slice(2);
  if (rest.length > 0 || argument?.startsWith('-')) {
    throw new WaymarkError('usage', 'npm start takes one folder', {
      remedy:
        'Run "npm start" for the example, or "npm start -- <folder>". For everything else: npm run waymark -- --help',
    });
  }
  const evidence = argument === undefined ? await exampleEvidence() : givenFolder(argument);
  const folder = argument === undefined ? `${path.dirname(evidence)}-operation` : operationFor(evidence);
  const operation = Operation.open(folder, { actor: actorId() });
  try {
    await runAll(operation, {}, evidence);
    process.stdout.write(`\nThe operation is in ${folder}\n`);
    const port = process.env.WAYMARK_PORT ?? '4747';
    await serveWorkbench(operation, { port: Number(port) });
  } finally {
    operation.close();
  }
} catch (error) {
  process.stderr.write(`waymark: ${messageOf(error)}\n`);
  process.exitCode =
    error instanceof WaymarkError && error.code === 'usage' ? exitCode.usage : exitCode.failed;
}
