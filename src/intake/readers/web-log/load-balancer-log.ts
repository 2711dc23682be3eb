import { Clients, readHost } from './client.ts';
import { microsOfUtc } from './iso-time.ts';
import { type EventValues, numberOf } from './w3c-log.ts';

/** Where a layout has its fields; absent ones are undefined. */
interface Layout {
  readonly fields: number;
  readonly time: number;
  readonly client: number;
  readonly status?: number;
  readonly sent: number;
  readonly request?: number;
  readonly agent?: number;
  readonly host?: number;
}

/** AWS Elastic Load Balancing user guides, "Access logs": Classic, Application and Network load balancers. */
const classic: Layout = { fields: 12, time: 0, client: 2, status: 7, sent: 10, request: 11, agent: 12 };
const application: Layout = {
  fields: 14,
  time: 1,
  client: 3,
  status: 8,
  sent: 11,
  request: 12,
  agent: 13,
  host: 18,
};
const network: Layout = { fields: 12, time: 2, client: 5, sent: 10, host: 16 };

const layouts: Readonly<Record<string, Layout>> = {
  http: application,
  https: application,
  h2: application,
  grpcs: application,
  ws: application,
  wss: application,
  tls: network,
};

/** Whether a line may be a load balancer's: it begins with a protocol or an ISO time. */
export function looksLikeLoadBalancer(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 40) return false;
  const head = String.fromCharCode(...bytes.subarray(start, start + 28));
  return /^(?:https?|h2|grpcs|wss?|tls \d\.\d)? ?\d{4}-\d\d-\d\dT\d\d:/.test(head);
}

/** Reads lines of AWS Elastic Load Balancing access logs, to which they are written by the million as well. */
export class LoadBalancerLog {
  private readonly clients = new Clients();

  /** The event of a line, or null when it is none. */
  read(line: string): EventValues | null {
    const values = splitQuoted(line);
    const layout = layouts[values[0] ?? ''] ?? classic;
    if (values.length < layout.fields) return null;
    const at = (index: number | undefined) => {
      const found = index === undefined ? undefined : values[index];
      return found === undefined || found === '-' || found === '' ? null : found;
    };
    const timeText = at(layout.time) ?? '';
    // The network balancer's times name no zone, so they fix no moment.
    const isUtc = timeText.endsWith('Z');
    const micros = microsOfUtc(isUtc ? timeText.slice(0, -1) : timeText);
    const client = this.clients.find(at(layout.client) ?? '-');
    if (micros === null || client === null) return null;
    const request = /^([A-Z_-]+) (\S+) (?:HTTP\/\S+|- ?)$/.exec(at(layout.request) ?? '');
    const hasUrl = request !== null && request[1] !== '-';
    return {
      time: isUtc ? micros : null,
      time_text: timeText,
      time_zone: isUtc ? 'UTC' : null,
      ip: client.address,
      port: client.port,
      host: readHost(at(layout.host) ?? ''),
      method: hasUrl ? request[1]! : null,
      url: hasUrl ? request[2]! : null,
      status: numberOf(at(layout.status)),
      bytes: numberOf(at(layout.sent)),
      agent: at(layout.agent),
    };
  }
}

/** Fields divided by spaces; a field in quotes may hold spaces and \". The quotes are left out. */
function splitQuoted(line: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at < line.length; ) {
    const isQuoted = line[at] === '"';
    let end = isQuoted ? at + 1 : line.indexOf(' ', at);
    if (end < 0) end = line.length;
    while (isQuoted && end < line.length && line[end] !== '"') end += line[end] === '\\' ? 2 : 1;
    fields.push(line.slice(isQuoted ? at + 1 : at, end));
    at = end + (isQuoted ? 2 : 1);
  }
  return fields;
}
