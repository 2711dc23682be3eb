import type { Context, MiddlewareHandler } from 'hono';
import { WaymarkError } from '../base/errors.ts';
import type { Operation } from '../store/operation.ts';
import { hasUsers } from '../workbench/users.ts';
import { enter } from './entry.ts';
import { answerError } from './errors.ts';
import type { LogIn } from './log-in.ts';
import { cookieOf, noCookie, type Session, tokensIn } from './session.ts';

/** Nothing from elsewhere, nothing inline, no picture at all, and no text that becomes code. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'none'",
  "media-src 'none'",
  "font-src 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "manifest-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  'report-uri /api/csp-report',
].join('; ');

/** Of a download: even opened in a tab of its own it can do nothing. */
export const downloadPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

const headers: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=()',
};

/** Sets the security headers of every answer, errors included; what a route set itself stands. */
export const setHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const set = (name: string, value: string) => {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  };
  set('Content-Security-Policy', contentPolicy);
  set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(headers)) set(name, value);
};

/** Where a server is reached. */
export interface Place {
  /** Port the server listens on, known once it listens. */
  readonly port: () => number;
  /** Name under which a TLS proxy on this machine passes requests on; null where there is none. */
  readonly hostName: string | null;
}

/** Answers only to the machine's own names and the proxy's: a foreign name that resolves here is refused (DNS rebinding). */
export function checkHost({ port, hostName }: Place): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port()}`)) return next();
    if (hostName !== null && host === hostName) return next();
    return refuse(c, 'this name is not one of this server', 'Open the address that Waymark printed.');
  };
}

/**
 * Requests of other sites are refused: all that change something must say that they come from this very
 * origin, and the API is not given to other origins at all, not even to other ports of this machine.
 */
export function checkOrigin({ hostName }: Place): MiddlewareHandler {
  return async (c, next) => {
    const unsafe = !['GET', 'HEAD', 'OPTIONS'].includes(c.req.method);
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    const host = c.req.header('host');
    const own = `${hostName !== null && host === hostName ? 'https' : 'http'}://${host}`;
    const foreignSite = site !== undefined && site !== 'same-origin' && (unsafe || site !== 'none');
    const foreignOrigin = origin !== undefined && origin !== own;
    const silent = unsafe && site === undefined && origin === undefined;
    const api = c.req.path.startsWith('/api/');
    if ((unsafe || api) && (foreignSite || foreignOrigin || silent)) {
      const remedy = silent ? 'Send the Origin header.' : 'Use the page that this server gives.';
      return refuse(c, 'requests from elsewhere are refused', remedy);
    }
    return next();
  };
}

/** Lets holders of the key in as the one officer, and gives the cookie to whoever brings the key. */
export function checkKey(operation: Operation, session: Session, { port }: Place): MiddlewareHandler {
  return async (c, next) => {
    const key = c.req.query('key');
    if (key !== undefined && c.req.method === 'GET' && !c.req.path.startsWith('/api/')) {
      const cookie = session.exchange(key, port());
      if (cookie === null) return turnAway(c);
      c.header('Set-Cookie', cookie);
      return c.redirect('/', 303);
    }
    if (!session.holds(c.req.header('cookie'), port())) return turnAway(c);
    if (hasUsers(operation)) {
      return refuse(c, 'this operation has users now', 'Start "serve" again: everybody logs in.');
    }
    const { origin } = operation.ledgerIdentity();
    const actor = {
      id: operation.actor,
      roles: ['local officer'],
      operation: origin,
      confirmed: true,
    } as const;
    enter(c, { actor, logIn: null, guest: null, giveCookie: () => {} });
    return next();
  };
}

/** Lets users in by the cookie of their session; whoever has none is a visitor, who may log in. */
export function checkUser(operation: Operation, logIn: LogIn, { port, hostName }: Place): MiddlewareHandler {
  return async (c, next) => {
    const tokens = tokensIn(c.req.header('cookie'), port());
    const guest = tokens.map((token) => logIn.guest(token)).find((each) => each !== null) ?? null;
    const actor = logIn.actorOf(guest);
    const secure = hostName !== null;
    const giveCookie = (context: Context, token: string | null) =>
      context.header(
        'Set-Cookie',
        token === null ? noCookie(port(), secure) : cookieOf(token, port(), secure),
      );
    enter(c, { actor, logIn, guest, giveCookie });
    return operation.as(actor.id, next);
  };
}

const turnedAway = 'This page needs the key of the session.';
const howIn =
  'Open the address that Waymark printed when it started, with its key. Each start makes a new key.';

function turnAway(c: Context): Response {
  if (c.req.path.startsWith('/api/')) {
    return answerError(c, new WaymarkError('denied', turnedAway, { remedy: howIn }), 401);
  }
  return c.text(`${turnedAway}\n${howIn}\n`, 401);
}

function refuse(c: Context, message: string, remedy: string): Response {
  return answerError(c, new WaymarkError('denied', message, { remedy }));
}
