import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { WaymarkError } from '../base/errors.ts';
import type { Operation } from '../store/operation.ts';
import { createApp } from './app.ts';
import { Desk } from './desk.ts';
import { Session } from './session.ts';
import { ensureWebBuilt } from './web-assets.ts';
import { loadWebFiles, type WebFiles } from './web-files.ts';

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The built page; built when it is not given. */
  readonly web?: WebFiles;
  /** Told of faults in Waymark itself. */
  readonly onFault?: (text: string) => void;
}

export interface Served {
  /** The address to open, with the key of the session. */
  readonly url: string;
  /** Without the key. */
  readonly origin: string;
  readonly desk: Desk;
  /** Ends all connections and the query engine; the operation stays open. */
  readonly close: () => Promise<void>;
}

/**
 * Serves an operation to this machine alone (127.0.0.1). Throws WaymarkError 'usage' where the port is taken,
 * 'storage' where the page cannot be built.
 */
export async function serve(operation: Operation, options: ServeOptions): Promise<Served> {
  const web = options.web ?? loadWebFiles(await ensureWebBuilt());
  const desk = new Desk(operation);
  const session = new Session();
  let port = 0;
  const app = createApp(operation, {
    port: () => port,
    session,
    desk,
    web,
    onFault: options.onFault ?? ((text) => console.error(text)),
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
    url: `${origin}/?key=${session.key}`,
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
