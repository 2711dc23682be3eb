import type { Hono } from 'hono';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { Desk } from '../../src/http/desk.ts';
import { Session } from '../../src/http/session.ts';
import type { Operation } from '../../src/store/operation.ts';

export const port = 4711;
export const origin = `http://127.0.0.1:${port}`;

/** An app in memory with the headers that the page would send; each can be taken away or replaced. */
export class TestClient {
  readonly app: Hono;
  readonly session = new Session();
  readonly desk: Desk;
  /** Faults in Waymark itself that were told. */
  readonly faults: string[] = [];

  constructor(operation: Operation, options: Partial<AppOptions> = {}) {
    this.desk = new Desk(operation);
    const { session, desk } = this;
    const onFault = (text: string) => void this.faults.push(text);
    this.app = createApp(operation, { port: () => port, session, desk, onFault, ...options });
  }

  get headers(): Record<string, string> {
    const cookie = this.session.exchange(this.session.key, port)!.split(';')[0]!;
    return { Host: `127.0.0.1:${port}`, Cookie: cookie, Origin: origin, 'Sec-Fetch-Site': 'same-origin' };
  }

  async get(
    path: string,
    without: readonly string[] = [],
    more: Record<string, string> = {},
  ): Promise<Response> {
    return this.request(path, {}, without, more);
  }

  async post(
    path: string,
    body?: unknown,
    without: readonly string[] = [],
    more: Record<string, string> = {},
  ): Promise<Response> {
    const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const init = { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return this.request(path, init, without, { ...json, ...more });
  }

  async request(
    path: string,
    init: RequestInit,
    without: readonly string[] = [],
    more: Record<string, string> = {},
  ): Promise<Response> {
    const headers = { ...this.headers, ...more };
    for (const name of without) delete headers[name as keyof typeof headers];
    return this.app.request(`${origin}${path}`, { ...init, headers });
  }

  close(): void {
    this.desk.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export async function json(response: Response): Promise<any> {
  return response.json();
}
