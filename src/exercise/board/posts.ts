import { founderId } from '../people/accounts.ts';
import type { Attachments } from './attachments.ts';
import { type BoardParts, choice, textUid } from './board-parts.ts';
import type { Deed, Session } from './events.ts';
import { checksum, escapeField, storedText } from './phpbb-text.ts';
import type { Topic, Topics } from './topics.ts';

/** A post to be soft-deleted by the founder later. */
export type Deletion = {
  readonly at: number;
  readonly forum: number;
  readonly topic: number;
  readonly post: number;
  readonly subject: string;
  readonly poster: number;
};

/** Writes posts. */
export class Posts {
  readonly #parts: BoardParts;
  readonly #topics: Topics;
  readonly #attachments: Attachments;
  /** Per account: posts written, and when the last. */
  readonly written: Int32Array;
  readonly lastAt: Float64Array;
  /** Rows written in Windows-1252. */
  otherEncodingRows = 0;
  lastId = 0;

  constructor(parts: BoardParts, topics: Topics, attachments: Attachments) {
    this.#parts = parts;
    this.#topics = topics;
    this.#attachments = attachments;
    this.written = new Int32Array(parts.accounts.count);
    this.lastAt = new Float64Array(parts.accounts.count);
  }

  /** Writes the post that `deed` prepared (in `deed.topic`, or opening one). Says if it will be deleted. */
  write(at: number, session: Session, deed: Deed): Deletion | undefined {
    const { accounts, writer } = this.#parts;
    const owner = accounts.owner(session.account);
    const language = writer.languageOf(owner.id, accounts.world.language(owner.id), at);
    const body = writer.body(owner.id, language, at, owner.given);
    const id = ++this.lastId;
    deed.id = id;
    const known = deed.topic;
    const quote =
      known && choice(this.#parts, at, session, 4) % 100 < 14 ? this.#topics.quote(known) : undefined;
    const title = known ? '' : writer.title(owner.id, language, at);
    const topic = known ?? this.#topics.begin(at, session.account, deed.forum, title, id);
    const file = deed.picture >= 0;
    if (file) this.#attachments.add(at, session, deed.picture, topic.id, id);
    const deletedAt = known && !deed.act ? this.#deletedAt(at, session) : 0;
    this.#topics.add(topic, { id, at, poster: session.account, body, file, deleted: deletedAt > 0 });
    this.written[session.account]!++;
    this.lastAt[session.account] = at;
    const subject = known ? `Re: ${topic.title}` : topic.title;
    this.#row(at, session, deed, topic, subject, body, storedText(body, quote), deletedAt);
    if (deed.act?.indicator) deed.act.indicator.reference = `post ${id}`;
    if (deletedAt === 0) return undefined;
    return { at: deletedAt, forum: topic.forum, topic: topic.id, post: id, subject, poster: session.account };
  }

  /** Three posts in a thousand are removed a day or two later. */
  #deletedAt(at: number, session: Session): number {
    if (choice(this.#parts, at, session, 5) % 1000 >= 3) return 0;
    return at + 86_400 + (choice(this.#parts, at, session, 6) % 86_400);
  }

  #row(
    at: number,
    session: Session,
    deed: Deed,
    topic: Topic,
    subject: string,
    body: string,
    stored: string,
    deletedAt: number,
  ): void {
    const { id, picture } = deed;
    const user = this.#parts.accounts.userId[session.account]!;
    const edited = deletedAt ? 0 : deed.editAt;
    const row = {
      post_id: id,
      topic_id: topic.id,
      forum_id: topic.forum,
      poster_id: user,
      poster_ip: session.ip,
      post_time: at,
      post_subject: escapeField(subject),
      post_text: stored,
      post_checksum: checksum(body),
      post_attachment: picture >= 0 ? 1 : 0,
      bbcode_uid: textUid(id),
      post_edit_time: edited,
      post_edit_user: edited ? user : 0,
      post_edit_count: edited ? 1 : 0,
      post_visibility: deletedAt ? 2 : 1,
      post_delete_time: deletedAt,
      post_delete_reason: deletedAt ? 'duplicate' : '',
      post_delete_user: deletedAt ? founderId : 0,
    };
    const other = this.#inOtherEncoding(at, subject + stored);
    if (other) this.otherEncodingRows++;
    this.#parts.dump.row('posts', row, other ? 'latin1' : 'utf8');
  }

  #inOtherEncoding(at: number, text: string): boolean {
    const [from, to] = this.#parts.otherEncoding ?? [0, 0];
    return at >= from && at < to && /[\xa0-\xff]/.test(text) && !/[^\0-\x7f\xa0-\xff]/.test(text);
  }
}
