import { createHash } from 'node:crypto';
import { limits } from '../../base/limits.ts';
import { type Records, stampColumns } from '../../evidence/records.ts';
import { canonicalSelector, type SelectorKind } from '../../evidence/selectors.ts';
import { accountOf } from '../../evidence/tables.ts';
import type { Address } from './addresses.ts';
import { attributesOf, type Container, listOf, type Trace, traceOf } from './attributes.ts';
import { contentOf, type Mail, parseMail } from './message.ts';
import { leavesOf, type Part, type Trouble } from './parts.ts';
import { uuencodedIn } from './uuencoded.ts';

/** The service of every mail account: an address is one mailbox, whoever runs the server. */
export const mailService = 'mail';

/** The key of a message by its id; the same message in two archives has the same key. */
export function mailKey(id: string): string {
  return `${mailService}/mail/${id}`;
}

/** Addresses, and pairs of address and name, remembered in one file to say each of them once. */
const maxSeen = 1_000_000;

/** Where a message lies and what its container says about it. */
export interface Place extends Container {
  /** Byte position in the file of the first byte of the buffer handed over. */
  readonly base: number;
  /** The message in the buffer, its separator line included. */
  readonly start: number;
  /** First byte of the header. */
  readonly headerStart: number;
  readonly end: number;
  /** Whether the container quotes lines that start with 'From '. */
  readonly quoted: boolean;
  /** Whether bytes behind `end` belong to the message and were not read. */
  readonly truncated: boolean;
}

/** Writes messages of one file as records. */
export class MailRecorder {
  private readonly records: Records;
  private readonly seenAddresses = new Set<string>();
  private readonly seenNames = new Set<string>();

  constructor(records: Records) {
    this.records = records;
  }

  /**
   * Reads one message and writes its records: the message, its accounts and sightings, one relation for each
   * recipient, one file for each attachment. Damage becomes warnings, at most one of a code for a message.
   */
  record(bytes: Buffer, place: Place): void {
    const mail = parseMail(bytes, place.headerStart, place.end, { quoted: place.quoted });
    const troubles: Trouble[] = [...mail.troubles];
    if (place.truncated) {
      troubles.push({
        code: 'mail-truncated',
        text: 'a message is longer than the limit and was read up to it',
        at: place.start,
      });
    }
    const at: Source = { offset: place.base + place.start, length: place.end - place.start };
    const trace = traceOf(mail.header);
    const author = authorOf(mail);
    const facts: Facts = { mail, author, trace, key: mailKey(mail.id), at, stamp: stampColumns(mail.date) };
    this.addMessage(facts, place, troubles);
    this.addPeople(facts, troubles);
    this.addTraces(facts);
    this.addFiles(facts, bytes, place, troubles);
    this.warn(troubles, place);
    this.records.read('messages');
  }

  private addMessage(facts: Facts, place: Place, troubles: Trouble[]): void {
    const { mail, author, trace, key, at, stamp } = facts;
    const body = mail.body === null ? null : cutText(mail.body, limits.maxTextBytes);
    if (body !== mail.body) {
      troubles.push({
        code: 'mail-text',
        text: 'a text is longer than the limit and was cut',
        at: place.start,
      });
    }
    this.records.table('message').add(
      {
        message: key,
        service: mailService,
        native_id: mail.id,
        channel: 'mail',
        sender: author.account,
        sender_name: author.name,
        ...stamp,
        ip: trace.ip,
        subject: mail.subject,
        body,
        body_format: mail.bodyFormat,
        thread: mailKey(mail.threadRoot ?? mail.id),
        place: listOf(mail.header),
        in_reply_to: mail.inReplyTo === null ? null : mailKey(mail.inReplyTo),
        attributes: attributesOf(mail, trace, place),
      },
      at.offset,
      at.length,
    );
  }

  private addPeople(facts: Facts, troubles: Trouble[]): void {
    const { mail, author, key, at, stamp } = facts;
    let unread = 0;
    for (const role of ['from', 'sender'] as const) {
      for (const address of mail[role]) {
        if (address.canonical !== null) this.addMailbox(address, role, facts);
        else if (address.address !== null) unread++;
      }
    }
    for (const role of ['to', 'cc', 'bcc'] as const) {
      const told = new Set<string>();
      for (const address of mail[role]) {
        if (address.canonical === null) {
          if (address.address !== null) unread++;
          continue;
        }
        this.addMailbox(address, role, facts);
        if (told.has(address.canonical)) continue;
        told.add(address.canonical);
        this.records.table('relation').add(
          {
            relation: role,
            from_account: author.account,
            to_account: accountOf(mailService, address.canonical),
            object: key,
            ...stamp,
          },
          at.offset,
          at.length,
        );
      }
    }
    if (unread > 0) {
      troubles.push({
        code: 'mail-address',
        text: 'an address field holds an entry that is no full address',
        at: mail.root.start,
      });
    }
  }

  /**
   * The account when its address is new in this file, and the sightings of address and name. The author's own
   * are told for every message, those of others once a file: they say what the author calls them.
   */
  private addMailbox(address: Address, role: string, facts: Facts): void {
    const canonical = address.canonical!;
    const account = accountOf(mailService, canonical);
    const { at } = facts;
    const known = this.seenAddresses.has(canonical);
    if (!known) {
      if (this.seenAddresses.size < maxSeen) this.seenAddresses.add(ownCopy(canonical));
      this.records
        .table('account')
        .add(
          { account, service: mailService, native_id: canonical, handle: address.name, kind: 'mailbox' },
          at.offset,
          at.length,
        );
    }
    const own = role === 'from' || role === 'sender';
    const basis = own ? 'self-declared' : 'mentioned';
    if (own || !known) this.sight(account, 'email', address.address!, canonical, basis, role, facts);
    if (address.name === null) return;
    const name = canonicalSelector('name', address.name);
    // Mailers that know no name repeat the address in its place.
    if (name === null || name.replace(/^'|'$/g, '') === canonical) return;
    const pair = `${canonical}\n${role}\n${name}`;
    if (!own && this.seenNames.has(pair)) return;
    if (!own && this.seenNames.size < maxSeen) this.seenNames.add(ownCopy(pair));
    this.sight(account, 'name', address.name, name, basis, role, facts);
  }

  private addTraces(facts: Facts): void {
    const { mail, author, trace } = facts;
    if (author.account === null) return;
    if (trace.ip !== null) {
      this.records.table('sighting').add(
        {
          account: author.account,
          selector: 'ip',
          raw: trace.ip,
          canonical: trace.ip,
          ...stampColumns(trace.time ?? mail.date),
          basis: 'log-derived',
          context: trace.time === null ? "mail sent, time by the sender's clock" : 'mail sent',
        },
        facts.at.offset,
        facts.at.length,
      );
    }
    const agent = mail.header.text('x-mailer') ?? mail.header.text('user-agent');
    if (agent !== null) this.sight(author.account, 'agent', agent, agent, 'log-derived', 'mail sent', facts);
    for (const reply of mail.replyTo) {
      const { canonical } = reply;
      if (canonical === null || canonical === author.address || this.isList(mail, canonical)) continue;
      this.sight(author.account, 'email', reply.address!, canonical, 'self-declared', 'reply-to', facts);
    }
  }

  /** Lists put their own address into Reply-To; it says nothing about the author. */
  private isList(mail: Mail, address: string): boolean {
    if (!['list-id', 'list-post', 'mailing-list'].some((name) => mail.header.has(name))) return false;
    const post = mail.header.raw('list-post')?.toLowerCase() ?? '';
    return post.includes(address) || [...mail.to, ...mail.cc].some((each) => each.canonical === address);
  }

  private sight(
    account: string,
    selector: SelectorKind,
    raw: string,
    canonical: string,
    basis: string,
    context: string,
    facts: Facts,
  ): void {
    this.records
      .table('sighting')
      .add(
        { account, selector, raw, canonical, ...facts.stamp, basis, context },
        facts.at.offset,
        facts.at.length,
      );
  }

  private addFiles(facts: Facts, bytes: Buffer, place: Place, troubles: Trouble[]): void {
    const { mail } = facts;
    const listed = new Set(mail.bodies.attachments);
    for (const part of leavesOf(mail.root)) {
      const shownText =
        part.type.startsWith('text/') && part.fileName === null && part.disposition !== 'attachment';
      const damaged = part.type.startsWith('multipart/') && part.path === '';
      if (damaged || (shownText && (!listed.has(part) || part.path === ''))) {
        if (part.type === 'text/plain') this.addUuencoded(facts, bytes, place, part);
        continue;
      }
      const content = contentOf(bytes, part, place.quoted, troubles);
      const state =
        part.disposition === 'inline' || part.disposition === 'attachment' ? part.disposition : null;
      this.addFile(facts, part.path, part.fileName, part.type, content, state, {
        offset: place.base + part.start,
        length: part.end - part.start,
      });
    }
  }

  /** Files written into the text itself, as mailers did before MIME and Outlook still does. */
  private addUuencoded(facts: Facts, bytes: Buffer, place: Place, part: Part): void {
    for (const [index, file] of uuencodedIn(bytes, part.bodyStart, part.end).entries()) {
      this.addFile(facts, `${part.path}uu${index + 1}`, file.name, null, file.bytes, null, {
        offset: place.base + file.start,
        length: file.end - file.start,
      });
    }
  }

  private addFile(
    facts: Facts,
    path: string,
    name: string | null,
    mediaType: string | null,
    content: Uint8Array,
    state: string | null,
    at: Source,
  ): void {
    const hash = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
    this.records.table('file').add(
      {
        service: mailService,
        native_id: `${facts.mail.id}/${path}`,
        account: facts.author.account,
        message: facts.key,
        name,
        media_type: mediaType,
        size: content.length,
        ...facts.stamp,
        md5: hash('md5'),
        sha1: hash('sha1'),
        sha256: hash('sha256'),
        state,
      },
      at.offset,
      at.length,
    );
  }

  private warn(troubles: readonly Trouble[], place: Place): void {
    const told = new Set<string>();
    for (const trouble of troubles) {
      if (told.has(trouble.code)) continue;
      told.add(trouble.code);
      this.records.warn(trouble.code, trouble.text, place.base + trouble.at, place.end - trouble.at);
    }
  }
}

interface Source {
  readonly offset: number;
  readonly length: number;
}

interface Facts {
  readonly mail: Mail;
  readonly author: Author;
  readonly trace: Trace;
  readonly key: string;
  readonly at: Source;
  readonly stamp: ReturnType<typeof stampColumns>;
}

interface Author {
  readonly account: string | null;
  readonly address: string | null;
  readonly name: string | null;
}

/** From, and Sender where From holds no full address. Names left over from an unquoted comma are joined. */
function authorOf(mail: Mail): Author {
  const known = mail.from.findIndex((each) => each.canonical !== null);
  const chosen = known >= 0 ? mail.from[known] : mail.sender.find((each) => each.canonical !== null);
  const address = chosen?.canonical ?? null;
  const names = mail.from.slice(0, known >= 0 ? known + 1 : undefined).map((each) => each.name);
  const named = names.filter((name) => name !== null).join(', ');
  return {
    account: address === null ? null : accountOf(mailService, address),
    address,
    name: named !== '' ? named : (chosen?.name ?? null),
  };
}

/** Text of at most `maxBytes` bytes of UTF-8, cut between characters. */
function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text);
  let end = maxBytes;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** A string that shares no memory with the message it was cut from. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
