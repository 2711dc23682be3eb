import { parentPort, workerData } from 'node:worker_threads';
import { type CoUseSettings, countPairs, sortStretches } from './co-use.ts';

/** One worker of the kernel in `co-use.ts`: sorts its share, then counts its share. */
const { shared, starts, settings, index } = workerData as {
  shared: SharedArrayBuffer;
  starts: Uint32Array;
  settings: CoUseSettings;
  index: number;
};

parentPort!.on('message', (step: 'sort' | 'count') => {
  if (step === 'sort') {
    sortStretches(shared, starts, index, settings.workers);
    parentPort!.postMessage('sorted');
  } else {
    const pairs = countPairs(shared, starts, settings, index);
    parentPort!.postMessage(pairs, [
      pairs.a.buffer,
      pairs.b.buffer,
      pairs.lines.buffer,
      pairs.bits.buffer,
    ] as ArrayBuffer[]);
  }
});
