import { daySeconds, worldStart } from '../clock.ts';
import { type BoardParts, choice, firstForum, forums } from './board-parts.ts';
import type { RowValues } from './dump.ts';
import type { Session } from './events.ts';
import { escapeField, type Quote } from './phpbb-text.ts';

export type Topic = {
  readonly id: number;
  readonly forum: number;
  readonly title: string;
  readonly poster: number;
  readonly at: number;
  readonly firstPost: number;
  posts: number;
  softDeleted: number;
  views: number;
  lastPost: number;
  lastPoster: number;
  lastAt: number;
  lastText: string;
  hasFile: boolean;
  reported: boolean;
};

const topicDays = 14;
const openPerMember = 0.12;
const fewestOpen = 12;

/**
 * The topics people write in. A topic falls asleep after two weeks, or when too many are awake; its row is
 * written then, so that only topics awake are held.
 */
export class Topics {
  readonly #parts: BoardParts;
  readonly #open: Topic[] = [];
  readonly #unwritten: Topic[] = [];
  readonly forumPosts = new Int32Array(forums.length);
  readonly forumTopics = new Int32Array(forums.length);
  /** The topic last written in, per forum. */
  readonly forumLast: (Topic | undefined)[] = [];
  lastId = 0;

  constructor(parts: BoardParts) {
    this.#parts = parts;
  }

  /** A topic that is awake; the newer the likelier. */
  any(at: number, session: Session): Topic | undefined {
    const count = this.#open.length;
    if (count === 0) return undefined;
    const luck = choice(this.#parts, at, session, 3) / 4294967296;
    return this.#open[count - 1 - Math.floor(count * luck * luck)];
  }

  begin(at: number, poster: number, forum: number, title: string, firstPost: number): Topic {
    const blank = { posts: 0, softDeleted: 0, views: 1, lastText: '', hasFile: false, reported: false };
    const last = { lastPost: firstPost, lastPoster: poster, lastAt: at };
    const topic: Topic = { id: ++this.lastId, forum, title, poster, at, firstPost, ...blank, ...last };
    this.#open.push(topic);
    this.#unwritten.push(topic);
    this.forumTopics[forum - firstForum]!++;
    return topic;
  }

  /** Counts a post into its topic. A soft-deleted one is never the topic's last. */
  add(
    topic: Topic,
    post: { id: number; at: number; poster: number; body: string; file: boolean; deleted: boolean },
  ): void {
    if (post.file) topic.hasFile = true;
    if (post.deleted) {
      topic.softDeleted++;
      return;
    }
    topic.posts++;
    topic.lastPost = post.id;
    topic.lastPoster = post.poster;
    topic.lastAt = post.at;
    const cut = post.body.slice(0, 240);
    topic.lastText = cut.slice(0, cut.lastIndexOf(' ') + 1 || cut.length).trim();
    this.forumLast[topic.forum - firstForum] = topic;
    this.forumPosts[topic.forum - firstForum]!++;
  }

  /** The topic's last post, for a reply that quotes it. */
  quote(topic: Topic): Quote {
    const { accounts } = this.#parts;
    return {
      author: accounts.handles[topic.lastPoster]!,
      userId: accounts.userId[topic.lastPoster]!,
      post: topic.lastPost,
      at: topic.lastAt,
      text: topic.lastText,
    };
  }

  endDay(day: number): void {
    const oldest = worldStart + (day - topicDays) * daySeconds;
    const most = Math.max(40, Math.ceil(this.#parts.accounts.count * openPerMember));
    let asleep = Math.max(0, this.#open.length - most);
    while (asleep < this.#open.length && this.#open[asleep]!.at < oldest) asleep++;
    this.#open.splice(0, Math.max(0, Math.min(asleep, this.#open.length - fewestOpen)));
    const firstAwake = this.#open[0]?.id ?? this.lastId + 1;
    // An editor opened shortly before midnight may still answer in a topic that has just fallen asleep.
    const recent = worldStart + (day - 1) * daySeconds;
    const done = this.#unwritten.findIndex((topic) => topic.id >= firstAwake || topic.lastAt > recent);
    this.#write(done < 0 ? this.#unwritten.length : done);
  }

  /** After the last day. */
  finish(): void {
    this.#write(this.#unwritten.length);
  }

  #write(count: number): void {
    for (const topic of this.#unwritten.splice(0, count)) this.#parts.dump.row('topics', this.#row(topic));
  }

  #row(topic: Topic): RowValues {
    const { accounts } = this.#parts;
    const title = escapeField(topic.title);
    const name = (account: number) => escapeField(accounts.handles[account]!);
    const colour = (account: number) => (account === 0 ? 'AA0000' : '');
    return {
      topic_id: topic.id,
      forum_id: topic.forum,
      topic_attachment: topic.hasFile ? 1 : 0,
      topic_reported: topic.reported ? 1 : 0,
      topic_title: title,
      topic_poster: accounts.userId[topic.poster]!,
      topic_time: topic.at,
      topic_views: topic.views,
      topic_first_post_id: topic.firstPost,
      topic_first_poster_name: name(topic.poster),
      topic_first_poster_colour: colour(topic.poster),
      topic_last_post_id: topic.lastPost,
      topic_last_poster_id: accounts.userId[topic.lastPoster]!,
      topic_last_poster_name: name(topic.lastPoster),
      topic_last_poster_colour: colour(topic.lastPoster),
      topic_last_post_subject: topic.posts > 1 ? `Re: ${title}` : title,
      topic_last_post_time: topic.lastAt,
      topic_last_view_time: topic.lastAt + 600,
      topic_visibility: 1,
      topic_posts_approved: topic.posts,
      topic_posts_softdeleted: topic.softDeleted,
    };
  }
}
