import { daySeconds } from '../clock.ts';
import { contactRounds } from '../people/contacts.ts';
import { type Act, type HandOff, selectorText, sharedLanguage } from '../people/story.ts';
import type { Attachments } from './attachments.ts';
import { type BoardParts, choice, textUid } from './board-parts.ts';
import type { Deed, Session } from './events.ts';
import { escapeField, storedText } from './phpbb-text.ts';

/** A private message that waits for an answer. */
type Waiting = { readonly from: number; readonly root: number; readonly subject: string };

/** A notice the board mailed to somebody whose mailbox was seized. */
export type Notice = {
  readonly account: number;
  readonly at: number;
  readonly message: number;
  readonly from: number;
};

const longestWait = 4;

/** Writes private messages and hands them to their readers. */
export class PrivateMessages {
  readonly #parts: BoardParts;
  readonly #attachments: Attachments;
  /** Per account, what came in and has no answer yet; the last few. */
  readonly #waiting = new Map<number, Waiting[]>();
  /** By account. */
  readonly notices = new Map<number, Notice[]>();
  lastId = 0;

  constructor(parts: BoardParts, attachments: Attachments) {
    this.#parts = parts;
    this.#attachments = attachments;
  }

  /** Answers the oldest message that waits, or writes to a contact, or does what was planned. Says if it wrote. */
  send(at: number, session: Session, deed: Deed): boolean {
    const { account } = session;
    const { act } = deed;
    const answered = act ? earlier(act) : this.#waiting.get(account)?.shift();
    const to = act ? act.to : (answered?.from ?? this.#contact(at, session));
    if (to < 0) return false;
    const { body, subject } = this.#text(at, account, act, answered);
    const id = ++this.lastId;
    deed.id = id;
    const readers = act ? [to] : [to, ...this.#second(at, session, to)];
    if (deed.picture >= 0) this.#attachments.add(at, session, deed.picture, 0, id);
    this.#row(at, session, deed, readers, answered, subject, body);
    // Who goes on elsewhere answers there.
    const isAnswered = act?.handOff?.style !== 'silent';
    for (const reader of readers)
      this.#deliver(at, id, account, reader, isAnswered ? { root: answered?.root || id, subject } : null);
    const user = this.#parts.accounts.userId[account]!;
    const copy = { msg_id: id, user_id: user, author_id: user, pm_new: 0, pm_unread: 0, folder_id: -1 };
    this.#parts.dump.row('privmsgs_to', copy);
    if (act?.handOff) act.handOff.messageIds.push(id);
    if (act?.indicator) act.indicator.reference = `private message ${id}`;
    return true;
  }

  #text(at: number, account: number, act: Act | undefined, answered: Waiting | undefined) {
    const { accounts, writer } = this.#parts;
    const owner = accounts.owner(account);
    if (act?.handOff && act.handOff.style !== 'silent') return this.#handOffText(act, act.handOff, owner.id);
    const language = writer.languageOf(owner.id, accounts.world.language(owner.id), at);
    const subject = answered?.subject ?? writer.title(owner.id, language, at);
    return { subject, body: writer.body(owner.id, language, at, owner.given) };
  }

  #handOffText(act: Act, handOff: HandOff, person: number): { subject: string; body: string } {
    const { writer, accounts } = this.#parts;
    const language = sharedLanguage(accounts, handOff);
    if (act.part === 0) handOff.subject = writer.title(person, language, act.at);
    const { subject } = handOff;
    if (act.part === 2) return { subject, body: writer.agreement(person, language, act.at) };
    const selector = selectorText(handOff, act.part ?? 0);
    return { subject, body: act.part === 1 ? selector : writer.handOff(person, language, act.at, selector) };
  }

  #row(
    at: number,
    session: Session,
    deed: Deed,
    readers: readonly number[],
    answered: Waiting | undefined,
    subject: string,
    body: string,
  ): void {
    const { accounts, dump } = this.#parts;
    dump.row('privmsgs', {
      msg_id: deed.id,
      root_level: answered?.root ?? 0,
      author_id: accounts.userId[session.account]!,
      author_ip: session.ip,
      message_time: at,
      message_subject: escapeField(answered ? `Re: ${subject}` : subject),
      message_text: storedText(body),
      message_attachment: deed.picture >= 0 ? 1 : 0,
      bbcode_uid: textUid(deed.id + 7_000_003),
      to_address: readers.map((reader) => `u_${accounts.userId[reader]}`).join(':'),
    });
  }

  #deliver(at: number, id: number, from: number, to: number, thread: Omit<Waiting, 'from'> | null): void {
    const { accounts, contacts, dump, noticesFor } = this.#parts;
    // Folder -3 holds what its reader never came to collect.
    const unread = accounts.active(to, at + 7 * daySeconds) ? 0 : 1;
    dump.row('privmsgs_to', {
      msg_id: id,
      user_id: accounts.userId[to]!,
      author_id: accounts.userId[from]!,
      pm_new: unread,
      pm_unread: unread,
      folder_id: unread ? -3 : 0,
    });
    contacts.count(from, to);
    if (noticesFor.has(to)) {
      const notices = this.notices.get(to) ?? [];
      notices.push({ account: to, at, message: id, from });
      this.notices.set(to, notices);
    }
    if (thread === null) return;
    const list = this.#waiting.get(to) ?? [];
    if (list.length >= longestWait) list.shift();
    list.push({ from, ...thread });
    this.#waiting.set(to, list);
  }

  /** A contact who is there; few contacts get most messages. */
  #contact(at: number, session: Session): number {
    const { accounts, contacts } = this.#parts;
    for (let n = 0; n < 4; n++) {
      const luck = choice(this.#parts, at, session, 20 + n) / 4294967296;
      const other = contacts.partner(session.account, Math.floor(contactRounds * luck * luck));
      if (other >= 0 && accounts.active(other, at)) return other;
    }
    return -1;
  }

  /** Two messages in a hundred have a second reader. */
  #second(at: number, session: Session, first: number): number[] {
    if (choice(this.#parts, at, session, 9) % 100 >= 2) return [];
    const other = this.#parts.contacts.partner(session.account, 0);
    return other >= 0 && other !== first && this.#parts.accounts.active(other, at) ? [other] : [];
  }
}

/** What a later message of a hand-off answers. */
function earlier({ part, handOff }: Act): Waiting | undefined {
  if (!part || !handOff) return undefined;
  return { from: handOff.from, root: handOff.messageIds[0]!, subject: handOff.subject };
}
