import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type ActedOn, type Action, type Actor, type Can, can } from '../access/can.ts';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { parsePointer } from '../evidence/pointer.ts';
import type { Operation } from '../store/operation.ts';
import type { Endpoint } from './contract/endpoint.ts';
import { errorSchema } from './contract/fields.ts';
import { contract, type EndpointName } from './contract.ts';
import { Desk } from './desk.ts';
import { answerError } from './errors.ts';
import { checkHost, checkOrigin, checkSession, setHeaders } from './guard.ts';
import { handlers } from './handlers.ts';
import { Session } from './session.ts';
import { answerPage, type WebFiles } from './web-files.ts';

/** Bytes of a request's body. */
const maxBodyBytes = 64 * 1024;

export interface AppOptions {
  /** Port the server listens on, known once it listens. */
  readonly port: () => number;
  readonly session?: Session;
  readonly desk?: Desk;
  /** The built page; without it only the API answers. */
  readonly web?: WebFiles;
  /** Another judge of permissions, for tests. */
  readonly can?: Can;
  /** Told of faults in Waymark itself, which no answer shows. */
  readonly onFault?: (text: string) => void;
}

/**
 * The HTTP face of an operation: API, page, and every check before them. It opens no socket; `serve` does.
 * Close the desk that was given when done.
 */
export function createApp(operation: Operation, options: AppOptions): Hono {
  const { port, session = new Session(), desk = new Desk(operation), web = new Map() } = options;
  const permit = permitter(operation, options.can ?? can);
  const app = new OpenAPIHono({ defaultHook: rejectInvalid });
  app.onError((error, c) => {
    if (!(error instanceof WaymarkError)) options.onFault?.(error.stack ?? messageOf(error));
    return answerError(c, error);
  });
  app.use(setHeaders, checkHost(port), checkSession(session, port), checkOrigin);
  app.use((c, next) => bodyLimit({ maxSize: bodyBytesOf(c.req.path), onError: tooLarge })(c, next));
  for (const name of Object.keys(contract) as EndpointName[]) mount(app, desk, name, permit);
  app.post('/api/csp-report', async (c) => {
    permit('policy.report', 'application', '');
    if (!isOwnIcon(await c.req.text())) desk.policyReports++;
    return c.body(null, 204);
  });
  app.get('/api/openapi.json', (c) => {
    permit('api.describe', 'application', '');
    return c.json(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Waymark', version } }));
  });
  app.get('*', (c) => {
    if (c.req.path.startsWith('/api/')) return answerError(c, unknownPath());
    permit('page.open', 'application', '');
    return answerPage(c, web);
  });
  app.notFound((c) => answerError(c, unknownPath()));
  return app;
}

type Permit = (action: Action, kind: ActedOn['kind'], id: string) => void;

/** The one place where a route asks whether it may. Throws WaymarkError 'denied'. */
function permitter(operation: Operation, judge: Can): Permit {
  const { origin } = operation.ledgerIdentity();
  const actor: Actor = { id: operation.actor, roles: ['local officer'], operation: origin };
  return (action, kind, id) => {
    if (judge(actor, action, { kind, operation: origin, id })) return;
    throw new WaymarkError('denied', `${actor.id} may not do this (${action})`, {
      remedy: 'Ask whoever runs this operation.',
    });
  };
}

interface Parts {
  readonly query?: Record<string, unknown>;
  readonly params?: Record<string, unknown>;
  readonly body?: Record<string, unknown>;
}

function mount(app: OpenAPIHono, desk: Desk, name: EndpointName, permit: Permit): void {
  const endpoint: Endpoint = contract[name];
  const handle = handlers[name] as unknown as (desk: Desk, input: Parts, c: Context) => Promise<unknown>;
  const { query, params, body, gives } = endpoint;
  const route = createRoute({
    method: endpoint.method,
    path: endpoint.path,
    operationId: name,
    summary: endpoint.summary,
    request: {
      query: query ?? z.strictObject({}),
      ...(params && { params }),
      ...(body && { body: { content: { 'application/json': { schema: body } }, required: true } }),
    },
    responses: {
      [endpoint.status]: { description: endpoint.summary, ...contentOf(gives) },
      default: { description: 'What went wrong', content: { 'application/json': { schema: errorSchema } } },
    },
  });
  app.openapi(route, (async (c: Context) => {
    const valid = (target: string) => c.req.valid(target as never) as Record<string, unknown>;
    const input: Parts = {
      ...(query && { query: valid('query') }),
      ...(params && { params: valid('param') }),
      ...(body && { body: valid('json') }),
    };
    permit(endpoint.action, endpoint.on.kind, idOf(endpoint, input));
    const answer = await handle(desk, input, c);
    if (answer instanceof Response) return answer;
    // What the contract does not name never leaves, whatever the workbench came to return.
    return c.json((gives as z.ZodType).parse(answer), endpoint.status);
  }) as never);
}

function contentOf(gives: Endpoint['gives']) {
  if (gives === 'bytes') return { content: { 'application/octet-stream': { schema: z.string() } } };
  if (gives === 'events') return { content: { 'text/event-stream': { schema: z.string() } } };
  return { content: { 'application/json': { schema: gives } } };
}

/** Id of the object that a request is about, taken from what will be used. */
function idOf({ on }: Endpoint, input: Parts): string {
  if (on.named === 'exhibit') return String(input.params?.id);
  if (on.named === 'person') return String(input.params?.person);
  if (on.named === 'pointer')
    return parsePointer(String(input.query?.pointer ?? input.body?.pointer)).exhibit;
  return '';
}

interface Judged {
  readonly success: boolean;
  readonly error?: z.ZodError;
}

/** Answers a request that is not as the contract says, naming the field. */
function rejectInvalid(result: Judged, c: Context): Response | undefined {
  if (result.success) return undefined;
  const issue = result.error?.issues[0];
  const field = issue?.path.join('.') || 'the request';
  const what = issue?.code === 'unrecognized_keys' ? 'has fields that are not known' : 'is not as it must be';
  const detail = issue?.code === 'unrecognized_keys' ? '' : `: ${issue?.message}`;
  return answerError(
    c,
    new WaymarkError('usage', `${field} ${what}${detail}`, { remedy: 'See /api/openapi.json.' }),
  );
}

function tooLarge(c: Context): Response {
  return answerError(c, new WaymarkError('limit', `a request may hold ${bodyBytesOf(c.req.path)} bytes`));
}

function bodyBytesOf(path: string): number {
  const endpoints: readonly Endpoint[] = Object.values(contract);
  return endpoints.find((endpoint) => endpoint.path === path)?.maxBodyBytes ?? maxBodyBytes;
}

/** Browsers ask for an icon by themselves, which `img-src 'none'` stops: not a fault of the page. */
function isOwnIcon(report: string): boolean {
  return /"blocked-uri"\s*:\s*"[^"]*\/favicon\.ico"/.test(report);
}

function unknownPath(): WaymarkError {
  return new WaymarkError('not-found', 'there is no such address', { remedy: 'See /api/openapi.json.' });
}
