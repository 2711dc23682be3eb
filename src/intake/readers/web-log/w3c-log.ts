import { accountOf } from '../../../evidence/tables.ts';
import { Clients } from './client.ts';
import { microsOfUtc } from './iso-time.ts';

/** What a line says, as columns of `event`. */
export interface EventValues {
  account?: string | null;
  time: number | null;
  time_text: string;
  time_zone: string | null;
  ip: string | null;
  port: number | null;
  host: string | null;
  method: string | null;
  url: string | null;
  status: number | null;
  bytes: number | null;
  referrer?: string | null;
  agent: string | null;
}

/**
 * The W3C Extended Log File Format (working draft WD-logfile-960323), as Microsoft's IIS writes it. A
 * `#Fields:` line names the fields of the lines that follow and may come again with others. Times are UTC: the
 * draft says so and IIS keeps to it, whatever the server's own zone; hence the zone 'UTC'.
 */
export class W3cLog {
  private fields: string[] = [];
  /** The date of the last `#Date:` line, for logs whose lines hold only a time. */
  private date = '';
  private readonly clients = new Clients();

  /** Whether a `#Fields:` line was seen, so that lines can be read. */
  get hasFields(): boolean {
    return this.fields.length > 0;
  }

  /** Takes in a line that begins with '#'. */
  directive(line: string): void {
    const match = /^#(Fields|Date):\s*(.*)$/s.exec(line);
    if (match?.[1] === 'Date') this.date = match[2]!.slice(0, 10);
    if (match?.[1] !== 'Fields') return;
    const fields = match[2]!.trim().split(/[ \t]+/);
    this.fields = fields.includes('time') ? fields : [];
  }

  /** The event of a line, or in a few words why it is none. */
  read(line: string): EventValues | string {
    const values = line.trimEnd().split(/[ \t]/);
    if (values.length !== this.fields.length) return 'other fields than announced';
    const value = (name: string) => {
      const found = values[this.fields.indexOf(name)];
      return found === undefined || found === '-' ? null : found;
    };
    const timeText = `${value('date') ?? this.date} ${value('time')}`;
    const time = microsOfUtc(timeText);
    if (time === null) return 'time not understood';
    const client = this.clients.find(value('c-ip') ?? '-');
    if (client === null) return 'client not understood';
    const host = value('cs-host');
    const user = value('cs-username');
    const stem = value('cs-uri-stem');
    const query = value('cs-uri-query');
    return {
      account: user === null ? null : accountOf(`http:${serviceHost(host)}`, user),
      time,
      time_text: timeText,
      time_zone: 'UTC',
      ip: client.address,
      port: numberOf(value('c-port')) ?? client.port,
      host,
      method: value('cs-method'),
      url: stem === null ? value('cs-uri') : query === null ? stem : `${stem}?${query}`,
      status: numberOf(value('sc-status')),
      bytes: numberOf(value('sc-bytes')),
      referrer: value('cs(Referer)'),
      agent: value('cs(User-Agent)'),
    };
  }
}

/** The host as part of a service name, which holds no slash. */
export function serviceHost(host: string | null): string {
  return host === null || host === '' || host.includes('/') ? 'unknown' : host;
}

/** A whole number of up to 15 digits, or null. */
export function numberOf(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
