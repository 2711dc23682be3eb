/** Gives a target a run of inputs; shares the number of the one it is at, so that a hang is seen from outside. */
import { parentPort, workerData } from 'node:worker_threads';
import { tryInput } from './fuzz.ts';
import { targets } from './targets.ts';

const { name, seed, from, to, place } = workerData as {
  name: string;
  seed: number;
  from: number;
  to: number;
  /** [0] input at work, [1] milliseconds that the slowest took, [2] its number. */
  place: Int32Array;
};
const target = targets.find((each) => each.name === name)!;
for (let n = from; n < to; n++) {
  Atomics.store(place, 0, n);
  const began = performance.now();
  const finding = await tryInput(target, seed, n);
  const took = performance.now() - began;
  if (took > place[1]!) {
    Atomics.store(place, 1, Math.ceil(took));
    Atomics.store(place, 2, n);
  }
  if (finding) parentPort!.postMessage(finding);
}
