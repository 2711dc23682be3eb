/**
 * The thread that measures and places: minutes of work at worst, so that the thread which answers stays free. It
 * gets copies, gives back arrays, and ends.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type DescribingJob, measure, place } from './describe.ts';

const job = workerData as DescribingJob;
const quietMs = 100;
let [lastStage, lastMs] = ['', 0];

function tell(stage: string, done: number, total: number | null): void {
  const now = performance.now();
  if (stage === lastStage && now - lastMs < quietMs) return;
  lastStage = stage;
  lastMs = now;
  parentPort!.postMessage({ kind: 'progress', progress: { stage, done, total } });
}

const result = job.kind === 'measure' ? measure(job, tell) : await place(job, tell);
parentPort!.postMessage({ kind: 'done', result });
