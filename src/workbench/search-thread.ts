/** The thread that answers searches of a server, so that a long one keeps nobody else waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../base/reported.ts';
import { type Question, Searcher } from '../footprint/search/ask.ts';

const searcher = new Searcher((workerData as { file: string }).file);
parentPort!.on('message', ({ id, question }: { id: number; question: Question }) => {
  try {
    parentPort!.postMessage({ id, reply: searcher.answer(question) });
  } catch (error) {
    parentPort!.postMessage({ id, failure: failureOf(error) });
  }
});
