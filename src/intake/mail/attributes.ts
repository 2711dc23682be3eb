import { formatMicros, type Stamp } from '../../base/time.ts';
import type { Address } from './addresses.ts';
import type { Header } from './headers.ts';
import type { Mail } from './message.ts';
import { type Hop, maxHops, parseReceived, publicIpIn } from './received.ts';

/** What the container of a message says about it. */
export interface Container {
  /** What an mbox's separator line states. */
  readonly envelope?: { readonly sender: string | null; readonly date: string | null };
  /** Maildir's flags. */
  readonly flags?: string | null;
}

/** How a message came to be sent. */
export interface Trace {
  readonly hops: readonly Hop[];
  readonly ip: string | null;
  /** When the relay that names `ip` took the message; null when `ip` comes from elsewhere or it does not say. */
  readonly time: Stamp | null;
}

const originFields = ['x-originating-ip', 'x-sender-ip', 'x-client-ip'];

/**
 * The relays, and the address the message was handed in from: as the webmail provider states it, else what
 * the earliest relay (the last Received field) saw. Later relays only see other servers.
 */
export function traceOf(header: Header): Trace {
  const received = header.all('received');
  const hops = received.slice(-maxHops).map(parseReceived);
  const earliest = hops.at(-1);
  for (const name of originFields) {
    const stated = header.raw(name);
    const ip = stated === null ? null : publicIpIn(stated);
    if (ip !== null) return { hops, ip, time: earliest?.time ?? null };
  }
  return { hops, ip: earliest?.ip ?? null, time: earliest?.time ?? null };
}

/** The list a message went through (RFC 2919). */
export function listOf(header: Header): string | null {
  const stated = header.text('list-id');
  if (stated === null) return null;
  return /<([^<>]+)>/.exec(stated)?.[1]?.trim().toLowerCase() ?? stated.slice(0, 255);
}

/**
 * What else the header and the container state, as canonical JSON; null when there is nothing. Relays stand in
 * the order of the header, the latest first, at most `maxHops` of the earliest.
 */
export function attributesOf(mail: Mail, trace: Trace, place: Container): string | null {
  const { header } = mail;
  const signatures = header
    .all('dkim-signature', 10)
    .map((value) => /(?:^|;)\s*d\s*=\s*([^;\s]+)/.exec(value)?.[1]);
  const signers = [...new Set(signatures.filter((domain) => domain !== undefined))];
  const listed = (addresses: readonly Address[]) => {
    const out = addresses.slice(0, 20).flatMap((each) => each.canonical ?? each.address ?? []);
    return out.length === 0 ? undefined : out;
  };
  const text = (name: string) => header.text(name)?.slice(0, 1000) ?? undefined;
  // The keys stand in canonical order, which spares a sort for every message and hop.
  const attributes = {
    delivered_to: text('delivered-to') ?? text('x-original-to'),
    dkim_domains: signers.length === 0 ? undefined : signers,
    envelope_date: place.envelope?.date ?? undefined,
    envelope_from: place.envelope?.sender ?? undefined,
    flags: place.flags ?? undefined,
    list_id: text('list-id'),
    mailer: text('x-mailer') ?? text('user-agent'),
    originating_ip: originFields.map(text).find((value) => value !== undefined),
    received: trace.hops.length === 0 ? undefined : trace.hops.map(hopAttributes),
    received_total: header.count('received') > maxHops ? header.count('received') : undefined,
    reply_to: listed(mail.replyTo),
    return_path: text('return-path')?.replace(/^<|>$/g, ''),
    sender: listed(mail.sender),
  };
  return jsonOf(attributes);
}

/** An object whose keys stand in canonical order already, as canonical JSON; null when it holds nothing. */
function jsonOf(attributes: { readonly [name: string]: unknown }): string | null {
  const text = JSON.stringify(attributes);
  return text === '{}' ? null : text;
}

/** Keys in the order of canonical JSON. */
function hopAttributes(hop: Hop) {
  return {
    by: hop.by ?? undefined,
    from: hop.from ?? undefined,
    ip: hop.ip ?? undefined,
    time: hop.time === null || hop.time.micros === null ? undefined : formatMicros(hop.time.micros),
    time_text: hop.time !== null && hop.time.micros === null ? hop.time.text.slice(0, 100) : undefined,
  };
}
