import { spawn } from 'node:child_process';
import * as fs from 'node:fs';

/** What one run cost. */
export interface Cost {
  readonly seconds: number;
  /**
   * Processor seconds, user and system, of the command and all it started: of what it waited for exactly, of what it did
   * not wait for (sandboxes) as last sampled, so up to 20 ms a process too little.
   */
  readonly cpuSeconds: number;
  /**
   * The most resident memory that the command and its descendants held at one moment, sampled every 20 ms.
   * Pages that processes share (the runtime's own code) count in each of them, so this is an upper bound.
   */
  readonly peakBytes: number;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** File that standard input is read from. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A process that works for the command without being started by it (a database server). */
  readonly helper?: number;
  /** Exit codes that are no failure; 0 always is one. */
  readonly accepted?: readonly number[];
}

const samplingMs = 20;
const pageBytes = 4096;
const ticksPerSecond = 100;

/** Runs a command to its end. Throws Error with the end of its standard error when it fails. */
export async function measure(command: Command): Promise<Cost> {
  const input = command.input === undefined ? undefined : fs.openSync(command.input, 'r');
  const helperBefore = command.helper === undefined ? 0 : cpuSecondsOf(command.helper);
  const began = performance.now();
  // The shell's own `time` knows the processor time of everything that was waited for.
  const child = spawn(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@"', command.program, ...command.args],
    {
      stdio: [input ?? 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...command.env },
    },
  );
  let stderr = '';
  child.stderr!.on('data', (piece: Buffer) => {
    stderr = (stderr + piece.toString('latin1')).slice(-4000);
  });
  let peakBytes = 0;
  const sampled = new Map<number, number>();
  const helpers = command.helper === undefined ? [] : [command.helper];
  const sampling = setInterval(() => {
    const tree = treeOf([child.pid!]);
    for (const { pid, cpuSeconds } of tree) sampled.set(pid, cpuSeconds);
    peakBytes = Math.max(
      peakBytes,
      sumOfBytes(tree) + (helpers.length > 0 ? sumOfBytes(treeOf(helpers)) : 0),
    );
  }, samplingMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', (exit) => resolve(exit)));
  const seconds = (performance.now() - began) / 1000;
  clearInterval(sampling);
  if (input !== undefined) fs.closeSync(input);
  if (code !== 0 && !command.accepted?.includes(code ?? -1)) {
    throw new Error(`${command.program} ended with ${code}: ${stderr.trim()}`);
  }
  const [user, system] = stderr.trimEnd().split('\n').at(-1)!.split(' ').map(Number);
  const seen = [...sampled.values()].reduce((sum, each) => sum + each, 0);
  const helped = command.helper === undefined ? 0 : cpuSecondsOf(command.helper) - helperBefore;
  return { seconds, cpuSeconds: Math.max(user! + system!, seen) + helped, peakBytes };
}

/** Processor seconds that a process has used so far. */
function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid)?.fields ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}

function sumOfBytes(processes: readonly Process[]): number {
  return processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
}

interface Process {
  readonly pid: number;
  readonly residentBytes: number;
  /** User and system, its own alone. */
  readonly cpuSeconds: number;
}

/** Processes and all their descendants, from /proc. */
function treeOf(roots: readonly number[]): Process[] {
  const children = new Map<number, number[]>();
  const processes = new Map<number, Process>();
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const fields = statOf(pid)?.fields;
    if (!fields) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    processes.set(pid, { pid, residentBytes: Number(fields[21]) * pageBytes, cpuSeconds });
  }
  const tree: Process[] = [];
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const found = processes.get(pid);
    if (found) tree.push(found);
    open.push(...(children.get(pid) ?? []));
  }
  return tree;
}

/** What a process and its descendants use, sampled for as long as it is watched; stages are told apart by `take`. */
export class Watch {
  private readonly timer: NodeJS.Timeout;
  private readonly cpu = new Map<number, number>();
  private readonly root: number;
  private peakBytes = 0;
  private began = performance.now();
  private cpuBefore = 0;

  constructor(root: number) {
    this.root = root;
    this.timer = setInterval(() => this.sample(), 100);
    this.sample();
    this.cpuBefore = this.cpuSeconds;
  }

  /** The cost since the watch began, or since the last `take`. */
  take(): Cost {
    this.sample();
    const cost = {
      seconds: (performance.now() - this.began) / 1000,
      cpuSeconds: this.cpuSeconds - this.cpuBefore,
      peakBytes: this.peakBytes,
    };
    this.began = performance.now();
    this.cpuBefore = this.cpuSeconds;
    this.peakBytes = 0;
    return cost;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private get cpuSeconds(): number {
    return [...this.cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  private sample(): void {
    const tree = treeOf([this.root]);
    this.peakBytes = Math.max(this.peakBytes, sumOfBytes(tree));
    // Of a process that is gone, what it had used when it was last seen.
    for (const { pid, cpuSeconds } of tree) this.cpu.set(pid, cpuSeconds);
  }
}

/** The fields of /proc/<pid>/stat behind the name, from the state on; null when the process is gone. */
function statOf(pid: number): { fields: string[] } | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return { fields: text.slice(text.lastIndexOf(')') + 2).split(' ') };
  } catch {
    return null;
  }
}
