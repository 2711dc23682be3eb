import type { Command } from 'commander';
import type { Operation } from '../../store/operation.ts';
import { examineOperation } from '../../workbench/doctor.ts';
import { exitCode, table } from '../terminal.ts';
import { count, type Options, print, verb, withOperation } from '../verb.ts';

/** The workbench in a browser, and the examination of an operation. */
export function addServeVerbs(program: Command): void {
  verb(program, 'serve', 'open the workbench in a browser on this machine')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', count, 4747)
    .option('--users', 'users log in; without it whoever has the printed address is the one officer')
    .option('--host-name <name>', 'name under which a TLS proxy on this machine passes requests on')
    .action(withOperation(false, serveWorkbench));

  verb(
    program,
    'doctor',
    'versions, disk, encryption at rest, clock, and the integrity of what is stored',
  ).action(withOperation(true, examine));
}

export async function serveWorkbench(operation: Operation, options: Options): Promise<undefined> {
  const { serve } = await import('../../http/serve.ts');
  const server = await serve(operation, {
    port: options.port as number,
    users: options.users === true,
    hostName: options.hostName as string | undefined,
  });
  print(options, { url: server.url }, () => `The workbench is open at ${server.url}\nPress Ctrl-C to stop.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.close();
}

async function examine(operation: Operation, options: Options): Promise<number> {
  const findings = await examineOperation(operation, new Date().toISOString());
  print(options, { findings }, () =>
    table(
      ['', 'what', 'found'],
      findings.map((f) => [f.level, f.what, f.found]),
      120,
    ),
  );
  return findings.some((finding) => finding.level === 'bad') ? exitCode.failed : exitCode.done;
}
