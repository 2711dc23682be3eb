import { canonicalJson } from '../../../base/json.ts';
import { type Records, stampColumns } from '../../../evidence/records.ts';
import { canonicalSelector, type SelectorKind } from '../../../evidence/selectors.ts';
import { accountOf } from '../../../evidence/tables.ts';
import type { CsvRecord } from '../../csv.ts';
import { isCarrierNat, portOf } from '../carrier-nat.ts';
import type { ReturnColumns, ReturnRole } from './columns.ts';
import { type ReturnTime, returnTime } from './times.ts';

/** Subscribers' facts that are remembered, so that each is told once; beyond them they are told anew. */
const maxRemembered = 1_000_000;

type Values = Readonly<Record<ReturnRole, string>>;

/** Turns the rows of a return's table into records. */
export class Answers {
  private readonly records: Records;
  private readonly columns: ReturnColumns;
  private readonly provider: string | null;
  private readonly unnamed: string;
  private readonly told = new Set<string>();
  private warnedProvider = false;

  /** `unnamed` is the service where neither the file (`provider`) nor the row names one. */
  constructor(records: Records, columns: ReturnColumns, provider: string | null, unnamed: string) {
    this.records = records;
    this.columns = columns;
    this.provider = provider;
    this.unnamed = unnamed;
  }

  row(record: CsvRecord): void {
    const { records, columns } = this;
    const { offset, length } = record;
    const values = this.valuesOf(record);
    const id = subscriberId(values.subscriber) || values.name;
    const missing = id === '' ? 'subscriber' : values.ip === '' ? 'address' : null;
    if (missing !== null) {
      records.skip('answers', `no ${missing}`);
      records.warn('return-incomplete', `the row states no ${missing}`, offset, length);
      return;
    }
    if (record.count > columns.names.length) {
      records.warn('return-fields', 'the row has more fields than the header', offset, length);
    }
    const service = this.serviceOf(values, record);
    const account = accountOf(service, id);
    if (this.first(account)) {
      const row = {
        account,
        service,
        native_id: id,
        handle: values.name || null,
        kind: 'subscriber',
        attributes:
          values.subscriber !== id && values.subscriber !== ''
            ? canonicalJson({ subscriber: values.subscriber })
            : null,
      };
      records.table('account').add(row, offset, length);
    }
    this.facts(account, values, record);
    this.lease(service, account, values, record);
    records.read('answers');
  }

  private valuesOf(record: CsvRecord): Values {
    const { fields } = this.columns;
    const all = Object.entries(fields).map(([role, field]) => [role, record.text(field).trim()] as const);
    const none: Values = {
      ip: '',
      port: '',
      'port block': '',
      from: '',
      to: '',
      at: '',
      subscriber: '',
      name: '',
      contact: '',
      email: '',
      phone: '',
      'installation address': '',
      'billing address': '',
      address: '',
      provider: '',
    };
    return { ...none, ...Object.fromEntries(all) };
  }

  private serviceOf(values: Values, record: CsvRecord): string {
    const stated = values.provider || this.provider;
    if (stated) return stated.toLowerCase().replace(/\s+/g, ' ').replaceAll('/', '_');
    if (!this.warnedProvider) {
      this.warnedProvider = true;
      const text =
        'the return does not name its provider: its subscribers are kept apart from those of other returns';
      this.records.warn('return-provider', text, record.offset, record.length);
    }
    return this.unnamed;
  }

  /** Whether something is told for the first time. */
  private first(key: string): boolean {
    if (this.told.has(key)) return false;
    if (this.told.size < maxRemembered) this.told.add(key);
    return true;
  }

  /** What the provider has of its customer. Where the line is and where the bill goes are never one thing. */
  private facts(account: string, values: Values, record: CsvRecord): void {
    this.fact(account, 'name', values.name, 'subscriber', record);
    for (const context of ['installation address', 'billing address', 'address'] as const) {
      this.fact(account, 'place', values[context], context, record);
    }
    this.fact(account, 'email', values.email, 'subscriber', record);
    this.fact(account, 'phone', values.phone, 'subscriber', record);
    this.fact(account, values.contact.includes('@') ? 'email' : 'phone', values.contact, 'contact', record);
  }

  private fact(
    account: string,
    selector: SelectorKind,
    raw: string,
    context: string,
    record: CsvRecord,
  ): void {
    if (raw === '' || !this.first(`${account}\t${selector}\t${context}\t${raw}`)) return;
    const canonical = canonicalSelector(selector, raw);
    const { offset, length } = record;
    if (canonical === null) {
      const text = `the ${selector} is none as it stands: kept as written`;
      this.records.warn(`${selector}-malformed`, text, offset, length);
    }
    const row = { account, selector, raw, canonical, basis: 'provider-verified', context };
    this.records.table('sighting').add(row, offset, length);
  }

  /** The address and when the subscriber had it: from a lease's start on, or at the time that was asked about. */
  private lease(service: string, account: string, values: Values, record: CsvRecord): void {
    const { records } = this;
    const { offset, length } = record;
    const canonical = canonicalAddress(values.ip);
    if (canonical === null) {
      records.warn('ip-malformed', 'the ip is none as it stands: kept as written', offset, length);
    }
    const port = this.portOf(values, canonical, record);
    const from = this.time('from', values, record);
    const to = this.time('to', values, record);
    const at = this.time('at', values, record);
    if (from?.micros != null && to?.micros != null && to.micros < from.micros) {
      records.warn('lease-order', 'the lease ends before it begins', offset, length);
    }
    const leased = from !== null || at === null;
    if (from === null && at === null) {
      records.warn('return-time', 'the row states no time', offset, length);
    }
    const stamp = leased ? from : at;
    const sighting = {
      account,
      selector: 'ip',
      raw: values.ip,
      canonical,
      port,
      ...stampColumns(stamp),
      basis: 'log-derived',
      context: leased ? 'lease' : 'asked time',
    };
    records.table('sighting').add(sighting, offset, length);
    const event = {
      service,
      action: leased ? 'lease' : 'subscriber at time',
      account,
      ...stampColumns(stamp),
      ip: canonical ?? values.ip,
      port,
      text: canonicalJson({
        at: values.at || undefined,
        from: values.from || undefined,
        from_micros: from?.micros ?? undefined,
        ip: values.ip,
        port: values.port || undefined,
        port_block: values['port block'] || undefined,
        to: values.to || undefined,
        to_micros: to?.micros ?? undefined,
      }),
    };
    records.table('event').add(event, offset, length);
  }

  private portOf(values: Values, canonical: string | null, { offset, length }: CsvRecord): number | null {
    const { records } = this;
    const port = values.port === '' ? null : portOf(values.port);
    if (values.port !== '' && port === null) {
      records.warn('port-malformed', 'the port is no number of a port', offset, length);
    }
    const shared = (canonical !== null && isCarrierNat(canonical)) || values['port block'] !== '';
    if (port === null && shared) {
      const text = 'an address that a carrier shares among customers stands without its port';
      records.warn('port-missing', text, offset, length);
    }
    const block = /^(\d{1,5})\s*[-–]\s*(\d{1,5})$/.exec(values['port block']);
    if (block !== null && port !== null && (port < Number(block[1]) || port > Number(block[2]))) {
      records.warn('port-outside-block', 'the port is not of the block that the row states', offset, length);
    }
    return port;
  }

  private time(role: 'from' | 'to' | 'at', values: Values, { offset, length }: CsvRecord) {
    const { fields, utc } = this.columns;
    const field = fields[role];
    if (field === undefined) return null;
    const { stamp, trouble } = returnTime(values[role], utc.has(field));
    if (trouble !== null) this.records.warn(...troubles[trouble], offset, length);
    return stamp;
  }
}

const troubles: Readonly<Record<NonNullable<ReturnTime['trouble']>, [string, string]>> = {
  'no zone': ['time-zone', 'the time states no zone, so it stays unresolved'],
  'two zones': ['time-zone-differs', 'the column says UTC and the time another zone, so it stays unresolved'],
  'no time': ['time-malformed', 'the time cannot be read, so it stays unresolved'],
};

/** The number without the word before it (`Subscriber S-12`). */
function subscriberId(text: string): string {
  return /^(?:subscriber|customer|kunde|teilnehmer)\s+(?:no\.?\s*|nr\.?\s*)?(\S+)$/i.exec(text)?.[1] ?? text;
}

/** An address, or a network as `<first address>/<bits>`. Null when the text is neither. */
export function canonicalAddress(raw: string): string | null {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(raw);
  if (!match) return canonicalSelector('ip', raw);
  const base = canonicalSelector('ip', match[1]!);
  const bits = Number(match[2]);
  if (base === null || bits > (base.includes(':') ? 128 : 32)) return null;
  return bits === (base.includes(':') ? 128 : 32) ? base : `${base}/${bits}`;
}
