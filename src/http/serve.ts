import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { WaymarkError } from '../base/errors.ts';
import { safeText } from '../base/safe-text.ts';
import type { Operation } from '../store/operation.ts';
import { hasUsers } from '../workbench/users.ts';
import { createApp } from './app.ts';
import { Desk } from './desk.ts';
import { LogIn } from './log-in.ts';
import { Session } from './session.ts';
import { ensureWebBuilt } from './web-assets.ts';
import { loadWebFiles, type WebFiles } from './web-files.ts';

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The built page; built when it is not given. */
  readonly web?: WebFiles;
  /** Whether users log in. Always so where the operation has any. */
  readonly users?: boolean;
  /** Name under which a TLS proxy on this machine passes requests on. */
  readonly hostName?: string | undefined;
  /** Told of faults in Waymark itself. */
  readonly onFault?: (text: string) => void;
}

export interface Served {
  /** The address to open; with the key of the session where there are no users. */
  readonly url: string;
  /** Without the key. */
  readonly origin: string;
  readonly desk: Desk;
  /** Ends all connections and the query engine; the operation stays open. */
  readonly close: () => Promise<void>;
}

/**
 * Serves an operation to this machine alone (127.0.0.1). Throws WaymarkError 'usage' where the port is taken,
 * or users are wanted and there are none, 'storage' where the page cannot be built.
 */
export async function serve(operation: Operation, options: ServeOptions): Promise<Served> {
  const withUsers = hasUsers(operation);
  if (options.users && !withUsers) {
    throw new WaymarkError('usage', 'this operation has no users', {
      remedy: 'Add an administrator first: "user add <name> --full-name <text> --role administrator".',
    });
  }
  const web = options.web ?? loadWebFiles(await ensureWebBuilt());
  const desk = new Desk(operation);
  const session = new Session();
  let port = 0;
  const app = createApp(operation, {
    port: () => port,
    session,
    ...(withUsers && { logIn: new LogIn(operation, { record: (act) => desk.turns.record(act) }) }),
    hostName: options.hostName,
    desk,
    web,
    onFault: options.onFault ?? ((text) => console.error(text.split('\n').map(safeText).join('\n'))),
  });
  const server = createServer(getRequestListener(app.fetch));
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new WaymarkError('usage', `port ${options.port} cannot be used`, {
          remedy: 'Choose another with --port, or 0 for any that is free.',
          cause,
        }),
      ),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  desk.search.keepFresh();
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: withUsers ? `${origin}/` : `${origin}/?key=${session.key}`,
    origin,
    desk,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        desk.close();
      }),
  };
}
