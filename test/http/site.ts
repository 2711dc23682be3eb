import type { Hono } from 'hono';
import type { GivenRole } from '../../src/access/can.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { Desk } from '../../src/http/desk.ts';
import { LogIn } from '../../src/http/log-in.ts';
import type { Operation } from '../../src/store/operation.ts';
import { addUser, setPassword } from '../../src/workbench/users.ts';
import { origin, port } from './client.ts';

const cheap = { kibibytes: 64, passes: 1 };

/** The users of a test's site, by name. The first is an administrator. */
export const people = {
  admin: ['administrator'],
  ingrid: ['investigator'],
  ahmed: ['analyst'],
  sofia: ['supervisor'],
  sam: ['supervisor'],
  ines: ['inspector'],
} as const satisfies Record<string, readonly GivenRole[]>;
export type PersonName = keyof typeof people;

export function passwordOf(name: string): string {
  return `seven bells ring for number ${name.length} ${[...name].reverse().join('')}`;
}

/** An operation with users, its app in memory, and a clock that a test moves. */
export class Site {
  readonly app: Hono;
  readonly desk: Desk;
  readonly logIn: LogIn;
  readonly operation: Operation;
  readonly faults: string[] = [];
  now = Date.UTC(2026, 0, 5, 12);

  private constructor(operation: Operation, options: Partial<AppOptions>) {
    this.operation = operation;
    this.desk = new Desk(operation);
    const { desk } = this;
    this.logIn = new LogIn(operation, {
      record: (act) => desk.turns.record(act),
      clock: () => this.now,
      cost: cheap,
    });
    const onFault = (text: string) => void this.faults.push(text);
    this.app = createApp(operation, { port: () => port, logIn: this.logIn, desk, onFault, ...options });
  }

  static async open(operation: Operation, options: Partial<AppOptions> = {}): Promise<Site> {
    for (const [name, roles] of Object.entries(people)) {
      const add = await addUser(
        operation,
        { name, full_name: `Officer ${name}`, roles, password: `${passwordOf(name)} first` },
        cheap,
      );
      await operation.exclusively(async () => add());
      const change = await setPassword(operation, name, passwordOf(name), cheap);
      await operation.exclusively(async () => operation.as(name, change));
    }
    return new Site(operation, options);
  }

  async send(path: string, body: unknown, cookie = '', method?: string): Promise<Response> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.app.request(`${origin}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        Host: `127.0.0.1:${port}`,
        Origin: origin,
        'Sec-Fetch-Site': 'same-origin',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(cookie && { Cookie: cookie }),
      },
      ...init,
    });
  }

  /** Logs in and returns the cookie. */
  async enter(name: string, password = passwordOf(name)): Promise<string> {
    const answer = await this.send('/api/session', { name, password });
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get('set-cookie')!.split(';')[0]!;
  }

  close(): void {
    this.desk.close();
  }
}
