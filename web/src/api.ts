import type { z } from '@hono/zod-openapi';
import type { errorSchema } from '../../src/http/contract/fields.ts';
import type { progressSchema } from '../../src/http/contract/operation.ts';
import type { AnswerOf, Contract, EndpointName } from '../../src/http/contract.ts';
import type { Evidence } from './ui/evidence.ts';

/**
 * The only file that speaks to the server. Its types come from the server's contract; text from exhibits
 * arrives as `Evidence`, which only the one renderer can show.
 */
type Shown<T> = T extends string & z.core.$brand<'evidence'>
  ? Evidence
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Shown<Item>[]
      : { readonly [Key in keyof T]: Shown<T[Key]> };

export type Answer<Name extends EndpointName> = Shown<AnswerOf<Name>>;
export type WorkEvent = Shown<z.output<typeof progressSchema>>;
export type ErrorFacts = Shown<z.output<typeof errorSchema>>['error'];

/** What the server says went wrong. */
export class ApiError extends Error {
  readonly facts: ErrorFacts;
  readonly status: number;

  constructor(facts: ErrorFacts, status: number) {
    super(facts.code);
    this.facts = facts;
    this.status = status;
  }
}

type PathOf<Name extends EndpointName> = Contract[Name]['path'];
type Values = Readonly<Record<string, string | number>>;

interface Asked {
  readonly params?: Values;
  readonly query?: Values;
  readonly body?: unknown;
}

function address(path: string, { params = {}, query }: Asked): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  if (!query) return filled;
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value).toWellFormed()]);
  return `${filled}?${new URLSearchParams(pairs)}`;
}

async function call<Name extends EndpointName>(
  method: 'GET' | 'POST',
  path: PathOf<Name>,
  asked: Asked = {},
): Promise<Answer<Name>> {
  const response = await fetch(address(path, asked), {
    method,
    credentials: 'same-origin',
    redirect: 'error',
    ...(asked.body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(asked.body) }),
  }).catch(() => {
    throw new ApiError(unreachable, 0);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer<Name>;
  const facts = (answer as { error?: ErrorFacts } | null)?.error;
  throw new ApiError(facts ?? unreachable, response.status);
}

const unreachable = {
  code: 'internal',
  message: 'Waymark does not answer',
  where: null,
  remedy: 'Look at the terminal that runs it; start it again and open the address it prints.',
} as unknown as ErrorFacts;

export const api = {
  operation: () => call<'showOperation'>('GET', '/api/operation'),
  exhibits: () => call<'listExhibits'>('GET', '/api/exhibits'),
  warnings: (id: string) => call<'listWarnings'>('GET', '/api/exhibits/{id}/warnings', { params: { id } }),
  exclude: (id: string, reason: string) =>
    call<'excludeExhibit'>('POST', '/api/exhibits/{id}/exclude', { params: { id }, body: { reason } }),
  queue: () => call<'showQueue'>('GET', '/api/queue'),
  persons: (text: string, limit: number, offset: number) =>
    call<'listPersons'>('GET', '/api/persons', { query: { text, limit, offset } }),
  person: (person: string) => call<'showPerson'>('GET', '/api/persons/{person}', { params: { person } }),
  source: (pointer: string) => call<'showSource'>('GET', '/api/source', { query: { pointer } }),
  reveal: (pointer: string) => call<'revealSource'>('POST', '/api/source/reveal', { body: { pointer } }),
  ledger: (limit: number) => call<'showLedger'>('GET', '/api/ledger', { query: { limit } }),
  checkLedger: () => call<'checkLedger'>('POST', '/api/ledger/check'),
  build: () => call<'startBuild'>('POST', '/api/build'),
};

/** Address of a download; followed by the browser itself. */
export function downloadAddress(pointer: string): string {
  const path: PathOf<'downloadSource'> = '/api/source/raw';
  return address(path, { query: { pointer } });
}

/** Follows the work of the server; the browser reconnects by itself. Returns how to stop. */
export function followWork(tell: (event: WorkEvent) => void): () => void {
  const path: PathOf<'followProgress'> = '/api/progress';
  const events = new EventSource(path);
  events.addEventListener('work', (message: MessageEvent<string>) => tell(JSON.parse(message.data)));
  return () => events.close();
}
