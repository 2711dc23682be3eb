import { decodeLoosely } from '../../evidence/columns.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records, TableBuilder } from '../../evidence/records.ts';
import { accountOf } from '../../evidence/tables.ts';
import { CommonLogLine, type LineFault, sessionIdBytes } from './web-log/common-log.ts';
import { LoadBalancerLog, looksLikeLoadBalancer } from './web-log/load-balancer-log.ts';
import { eachLine, type LineSink, maxLineBytes } from './web-log/log-lines.ts';
import { logTimeBytes } from './web-log/log-time.ts';
import { PhpbbUrls, sessionOf } from './web-log/phpbb-urls.ts';
import { type EventValues, serviceHost, W3cLog } from './web-log/w3c-log.ts';

const unit = 'lines';

/** Reads the lines of one access log into `event` rows. */
class AccessLog implements LineSink {
  private readonly records: Records;
  private readonly events: TableBuilder<'event'>;
  private readonly common = new CommonLogLine();
  private readonly urls = new PhpbbUrls();
  private readonly w3c = new W3cLog();
  private readonly balancer = new LoadBalancerLog();
  private readonly loose = new Set<string>();
  /** Lines read since the tally was last brought up to date. */
  private good = 0;
  private readonly isShare: boolean;

  constructor(records: Records, isShare: boolean) {
    this.records = records;
    this.isShare = isShare;
    this.events = records.table('event');
  }

  line(bytes: Buffer, start: number, end: number, offset: number): void {
    if (start === end) {
      this.records.skip(unit, 'empty line');
      return;
    }
    const fault = this.common.read(bytes, start, end);
    if (fault === null) this.addCommon(bytes, start, end, offset);
    else this.otherLine(bytes, start, end, offset, fault);
  }

  padding(offset: number, length: number): void {
    this.records.warn(
      'nul-bytes',
      'NUL bytes before a line: the log was cut while it was written',
      offset,
      length,
    );
  }

  overlong(offset: number, length: number): void {
    this.records.skip(unit, 'line too long');
    this.records.warn('line-too-long', `the line is longer than ${maxLineBytes} bytes`, offset, length);
  }

  finish(): void {
    if (this.good > 0) this.records.read(unit, this.good);
  }

  /** Writes what `this.common` holds. */
  private addCommon(bytes: Buffer, start: number, end: number, offset: number): void {
    const line = this.common;
    const { column } = this.events;
    let loose = false;
    if (line.client === null) column.ip.bytes(bytes, line.clientStart, line.clientEnd);
    else {
      if (line.client.address !== null) column.ip.text(line.client.address);
      if (line.client.port !== null) column.port.int(line.client.port);
    }
    if (line.host !== null) column.host.text(line.host);
    if (line.user !== null) column.account.text(accountOf(`http:${serviceHost(line.host)}`, line.user));
    column.time.int(line.micros);
    column.time_text.bytes(bytes, line.timeStart, line.timeStart + logTimeBytes);
    column.time_zone.text(line.time.zone);
    if (line.urlStart < 0) {
      column.action.text('request');
      if (line.requestEnd > line.requestStart) {
        loose = column.text.bytes(bytes, line.requestStart, line.requestEnd) || loose;
      }
    } else {
      this.addAction(bytes);
      column.method.bytes(bytes, line.requestStart, line.methodEnd);
      loose = column.url.bytes(bytes, line.urlStart, line.urlEnd) || loose;
    }
    if (line.status >= 0) column.status.int(line.status);
    if (line.size >= 0) column.bytes.int(line.size);
    if (line.referrerStart >= 0) {
      loose = column.referrer.bytes(bytes, line.referrerStart, line.referrerEnd) || loose;
    }
    if (line.agentStart >= 0) loose = column.agent.bytes(bytes, line.agentStart, line.agentEnd) || loose;
    if (line.sessionStart >= 0) {
      column.session.bytes(bytes, line.sessionStart, line.sessionStart + sessionIdBytes);
    }
    this.events.end(offset + start, end - start);
    this.good++;
    if (loose)
      this.warnOnce(
        'not-utf8',
        'a field is not UTF-8 and was read as Windows-1252',
        offset + start,
        end - start,
      );
    if (line.isCut) {
      this.records.warn(
        'line-cut',
        'the line ends inside a field; what it holds was read',
        offset + start,
        end - start,
      );
    }
  }

  private addAction(bytes: Buffer): void {
    const { common, urls } = this;
    const { column } = this.events;
    if (common.phpStart < 0) {
      column.action.text('request');
      return;
    }
    // 'POST' is the only method of four letters that begins with 'P' in use.
    const isPost = common.methodEnd - common.requestStart === 4 && bytes[common.requestStart] === 0x50;
    column.action.text(
      urls.action(bytes, common.urlStart, common.phpStart, common.queryStart, common.urlEnd, isPost),
    );
    if (urls.target !== null) column.target.text(urls.target);
  }

  /** A line that is not of the common format: an IIS or load balancer line, or none. */
  private otherLine(bytes: Buffer, start: number, end: number, offset: number, fault: LineFault): void {
    let reason: string = fault;
    if (bytes[start] === 0x23) {
      this.w3c.directive(decodeLoosely(bytes.subarray(start, end)));
      if (this.isShare && this.w3c.hasFields) throw new Error('a line names the fields of those after it');
      this.records.skip(unit, 'directive');
      return;
    }
    if (this.w3c.hasFields) {
      const values = this.w3c.read(decodeLoosely(bytes.subarray(start, end)));
      if (typeof values !== 'string') {
        this.addOther(values, offset + start, end - start);
        return;
      }
      reason = values;
    } else if (looksLikeLoadBalancer(bytes, start, end)) {
      const values = this.balancer.read(decodeLoosely(bytes.subarray(start, end)));
      if (values !== null) {
        this.addOther(values, offset + start, end - start);
        return;
      }
      reason = 'load balancer line not understood';
    }
    this.records.skip(unit, reason);
    this.records.warn(
      'line-unreadable',
      `not a line of an access log: ${reason}`,
      offset + start,
      end - start,
    );
  }

  private addOther(values: EventValues, offset: number, length: number): void {
    const { action, target } = this.urls.read(values.url ?? null, values.method === 'POST');
    const session = sessionOf(values.url) ?? sessionOf(values.referrer);
    this.events.add({ action, target, session, ...values }, offset, length);
    this.good++;
  }

  private warnOnce(code: string, text: string, offset: number, length: number): void {
    if (this.loose.has(code)) return;
    this.loose.add(code);
    this.records.warn(code, text, offset, length);
  }
}

/** Lines of the head that are tried. */
const maxSniffedLines = 100;

/**
 * The share of the head's whole lines that are an access log's, where empty lines and directives do not count, and
 * whether a directive names the fields of the lines after it.
 */
function recognise(head: Uint8Array): { readonly share: number; readonly hasFields: boolean } {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const common = new CommonLogLine();
  const w3c = new W3cLog();
  const balancer = new LoadBalancerLog();
  let tried = 0;
  let good = 0;
  for (let start = 0; start < bytes.length && tried < maxSniffedLines; ) {
    const feed = bytes.indexOf(0x0a, start);
    // The head ends anywhere, so a last line without an end counts only where there is no other.
    if (feed < 0 && tried > 0) break;
    let end = feed < 0 ? bytes.length : feed;
    const next = end + 1;
    if (end > start && bytes[end - 1] === 0x0d) end--;
    while (start < end && bytes[start] === 0) start++;
    const line = () => decodeLoosely(bytes.subarray(start, end));
    if (bytes[start] === 0x23) w3c.directive(line());
    else if (start < end) {
      tried++;
      if (common.read(bytes, start, end) === null) good++;
      else if (w3c.hasFields) good += typeof w3c.read(line()) === 'string' ? 0 : 1;
      else if (looksLikeLoadBalancer(bytes, start, end) && balancer.read(line()) !== null) good++;
    }
    start = next;
  }
  // An IIS log that was opened and never written to has its directives only.
  const share = tried === 0 ? (w3c.hasFields ? 1 : 0) : good / tried;
  return { share, hasFields: w3c.hasFields };
}

/** Web server access logs as `event` rows, a row for each request. */
export const accessLogReader: Reader = {
  name: 'access-log',
  version: 1,
  reads:
    'Web server access logs: Apache and nginx (common, combined, with virtual host, with further fields), ' +
    'IIS (W3C extended), AWS load balancers',
  unit: 'file',
  sniff(head) {
    const { share } = recognise(head);
    return share < 0.3 ? 0 : share * 0.95;
  },
  linesStandAlone: (head) => !recognise(head).hasFields,
  async read(input: Input, records: Records): Promise<void> {
    const log = new AccessLog(records, input.from !== undefined);
    await eachLine(input, log);
    log.finish();
  },
};
