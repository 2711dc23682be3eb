import { type CsvRecord, detectCsv, headRecords } from '../../csv.ts';

/** What a column of a return can say. */
export const returnRoles = [
  'ip',
  'port',
  'port block',
  'from',
  'to',
  'at',
  'subscriber',
  'name',
  'contact',
  'email',
  'phone',
  'installation address',
  'billing address',
  'address',
  'provider',
] as const;
export type ReturnRole = (typeof returnRoles)[number];

/** Names of columns (lower case, letters and digits alone, without a closing "utc") that give each role. */
const knownNames: Readonly<Record<ReturnRole, RegExp>> = {
  ip: /^(ip|ips|ipv4|ipv6|ipaddress|ipaddr|ipadresse|sourceip|clientip|publicip|ipprefix|prefix)$/,
  port: /^(port|sourceport|srcport|clientport|quellport)$/,
  'port block': /^(portblock|portrange|ports|portbereich)$/,
  from: /^(from|von|vonfrom|start|starttime|startdate|leasestart|leasefrom|validfrom|begin|beginn|sessionstart)$/,
  to: /^(to|bis|bisto|end|endtime|enddate|leaseend|leaseto|validto|validuntil|ende|sessionend)$/,
  at: /^(at|queriedat|querytime|requestedat|time|timestamp|datetime|zeitpunkt|askedat)$/,
  subscriber:
    /^(subscriber|subscriberref|subscriberid|subscriberno|subscribernumber|customer|customerref|customerid|customerno|customernumber|kunde|kundennummer|teilnehmer|teilnehmernummer)$/,
  name: /^(name|fullname|subscribername|customername|accountholder|anschlussinhaber)$/,
  contact: /^(contact|kontakt|subscribercontact|customercontact)$/,
  email: /^(email|emailaddress|mail|subscriberemail|customeremail|contactemail)$/,
  phone: /^(phone|phonenumber|telephone|mobile|msisdn|telefon|subscriberphone|customerphone|contactphone)$/,
  'installation address':
    /^(installationaddress|installaddress|serviceaddress|siteaddress|anschlussadresse)$/,
  'billing address': /^(billingaddress|invoiceaddress|paymentaddress|rechnungsadresse)$/,
  address: /^(address|adresse|subscriberaddress|customeraddress)$/,
  provider: /^(provider|isp|operator|carrier|anbieter)$/,
};

/** The fields of a return's table by role. */
export interface ReturnColumns {
  readonly kind: 'return';
  readonly fields: Readonly<Partial<Record<ReturnRole, number>>>;
  /** Fields whose column name says that its times are UTC. */
  readonly utc: ReadonlySet<number>;
  /** Names of all columns as written. */
  readonly names: readonly string[];
}

const correctionNames = ['kind', 'reference', 'correction', 'reason', 'received_at'] as const;

/** The fields of a list of later corrections, which withdraw or change what was handed over before. */
export interface CorrectionColumns {
  readonly kind: 'corrections';
  readonly fields: Readonly<Record<(typeof correctionNames)[number], number>>;
}

export type Columns = ReturnColumns | CorrectionColumns;

/**
 * The columns of a header, or null when they make no return: it names an address, who had it, and when. Of two
 * columns of one role the first counts.
 */
export function columnsOfHeader(header: CsvRecord): Columns | null {
  const names = Array.from({ length: header.count }, (_, field) => header.text(field).trim());
  const lower = names.map((name) => name.toLowerCase());
  if (correctionNames.every((name) => lower.includes(name))) {
    const fields = Object.fromEntries(correctionNames.map((name) => [name, lower.indexOf(name)]));
    return { kind: 'corrections', fields: fields as CorrectionColumns['fields'] };
  }
  const fields: Partial<Record<ReturnRole, number>> = {};
  const utc = new Set<number>();
  names.forEach((name, field) => {
    const bare = bareName(name);
    const plain = bare.replace(/utc$/, '');
    const role = returnRoles.find((each) => knownNames[each].test(bare) || knownNames[each].test(plain));
    if (role === undefined || fields[role] !== undefined) return;
    fields[role] = field;
    if (plain !== bare) utc.add(field);
  });
  return describesSubscribers(fields) ? { kind: 'return', fields, utc, names } : null;
}

/**
 * A table of addresses, times and customers may be anybody's (a shop's orders, a site's logins); a return also
 * says how the customer is reached or where the line is, or how long the address was theirs.
 */
function describesSubscribers(fields: Readonly<Partial<Record<ReturnRole, number>>>): boolean {
  const has = (role: ReturnRole) => fields[role] !== undefined;
  if (!has('ip') || !(has('from') || has('at'))) return false;
  const line = has('installation address') || has('billing address');
  if (!has('subscriber')) return has('name') && (line || has('address'));
  const rest: readonly ReturnRole[] = [
    'to',
    'port',
    'port block',
    'name',
    'contact',
    'email',
    'phone',
    'address',
  ];
  return line || rest.some(has);
}

function bareName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Lines that may stand before the header: remarks, and who answers. */
const maxPreamble = 10;

/** Whether a record may stand before the header: blank, a remark, or of one or two fields. */
export function isPreamble(record: CsvRecord): boolean {
  if (record.damaged || record.count === 0) return true;
  return record.count <= 2 || record.bytes[record.start(0)] === 35;
}

/**
 * The provider that a line before the header names (`Provider: <name>`, also as a remark or in two fields), or
 * null when it names none.
 */
export function providerOf(record: CsvRecord): string | null {
  const text = Array.from({ length: record.count }, (_, field) => record.text(field).trim())
    .join(' ')
    .replace(/^#\s*/, '');
  return (
    /^(?:provider|isp|operator|carrier|anbieter)\s*[:=]\s*(\S.{0,199})$/i.exec(text)?.[1]?.trim() ?? null
  );
}

/** Counts the lines before the header while they are passed. */
export class Preamble {
  private passed = 0;

  /** Whether the header may still follow a record that is none. */
  allows(record: CsvRecord): boolean {
    return isPreamble(record) && this.passed++ < maxPreamble;
  }
}

/** How surely the head is a return or a list of corrections. */
export function judgeReturn(head: Uint8Array): number {
  const preamble = new Preamble();
  for (const record of headRecords(head, detectCsv(head))) {
    if (!record.damaged && record.count > 0 && columnsOfHeader(record) !== null) return 0.95;
    if (!preamble.allows(record)) return 0;
  }
  return 0;
}
