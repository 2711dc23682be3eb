import type { Cost } from './measure.ts';

/** One way of doing the work: ours or a peer's. */
export interface Contender {
  readonly name: string;
  /** Does the work once, from a fresh start; preparation is not part of the cost. */
  run(): Promise<Cost>;
}

/** What a benchmark measured for one contender: medians over the rounds. */
export interface Figure {
  readonly bench: string;
  readonly name: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  /** Work done in a second of wall time, in the benchmark's unit. */
  readonly perSecond: number;
  readonly unit: string;
  /** How many times our wall time, and our processor time, this contender needs; ours is 1. */
  readonly timesOurs: number;
  readonly timesOurCpu: number;
}

export interface Plan {
  readonly bench: string;
  /** What is counted in a second ('MB', 'lines', 'mails') and how much of it one run does. */
  readonly unit: string;
  readonly amount: number;
  readonly rounds: number;
  /** Ours first. */
  readonly contenders: readonly Contender[];
}

/**
 * Runs the contenders in turn (A B C, A B C ...), so that what else the machine does falls on all alike, and
 * prints a table and a JSON line for each. Ratios are between medians of the same rounds.
 */
export async function compare(plan: Plan): Promise<Figure[]> {
  const costs = new Map<string, Cost[]>(plan.contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const contender of plan.contenders) {
      const cost = await contender.run();
      costs.get(contender.name)!.push(cost);
      process.stderr.write(
        `  ${plan.bench} ${round + 1}/${plan.rounds} ${contender.name}: ${cost.seconds.toFixed(2)} s, ` +
          `${cost.cpuSeconds.toFixed(2)} s of processor time\n`,
      );
    }
  }
  const ours = medianOf(costs.get(plan.contenders[0]!.name)!);
  const figures = plan.contenders.map(({ name }): Figure => {
    const cost = medianOf(costs.get(name)!);
    return {
      bench: plan.bench,
      name,
      rounds: plan.rounds,
      seconds: rounded(cost.seconds, 2),
      cpuSeconds: rounded(cost.cpuSeconds, 2),
      peakMebibytes: Math.round(cost.peakBytes / 1024 / 1024),
      perSecond: rounded(plan.amount / cost.seconds, 1),
      unit: plan.unit,
      timesOurs: rounded(cost.seconds / ours.seconds, 2),
      timesOurCpu: rounded(cost.cpuSeconds / ours.cpuSeconds, 2),
    };
  });
  print(figures);
  return figures;
}

/** Prints figures as a table for people and as JSON lines for programs. */
export function print(figures: readonly Figure[]): void {
  const heading = ['', 'seconds', 'cpu s', 'peak MiB', `${figures[0]!.unit}/s`, 'x ours', 'x our cpu'];
  const rows = figures.map((figure) =>
    [
      figure.name,
      figure.seconds,
      figure.cpuSeconds,
      figure.peakMebibytes,
      figure.perSecond,
      figure.timesOurs,
      figure.timesOurCpu,
    ].map(String),
  );
  const widths = heading.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  process.stdout.write(`\n${figures[0]!.bench}\n${[heading, ...rows].map(line).join('\n')}\n`);
  for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
}

/** The median of each measure by itself. */
function medianOf(costs: readonly Cost[]): Cost {
  const median = (values: number[]) => {
    values.sort((a, b) => a - b);
    const middle = values.length >> 1;
    return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
  };
  return {
    seconds: median(costs.map((cost) => cost.seconds)),
    cpuSeconds: median(costs.map((cost) => cost.cpuSeconds)),
    peakBytes: median(costs.map((cost) => cost.peakBytes)),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
