import { type Client, Clients, readHost } from './client.ts';

/** What one entry of an error log says. */
export interface ErrorEntry {
  /** As written; both formats name no zone. */
  readonly timeText: string;
  /** debug, info, notice, warn, error, crit, alert, emerg (Apache also trace1 to trace8). */
  readonly level: string;
  readonly message: string;
  readonly client: Client | null;
  /** The entry names several clients, as text sent by a visitor can make it do; `client` is then null. */
  readonly isAmbiguous: boolean;
  readonly method: string | null;
  readonly url: string | null;
  readonly host: string | null;
  readonly referrer: string | null;
}

/** Bytes in which an entry's time and level stand. */
const headBytes = 96;
const nginxHead = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[([a-z]{1,12})\] /;
const apacheHead =
  /^\[((?:[A-Z][a-z]{2}) (?:[A-Z][a-z]{2}) [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4})\] \[(?:[\w-]*:)?([a-z]{1,12}\d?)\] /;
/** Where nginx's own words end: `ngx_http_log_error` adds these after the message, always in this order. */
const nginxClient = /, client: ([^\s,]{1,80}), server: ([^\s,]*)/g;

/** Whether an entry begins here, rather than a further line of the one before. */
export function isEntryStart(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start]!;
  if (first !== 0x5b && !(first >= 0x30 && first <= 0x39)) return false;
  const head = bytes.toString('latin1', start, Math.min(end, start + headBytes));
  return nginxHead.test(head) || apacheHead.test(head);
}

/**
 * Reads entries of nginx's error log (nginx "Core functionality", `error_log`) and Apache's (2.4 default
 * `ErrorLogFormat`, and the shorter one of 2.2). nginx does not escape what visitors send, so an entry in
 * which ', client: ' stands more than once names no client.
 */
export class ErrorEntries {
  private readonly clients = new Clients();

  /** An entry's text, of several lines or one; null when it is none. */
  read(text: string): ErrorEntry | null {
    const nginx = nginxHead.exec(text);
    if (nginx) return this.readNginx(nginx, text.slice(nginx[0].length));
    const apache = apacheHead.exec(text);
    return apache ? this.readApache(apache, text.slice(apache[0].length)) : null;
  }

  private readNginx(head: RegExpExecArray, text: string): ErrorEntry {
    const rest = text.replace(/^\d+#\d+: (?:\*\d+ )?/, '');
    const found = [...rest.matchAll(nginxClient)];
    const first = found[0];
    const details = new Details(first ? rest.slice(first.index) : '');
    const referrer = details.takeLast('referrer');
    const host = details.takeLast('host');
    for (const name of ['upstream', 'subrequest']) details.takeLast(name);
    const request = /^([A-Z_-]+) (\S+)/.exec(details.takeLast('request') ?? '');
    return {
      timeText: head[1]!,
      level: head[2]!,
      message: found.length === 1 ? rest.slice(0, first!.index) : rest,
      client: found.length === 1 ? this.clients.find(first![1]!) : null,
      isAmbiguous: found.length > 1,
      method: request?.[1] ?? null,
      url: request?.[2] ?? null,
      host: host === null ? null : (readHost(host) ?? host),
      referrer,
    };
  }

  private readApache(head: RegExpExecArray, text: string): ErrorEntry {
    let rest = text;
    let hasProcess = false;
    let client: Client | null = null;
    // The groups in brackets before the message: '[pid 1:tid 2] [client 192.0.2.1:50122]'.
    for (let group = /^\[(pid|client|remote) ([^\]]{1,80})\] /.exec(rest); group; ) {
      if (group[1] === 'pid') hasProcess = true;
      else client = this.apacheClient(group[2]!, hasProcess);
      rest = rest.slice(group[0].length);
      group = client === null ? /^\[(pid|client|remote) ([^\]]{1,80})\] /.exec(rest) : null;
    }
    const refererAt = rest.lastIndexOf(', referer: ');
    return {
      timeText: head[1]!,
      level: head[2]!,
      message: refererAt < 0 ? rest : rest.slice(0, refererAt),
      client,
      isAmbiguous: false,
      method: null,
      url: null,
      host: null,
      referrer: refererAt < 0 ? null : rest.slice(refererAt + ', referer: '.length).trimEnd(),
    };
  }

  /** Apache 2.4 always adds the port, also to an IPv6 address without brackets: '2001:db8::1:50122'. */
  private apacheClient(text: string, hasPort: boolean): Client | null {
    const colon = text.lastIndexOf(':');
    const isBareIpv6 = hasPort && !text.startsWith('[') && text.indexOf(':') !== colon;
    return this.clients.find(isBareIpv6 ? `[${text.slice(0, colon)}]${text.slice(colon)}` : text);
  }
}

/** The named, quoted values at the end of an nginx entry, taken off from the last to the first. */
class Details {
  private text: string;

  constructor(text: string) {
    this.text = text.trimEnd();
  }

  /** The value of the last detail if it has that name. */
  takeLast(name: string): string | null {
    const opening = `, ${name}: "`;
    const at = this.text.lastIndexOf(opening);
    if (at < 0 || !this.text.endsWith('"') || at + opening.length > this.text.length - 1) return null;
    const value = this.text.slice(at + opening.length, -1);
    this.text = this.text.slice(0, at);
    return value;
  }
}
