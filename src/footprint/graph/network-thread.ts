/**
 * The thread that holds the contact graph of one generation and answers questions about it, so that no answer
 * holds up whoever asks. Reading the tables goes through the query engine's own process.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { WaymarkError } from '../../base/errors.ts';
import type { Progress } from '../../base/progress.ts';
import { Engine } from '../../store/engine.ts';
import { viewOfFile } from '../../store/queries/network.ts';
import { Answering, overviewColumns } from './answers.ts';
import { choose, type DescribingJob, type Measures, type Places, pairsOf, type Shown } from './describe.ts';
import { type Level, type Over, readNetwork } from './model.ts';
import type { NetworkSource } from './network.ts';
import type { Question } from './questions.ts';

/** How far the description of one level has come. */
interface Description {
  readonly shown: Shown;
  measures?: Promise<Measures>;
  places?: Promise<Places>;
  measured?: Measures;
  progress: Progress;
}

const source = workerData as NetworkSource;
const answering = await load();
const descriptions = new Map<Over, Description>();

parentPort!.on('message', async ({ id, question }: { id: number; question: Question }) => {
  try {
    const result = await answer(question);
    const transfer = result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : [];
    parentPort!.postMessage({ kind: 'answer', id, result }, transfer);
  } catch (error) {
    parentPort!.postMessage({ kind: 'failed', id, error: plain(error) });
  }
});
parentPort!.postMessage({ kind: 'ready' });

async function load(): Promise<Answering> {
  try {
    const engine = await Engine.open(source.folders, source.temporaryFolder);
    try {
      for (const [table, file] of Object.entries(source.files)) await engine.run(viewOfFile(table, file));
      const model = await readNetwork(engine, (progress) =>
        parentPort!.postMessage({ kind: 'progress', progress }),
      );
      return new Answering(model);
    } finally {
      engine.close();
    }
  } catch (error) {
    parentPort!.postMessage({ kind: 'unusable', error: plain(error) });
    throw error;
  }
}

async function answer(question: Question): Promise<unknown> {
  if (question.kind === 'neighbours') return answering.neighbours(question);
  if (question.kind === 'path') return answering.path(question);
  if (question.kind === 'export nodes') return answering.exportNodes(question);
  if (question.kind === 'export ways') return answering.exportWays(question);
  const level = answering.model.level(question.over);
  const description = describe(level);
  const measures = measuresOf(level, description);
  if (question.kind === 'summary') {
    if (question.wait) await measures;
    return answering.summary(question, description.measured ?? null);
  }
  const places = placesOf(description, measures);
  const ready = await Promise.race([places, later()]);
  if (ready === null) return bytesOf({ state: 'working', ...description.progress });
  return bytesOf(overviewColumns(answering.model, level, description.shown, await measures, ready, question));
}

/** Time after which an overview that is not ready answers how far it is. */
const patienceMs = 1000;

function later(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), patienceMs));
}

function describe(level: Level): Description {
  let description = descriptions.get(level.over);
  if (!description) {
    description = {
      shown: choose(level.graph, pairsOf(level.graph)),
      progress: { stage: 'measuring', done: 0, total: null },
    };
    descriptions.set(level.over, description);
  }
  return description;
}

function measuresOf(level: Level, description: Description): Promise<Measures> {
  const { graph } = level;
  description.measures ??= inThread<Measures>(description, {
    kind: 'measure',
    pairs: pairsOf(graph),
    arcs: { nodes: graph.nodes, start: graph.outStart, to: graph.to, messages: graph.messages },
    shown: description.shown,
  }).then((measures) => (description.measured = measures));
  // A failure is told to those who wait for it, and the next question tries again.
  description.measures.catch(() => delete description.measures);
  return description.measures;
}

function placesOf(description: Description, measures: Promise<Measures>): Promise<Places> {
  description.places ??= measures.then(({ communities }) =>
    inThread<Places>(description, { kind: 'place', shown: description.shown, communities }),
  );
  description.places.catch(() => delete description.places);
  return description.places;
}

function inThread<T>(description: Description, job: DescribingJob): Promise<T> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./describing-thread.ts', import.meta.url), { workerData: job });
    thread.on(
      'message',
      (message: { kind: 'progress'; progress: Progress } | { kind: 'done'; result: T }) => {
        if (message.kind === 'progress') description.progress = message.progress;
        else resolve(message.result);
      },
    );
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('the describing thread ended without a result')));
  });
}

function bytesOf(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** An error as it can be sent to another thread. */
function plain(error: unknown): object {
  if (error instanceof WaymarkError) {
    const { code, message, where, remedy } = error;
    return { code, message, where, remedy };
  }
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
