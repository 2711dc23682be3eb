/**
 * `npm run fuzz [-- target ...] [-- --inputs n] [-- --seed n] [-- --only n]`: gives every reader, the unpacking and the
 * sandbox's pipe damaged inputs and prints what became of them, one line each. Ends with 1 where anything was found.
 * `--only` gives one input and writes its bytes to standard output. Figures worth keeping go to docs/reliability.md.
 */

import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { limits } from '../../src/base/limits.ts';
import { type Finding, madeInput, tryInput } from './fuzz.ts';
import { targets } from './targets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);
const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0 || !(inputs >= 1) || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `usage: npm run fuzz -- [${targets.map(({ name }) => name).join(' | ')}] --inputs n --seed n\n`,
  );
  process.exit(64);
}

if (values.only !== undefined) {
  for (const target of chosen) {
    process.stdout.write(madeInput(target, seed, Number(values.only)).bytes);
    process.stderr.write(`${(await tryInput(target, seed, Number(values.only)))?.what ?? 'nothing found'}\n`);
  }
  process.exit();
}

/** Inputs given to a fresh worker at a time, so that a hang costs no more than itself. */
interface Outcome {
  readonly findings: Finding[];
  readonly hangs: number;
  readonly slowestMs: number;
  readonly slowest: number;
}

let found = 0;
for (const target of chosen) {
  const began = performance.now();
  const { findings, hangs, slowestMs, slowest } = await giveAll(target.name);
  found += findings.length;
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${target.name}: ${inputs} inputs, ${findings.length} findings, ${hangs} hangs, slowest ${slowestMs} ms (${slowest}), ${seconds.toFixed(0)} s\n`,
  );
  const kinds = Map.groupBy(findings, ({ what }) => what.replaceAll(/\d+/g, '0'));
  for (const [, same] of kinds)
    process.stdout.write(`  ${same.length} x ${same[0]!.what} (first: --only ${same[0]!.n})\n`);
}
process.exitCode = found > 0 ? 1 : 0;

async function giveAll(name: string): Promise<Outcome> {
  const findings: Finding[] = [];
  const place = new Int32Array(new SharedArrayBuffer(12));
  let hangs = 0;
  for (let from = 0; from < inputs; ) {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { name, seed, from, to: inputs, place },
    });
    worker.on('message', (finding: Finding) => findings.push(finding));
    const ended = await watch(worker, place);
    if (ended === null) break;
    const n = place[0]!;
    if (ended === 'hang') hangs++;
    findings.push({ target: name, seed, n, what: ended });
    from = n + 1;
  }
  return { findings, hangs, slowestMs: place[1]!, slowest: place[2]! };
}

/** Null once the worker is through; else why it ended: 'hang' past the sandbox's own limit, or its crash. */
function watch(worker: Worker, place: Int32Array): Promise<string | null> {
  return new Promise((resolve) => {
    let last = -1;
    let since = performance.now();
    const timer = setInterval(() => {
      const now = Atomics.load(place, 0);
      if (now !== last) {
        last = now;
        since = performance.now();
      } else if (performance.now() - since > limits.sandboxSilenceMs) {
        finish('hang');
        void worker.terminate();
      }
    }, 1000);
    const finish = (why: string | null) => {
      clearInterval(timer);
      resolve(why);
    };
    worker.once('error', (error) => finish(`crash: ${String(error)}`));
    worker.once('exit', () => finish(null));
  });
}
