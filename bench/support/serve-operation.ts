/**
 * A server of an operation, as users run it, that measures the delay of its own event loop:
 * `serve-operation.ts <operation>`. Prints the address to open; a line on standard input is answered by the delays
 * since the last, in milliseconds, as JSON.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as readline from 'node:readline';
import { serve } from '../../src/http/serve.ts';
import { Operation } from '../../src/store/operation.ts';

const operation = Operation.open(process.argv[2]!, { actor: 'bench' });
const served = await serve(operation, { port: 0 });
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.stdout.write(`${served.url}\n`);
for await (const _ of readline.createInterface({ input: process.stdin })) {
  const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e5) / 10;
  const figures = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
  delay.reset();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
await served.close();
operation.close();
