import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type ActedOn, type Action, type Can, can, refusal } from '../access/can.ts';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { parsePointer } from '../evidence/pointer.ts';
import type { Operation } from '../store/operation.ts';
import { type Hidden, leaveOut, nothingHidden } from '../workbench/sight.ts';
import type { Endpoint } from './contract/endpoint.ts';
import { errorSchema } from './contract/fields.ts';
import { contract, type EndpointName } from './contract.ts';
import { Desk } from './desk.ts';
import { type Entry, entryOf } from './entry.ts';
import { answerError } from './errors.ts';
import { checkHost, checkKey, checkOrigin, checkUser, type Place, setHeaders } from './guard.ts';
import { handlers } from './handlers.ts';
import type { LogIn } from './log-in.ts';
import { loadObject } from './objects.ts';
import { Session } from './session.ts';
import { answerPage, type WebFiles } from './web-files.ts';

/** Bytes of a request's body. */
const maxBodyBytes = 64 * 1024;

export interface AppOptions {
  /** Port the server listens on, known once it listens. */
  readonly port: () => number;
  readonly session?: Session;
  /** Log-in for the users of the operation; without it whoever holds the key is the one officer. */
  readonly logIn?: LogIn;
  /** Name under which a TLS proxy on this machine passes requests on. */
  readonly hostName?: string | undefined;
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
  const { session = new Session(), desk = new Desk(operation), web = new Map(), logIn } = options;
  const place: Place = { port: options.port, hostName: options.hostName ?? null };
  const permit = permitter(operation, options.can ?? can);
  const app = new OpenAPIHono({ defaultHook: rejectInvalid });
  app.onError((error, c) => {
    if (!(error instanceof WaymarkError)) options.onFault?.(error.stack ?? messageOf(error));
    return answerError(c, error, isVisitor(c) && isDenied(error) ? 401 : undefined);
  });
  app.use(
    setHeaders,
    checkHost(place),
    logIn ? checkUser(operation, logIn, place) : checkKey(operation, session, place),
    checkOrigin(place),
  );
  app.use((c, next) => bodyLimit({ maxSize: bodyBytesOf(c.req.path), onError: tooLarge })(c, next));
  for (const name of Object.keys(contract) as EndpointName[]) mount(app, desk, name, permit);
  app.post('/api/csp-report', async (c) => {
    permit(c, 'policy.report', { kind: 'application', id: '' });
    if (!isOwnIcon(await c.req.text())) desk.stopped.times++;
    return c.body(null, 204);
  });
  app.get('/api/openapi.json', (c) => {
    permit(c, 'api.describe', { kind: 'application', id: '' });
    return c.json(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Waymark', version } }));
  });
  app.get('*', (c) => {
    if (c.req.path.startsWith('/api/')) return answerError(c, unknownPath());
    permit(c, 'page.open', { kind: 'application', id: '' });
    return answerPage(c, web);
  });
  app.notFound((c) => answerError(c, unknownPath()));
  return app;
}

/** Nobody has logged in: what is denied is denied for that reason. */
function isVisitor(c: Context): boolean {
  const entry = entryOf(c) as Entry | undefined;
  return entry?.logIn != null && entry.guest === null;
}

function isDenied(error: unknown): boolean {
  return error instanceof WaymarkError && error.code === 'denied';
}

type Permit = (c: Context, action: Action, object: Omit<ActedOn, 'operation'>) => void;

/** The one place where a route asks whether it may. Throws WaymarkError 'denied'. */
function permitter(operation: Operation, judge: Can): Permit {
  const { origin } = operation.ledgerIdentity();
  return (c, action, object) => {
    const { actor } = entryOf(c);
    const full = { ...object, operation: origin };
    if (judge(actor, action, full)) return;
    // The page asks for the password where that alone is missing.
    if (can({ ...actor, confirmed: true }, action, full)) c.header('Waymark-Confirm', 'password');
    const why = refusal(actor, action, full) ?? `${actor.id} may not do this (${action})`;
    throw new WaymarkError('denied', why, {
      remedy: isVisitor(c)
        ? 'Log in.'
        : full.closed
          ? 'Record an authority that covers it, or leave it closed.'
          : 'Ask whoever runs this operation.',
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
    ...(endpoint.takes === 'bytes' && {
      requestBody: {
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }),
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
    const named = { kind: endpoint.on.kind, id: idOf(endpoint, input) };
    // First whether the role may do this to anything: others learn nothing of what is there.
    permit(c, endpoint.action, named);
    const shown = desk.for(entryOf(c).actor.roles);
    const hidden = shown === desk ? nothingHidden : await shown.hidden();
    const object = await loadObject(desk, shown, hidden, endpoint, named.id, input);
    permit(c, endpoint.action, { ...named, ...object });
    if (object.also) permit(c, object.also.action, { ...object.also.object, ...object });
    const answer = await handle(shown, input, c);
    if (Object.keys(hidden.counts).length > 0) c.header('Waymark-Withheld', JSON.stringify(hidden.counts));
    if (answer instanceof Response) return withWithheld(answer, hidden);
    // What the contract does not name never leaves, whatever the workbench came to return.
    const parsed = (gives as z.ZodType).parse(answer);
    if (shown === desk) return c.json(parsed as object, endpoint.status);
    const { answer: kept, left } = leaveOut(hidden, parsed as object);
    return c.json({ ...kept, withheld: { ...hidden.counts, here: left } }, endpoint.status);
  }) as never);
}

/** A ready answer says in its head how much is withheld. */
function withWithheld(answer: Response, { counts }: Hidden): Response {
  if (Object.keys(counts).length > 0) answer.headers.set('Waymark-Withheld', JSON.stringify(counts));
  return answer;
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
  if (on.named === 'decision') return String(input.params?.sequence);
  if (on.named === 'user') return String(input.params?.name);
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
