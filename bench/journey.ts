import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { generateExercise } from '../src/exercise/generate.ts';
import { workFolder } from './support/evidence.ts';
import { type Cost, Watch } from './support/measure.ts';
import { benchProgram, waymark } from './support/programs.ts';

const seed = '7';
const usualSizes = [10_000, 50_000];
const fullSizes = [...usualSizes, 200_000];
const askEveryMs = 500;

/** Delays of the server's event loop, in milliseconds. */
interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface Stage extends Cost {
  readonly stage: string;
  readonly delay: Delay;
  /** Requests answered while it ran, those among them told that a part is still to come, and those that failed. */
  readonly answered: number;
  readonly toCome: number;
  readonly failed: number;
}

interface Journey {
  readonly members: number;
  readonly load: number;
  readonly stages: readonly Stage[];
}

/**
 * The whole journey: exhibits on disk, read by the command line while a server serves the operation; then a build that
 * the page's button starts. For each size the cost of reading, of the way to the queue, and of what follows it; then
 * how each grows with the size. `--members 10000,50000` chooses sizes, `--full` adds 200,000.
 */
export async function journey(): Promise<void> {
  const journeys: Journey[] = [];
  for (const members of sizes()) {
    const made = await travel(members);
    journeys.push(made);
    process.stdout.write(`${textOf(made)}\n${JSON.stringify(made)}\n`);
  }
  if (journeys.length > 1) process.stdout.write(`${growthOf(journeys)}\n`);
}

function sizes(): number[] {
  const at = process.argv.indexOf('--members');
  if (at >= 0) return process.argv[at + 1]!.split(',').map(Number);
  return process.argv.includes('--full') ? fullSizes : usualSizes;
}

async function travel(members: number): Promise<Journey> {
  const exercise = path.join(workFolder, `journey-${members}`);
  if (!fs.existsSync(path.join(exercise, 'truth', 'summary.json'))) {
    process.stderr.write(`writing an exercise of ${members} members\n`);
    fs.rmSync(exercise, { recursive: true, force: true });
    await generateExercise(exercise, { members, seed });
  }
  const operation = path.join(workFolder, `journey-operation-${members}`);
  fs.rmSync(operation, { recursive: true, force: true });
  const load = os.loadavg()[0]!;
  const server = await Server.start(operation);
  try {
    const stages = [await read(server, exercise, operation), ...(await build(server))];
    await score(exercise, operation);
    return { members, load, stages };
  } finally {
    await server.stop();
  }
}

async function read(server: Server, exercise: string, operation: string): Promise<Stage> {
  process.stderr.write('reading\n');
  const add = waymark('exhibit', 'add', path.join(exercise, 'evidence'), '--operation', operation);
  const child = spawn(add.program, add.args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const watch = new Watch(child.pid!);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const cost = watch.take();
  watch.stop();
  // 3: some files are no format that is read, and are kept.
  if (code !== 0 && code !== 3) throw new Error(`reading ended with ${code}`);
  return { stage: 'reading', ...cost, ...(await server.figures()) };
}

async function build(server: Server): Promise<Stage[]> {
  process.stderr.write('building\n');
  const watch = new Watch(server.pid);
  const stages: Stage[] = [];
  try {
    await server.post('/api/build');
    for await (const event of server.events()) {
      if (event.kind === 'failed') throw new Error(`the build failed: ${JSON.stringify(event)}`);
      if (event.kind === 'progress') process.stderr.write(`  ${event.stage}\n`);
      if (event.kind !== 'in force' && event.kind !== 'done') continue;
      const stage = event.kind === 'done' ? 'what follows the queue' : 'from records to the queue';
      stages.push({ stage, ...watch.take(), ...(await server.figures()) });
      if (event.kind === 'done') break;
    }
  } finally {
    watch.stop();
  }
  return stages;
}

async function score(exercise: string, operation: string): Promise<void> {
  const { program, args } = waymark(
    ...['exercise', 'score', '--truth', path.join(exercise, 'truth'), '--operation', operation],
  );
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  await new Promise((resolve) => child.once('exit', resolve));
}

/** A server of the operation, and somebody who looks at its pages all the while. */
class Server {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly origin: string;
  private readonly cookie: string;
  private readonly asking: NodeJS.Timeout;
  private counts = { answered: 0, toCome: 0, failed: 0 };

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, origin: string, cookie: string) {
    this.child = child;
    this.lines = lines;
    this.origin = origin;
    this.cookie = cookie;
    this.asking = setInterval(() => void this.look(), askEveryMs);
  }

  static async start(operation: string): Promise<Server> {
    const { program, args } = benchProgram('serve-operation.ts', operation);
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = readline.createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const url = new URL((await lines.next()).value as string);
    const answer = await fetch(url, { redirect: 'manual' });
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    return new Server(child, lines, url.origin, cookie);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** What was measured since it was last asked. */
  async figures(): Promise<Pick<Stage, 'delay' | 'answered' | 'toCome' | 'failed'>> {
    this.child.stdin!.write('figures\n');
    const delay = JSON.parse((await this.lines.next()).value as string) as Delay;
    const { counts } = this;
    this.counts = { answered: 0, toCome: 0, failed: 0 };
    return { delay, ...counts };
  }

  async post(address: string): Promise<void> {
    const answer = await fetch(this.origin + address, { method: 'POST', headers: this.headers });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
  }

  /** Events of the work under way. */
  async *events(): AsyncGenerator<{ readonly kind: string; readonly stage?: string }> {
    const answer = await fetch(`${this.origin}/api/progress`, { headers: this.headers });
    let text = '';
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      const found = (text + piece).split('\n\n');
      text = found.pop()!;
      for (const event of found) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) yield JSON.parse(data);
      }
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.asking);
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin!.end();
    setTimeout(() => this.child.kill(), 5000).unref();
    await ended;
  }

  private get headers(): Record<string, string> {
    return { Cookie: this.cookie, Origin: this.origin, 'Sec-Fetch-Site': 'same-origin' };
  }

  private async look(): Promise<void> {
    for (const address of ['/api/operation', '/api/queue?limit=50', '/api/timeline?limit=50']) {
      try {
        const answer = await fetch(this.origin + address, { headers: this.headers });
        const body = (await answer.json()) as { error?: { code: string } };
        if (answer.ok) this.counts.answered++;
        // Before the first build nothing is there; after it a part may be still to come.
        else if (['not-derived', 'not-found'].includes(body.error?.code ?? '')) this.counts.toCome++;
        else this.counts.failed++;
      } catch {
        this.counts.failed++;
      }
    }
  }
}

function textOf({ members, load, stages }: Journey): string {
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const toQueue = seconds - stages.at(-1)!.seconds;
  const peak = Math.max(...stages.map(({ peakBytes }) => peakBytes)) / 1024 / 1024;
  const lines = stages.map(
    ({ stage, delay, ...each }) =>
      `  ${stage.padEnd(26)} ${each.seconds.toFixed(1)} s, processor ${each.cpuSeconds.toFixed(1)} s, peak ${(each.peakBytes / 1024 / 1024).toFixed(0)} MiB; ` +
      `event loop p50 ${delay.p50}, p99 ${delay.p99}, max ${delay.max} ms; ${each.answered} answers, ${each.toCome} still to come, ${each.failed} failed`,
  );
  return [
    `${members} members, load ${load.toFixed(1)} on ${os.availableParallelism()} processors before it began:`,
    ...lines,
    `  from exhibits to the queue ${toQueue.toFixed(1)} s; all ${seconds.toFixed(1)} s; peak ${peak.toFixed(0)} MiB`,
  ].join('\n');
}

/** The exponent of each stage's cost in members, by least squares over the logarithms: 1 is linear. */
function growthOf(journeys: readonly Journey[]): string {
  const names = journeys[0]!.stages.map(({ stage }) => stage);
  const lines = names.map((name) => {
    const points = (cost: (stage: Stage) => number) =>
      journeys.map(
        ({ members, stages }) => [members, cost(stages.find(({ stage }) => stage === name)!)] as const,
      );
    const cpu = exponent(points(({ cpuSeconds }) => cpuSeconds));
    const wall = exponent(points(({ seconds }) => seconds));
    return `  ${name.padEnd(26)} members^${cpu.toFixed(2)} of processor time, members^${wall.toFixed(2)} of time`;
  });
  return [`growth over ${journeys.map(({ members }) => members).join(', ')} members:`, ...lines].join('\n');
}

function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [x0, y0] = [mean(0), mean(1)];
  const top = logs.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0);
  return top / logs.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
}
