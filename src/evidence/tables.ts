/**
 * The record types: what a reader can say, as the columns of the lake's tables.
 *
 * Column types:
 * - `text`  any UTF-8 text
 * - `term`  text with few distinct values in a row (addresses, agents, kinds): kept as a dictionary
 * - `int`   whole number up to 2^53
 * - `time`  whole microseconds since 1970-01-01 UTC
 *
 * Every table also carries the source pointer (`source_path`, `source_offset`, `source_length`; the exhibit
 * is the partition). Every column may be null, and null means "the exhibit does not say", never "no".
 *
 * An account is written `<service>/<native id>` wherever one is referred to (see `accountOf`).
 */
export type ColumnType = 'text' | 'term' | 'int' | 'time';

/** A time as three columns: UTC where known, the original text, the zone it states. */
const stamp = { time: 'time', time_text: 'text', time_zone: 'term' } as const;

const source = { source_path: 'term', source_offset: 'int', source_length: 'int' } as const;

export const tables = {
  /** An identity on one service. */
  account: {
    account: 'text',
    service: 'term',
    native_id: 'text',
    handle: 'text',
    /** member, system (crawlers, guests), mailbox, provider account */
    kind: 'term',
    /** active, inactive, banned, founder, moderator ... as the service states it */
    status: 'term',
    /** When the account was created. */
    ...stamp,
    /** Further stated facts (language, time zone, place, birthday ...) as canonical JSON. */
    attributes: 'text',
    ...source,
  },
  /** A selector seen with an account. */
  sighting: {
    account: 'text',
    /** email, handle, ip, phone, url, domain, name, birthday, agent, session, messenger id, key ... */
    selector: 'term',
    raw: 'text',
    canonical: 'text',
    port: 'int',
    ...stamp,
    /** self-declared, provider-verified, log-derived, mentioned, analyst */
    basis: 'term',
    /** Where in the service: registration, post, private message, login, signature, former name ... */
    context: 'term',
    ...source,
  },
  /** Something that happened at a time. */
  event: {
    service: 'term',
    /** request, login, session, ban, report, warning, moderator log ...; requests: what the URL shows was done */
    action: 'term',
    account: 'text',
    target: 'text',
    ...stamp,
    ip: 'term',
    port: 'int',
    session: 'text',
    host: 'term',
    method: 'term',
    url: 'text',
    status: 'int',
    bytes: 'int',
    referrer: 'term',
    agent: 'term',
    text: 'text',
    ...source,
  },
  /** A post, private message, mail or chat line. */
  message: {
    /** `<service>/<channel>/<native id>`; the same message in two exhibits has the same key. */
    message: 'text',
    service: 'term',
    native_id: 'text',
    /** post, private message, mail, chat */
    channel: 'term',
    sender: 'text',
    sender_name: 'text',
    ...stamp,
    ip: 'term',
    subject: 'text',
    body: 'text',
    /** bbcode, plain, html */
    body_format: 'term',
    /** Topic, or the thread's first message. */
    thread: 'text',
    /** Forum, list or group it was said in. */
    place: 'term',
    in_reply_to: 'text',
    /** visible, soft-deleted, awaiting approval ... */
    state: 'term',
    /** Further stated facts (edits, relay hops, flags ...) as canonical JSON. */
    attributes: 'text',
    ...source,
  },
  /** A file that an account posted, sent or stored. */
  file: {
    service: 'term',
    native_id: 'text',
    account: 'text',
    message: 'text',
    name: 'text',
    /** Name under which the service stored it; joins to `content.name`. */
    stored_name: 'text',
    media_type: 'term',
    size: 'int',
    ...stamp,
    md5: 'text',
    sha1: 'text',
    sha256: 'text',
    state: 'term',
    ...source,
  },
  /** Two accounts, or an account and a group, standing in some relation. */
  relation: {
    /** to, cc, bcc (of a message); friend, foe, member ... */
    relation: 'term',
    from_account: 'text',
    to_account: 'text',
    /** The message for to/cc/bcc; the group for member. */
    object: 'text',
    ...stamp,
    ...source,
  },
  /** The bytes of a file that lies in an exhibit, by hash; never the picture itself. */
  content: {
    name: 'text',
    size: 'int',
    media_type: 'term',
    md5: 'text',
    sha1: 'text',
    sha256: 'text',
    ...source,
  },
  /** An entry of a supplied hash list. */
  listed_hash: {
    list: 'term',
    /** listed, known-good, checksum (of a manifest; says nothing about the file) */
    disposition: 'term',
    /** Whose categories these are (a country segment of VICS ...); categories of two schemes are never compared. */
    scheme: 'term',
    category: 'term',
    algorithm: 'term',
    value: 'text',
    ...source,
  },
  /** A range of addresses or AS numbers as a regional registry had delegated it on the snapshot's day. */
  registry_range: {
    /** ripencc, arin, apnic, lacnic, afrinic ... as the file names itself */
    registry: 'term',
    /** The day the table shows, `YYYY-MM-DD`; null where its heading states none. */
    snapshot: 'term',
    /** ipv4, ipv6, asn */
    family: 'term',
    /** ISO 3166 code in capitals; null where the registry states none ('ZZ' or nothing). */
    country: 'term',
    /** First and last address (canonical) or AS number of the range. */
    first: 'text',
    last: 'text',
    /** Day of the delegation, `YYYY-MM-DD`. */
    date: 'term',
    /** allocated, assigned, available, reserved */
    status: 'term',
    /** Opaque id: ranges of one holder in one registry share it. */
    holder: 'text',
    ...source,
  },
  /** Something a reader could not take as it stood. */
  warning: {
    code: 'term',
    text: 'text',
    ...source,
  },
} as const satisfies Record<string, Record<string, ColumnType>>;

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

export function columnsOf(table: TableName): [string, ColumnType][] {
  return Object.entries(tables[table]);
}

/**
 * The name of an account everywhere: `<service>/<native id>`. The service holds no slash, so the first
 * slash divides; the native id may hold anything.
 */
export function accountOf(service: string, nativeId: string): string {
  return `${service}/${nativeId}`;
}
