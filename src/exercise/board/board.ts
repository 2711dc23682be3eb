import { daySeconds } from '../clock.ts';
import { founderId } from '../people/accounts.ts';
import { Attachments } from './attachments.ts';
import { type BoardParts, choice, firstForum, forums } from './board-parts.ts';
import type { Deed, Event, EventKind, Session } from './events.ts';
import { Moderation } from './moderation.ts';
import { type Deletion, Posts } from './posts.ts';
import { PrivateMessages } from './private-messages.ts';
import { Requests } from './requests.ts';
import { Topics } from './topics.ts';

type KeptSession = { readonly session: Session; readonly at: number };
type Handler = (at: number, session: Session, deed: Deed) => void;

/**
 * The running board: takes deeds in order of time, gives numbers, writes rows and request lines. Holds what a
 * board must remember (open topics, unanswered messages, per-account counters), never what it has written.
 */
export class Board {
  readonly #parts: BoardParts;
  readonly #requests: Requests;
  readonly topics: Topics;
  readonly attachments: Attachments;
  readonly posts: Posts;
  readonly messages: PrivateMessages;
  readonly moderation: Moderation;
  /** By post: deletions to come. */
  readonly #deletions = new Map<number, Deletion>();
  readonly #sessions: KeptSession[] = [];
  readonly #failedLogins: KeptSession[] = [];
  readonly #handlers: Record<EventKind, Handler>;
  /** Per account: last request, address of the last login, address of the registration. */
  readonly lastSeen: Float64Array;
  readonly lastIp: string[] = [];
  readonly registeredFrom: string[] = [];

  constructor(parts: BoardParts) {
    this.#parts = parts;
    this.#requests = new Requests(parts);
    this.topics = new Topics(parts);
    this.attachments = new Attachments(parts);
    this.posts = new Posts(parts, this.topics, this.attachments);
    this.messages = new PrivateMessages(parts, this.attachments);
    this.moderation = new Moderation(parts, this.#requests);
    this.lastSeen = new Float64Array(parts.accounts.count);
    this.#handlers = this.#allHandlers();
  }

  take({ at, kind, session, deed }: Event): void {
    if (session.account >= 0) this.lastSeen[session.account] = at;
    this.#handlers[kind](at, session, deed);
  }

  /** Post deletions that are due in [from, to), oldest first. */
  deletionsDue(from: number, to: number): Deletion[] {
    for (const [post, { at }] of this.#deletions) if (at < from) this.#deletions.delete(post);
    return [...this.#deletions.values()].filter(({ at }) => at < to).sort((a, b) => a.at - b.at);
  }

  #allHandlers(): Record<EventKind, Handler> {
    const requests = this.#requests;
    const get =
      (url: string): Handler =>
      (at, session) =>
        requests.get(at, session, url);
    return {
      index: get('/index.php'),
      'login page': get('/ucp.php?mode=login'),
      'failed login': (at, session) => this.#failLogin(at, session),
      login: (at, session) => this.#login(at, session),
      forum: (at, session) => this.#readForum(at, session),
      topic: (at, session) => this.#readTopic(at, session),
      'reply page': (at, session, deed) => this.#openEditor(at, session, deed, true),
      'new topic page': (at, session, deed) => this.#openEditor(at, session, deed, false),
      reply: (at, session, deed) => this.#post(at, session, deed),
      'new topic': (at, session, deed) => this.#post(at, session, deed),
      'after post': (at, session, deed) => requests.get(at, session, `/viewtopic.php?p=${deed.id}`),
      edit: (at, session, { forum, id }) =>
        requests.post(at, session, `/posting.php?mode=edit&f=${forum}&p=${id}`, 302),
      inbox: get('/ucp.php?i=pm&folder=inbox'),
      'compose page': get('/ucp.php?i=pm&mode=compose'),
      compose: (at, session, deed) => this.#compose(at, session, deed),
      download: (at, session) => this.#download(at, session),
      profile: (at, session) => this.#viewProfile(at, session),
      report: (at, session) => this.#report(at, session),
      logout: (at, session) => requests.get(at, session, `/ucp.php?mode=logout&sid=${session.id}`),
      'register page': get('/ucp.php?mode=register'),
      'register form': (at, session) => requests.post(at, session, '/ucp.php?mode=register', 200),
      register: (at, session) => this.#register(at, session),
      ban: (at, session, deed) => this.moderation.ban(at, session, deed.id),
      rename: (at, session, deed) => this.moderation.rename(at, session, deed.id),
      'soft delete': (at, session, { id }) =>
        this.moderation.softDelete(at, session, this.#deletions.get(id)!),
      crawl: (at) => requests.crawl(at, this.topics.lastId),
      scan: (at) => requests.scan(at),
    };
  }

  #failLogin(at: number, session: Session): void {
    this.#failedLogins.push({ session, at });
    // phpBB forgets failed logins after some hours.
    while (at - this.#failedLogins[0]!.at > daySeconds) this.#failedLogins.shift();
    this.#requests.post(at, session, '/ucp.php?mode=login', 200);
  }

  /** The failed logins still in the table at the seizure, oldest first. */
  get failedLogins(): readonly KeptSession[] {
    return this.#failedLogins;
  }

  #login(at: number, session: Session): void {
    this.lastIp[session.account] = session.ip;
    this.#parts.sightings.see(at, session);
    this.#sessions.push({ session, at });
    // phpBB clears sessions that are over; about two days' worth is found in a seized table.
    if (at - this.#sessions[0]!.at > 4 * daySeconds) {
      const kept = this.#sessions.findIndex((entry) => at - entry.at < 2 * daySeconds);
      this.#sessions.splice(0, kept);
    }
    this.#requests.post(at, session, '/ucp.php?mode=login', 302);
    this.#requests.get(at, session, session.start % 3 === 0 ? `/index.php?sid=${session.id}` : '/index.php');
  }

  /** The sessions still in the table at the seizure. */
  get sessions(): readonly KeptSession[] {
    const end = this.#sessions.at(-1)?.at ?? 0;
    return this.#sessions.filter((entry) => end - entry.at < 2 * daySeconds);
  }

  #register(at: number, session: Session): void {
    this.registeredFrom[session.account] = session.ip;
    this.#requests.post(at, session, '/ucp.php?mode=register', 200);
  }

  #anyForum(at: number, session: Session): number {
    return firstForum + (choice(this.#parts, at, session, 1) % forums.length);
  }

  #readForum(at: number, session: Session): void {
    this.#requests.get(at, session, `/viewforum.php?f=${this.#anyForum(at, session)}`);
  }

  #readTopic(at: number, session: Session): void {
    const topic = this.topics.any(at, session);
    if (topic) topic.views++;
    this.#requests.get(at, session, topic ? `/viewtopic.php?f=${topic.forum}&t=${topic.id}` : '/index.php');
  }

  #openEditor(at: number, session: Session, deed: Deed, reply: boolean): void {
    deed.topic = reply ? this.topics.any(at, session) : undefined;
    deed.forum = deed.topic?.forum ?? this.#anyForum(at, session);
    this.#requests.get(at, session, editorUrl(deed));
  }

  #post(at: number, session: Session, deed: Deed): void {
    this.#requests.post(at, session, editorUrl(deed), 302);
    const deletion = this.posts.write(at, session, deed);
    if (deletion) this.#deletions.set(deletion.post, deletion);
  }

  #compose(at: number, session: Session, deed: Deed): void {
    this.#requests.post(at, session, '/ucp.php?i=pm&mode=compose', 200);
    this.messages.send(at, session, deed);
  }

  #download(at: number, session: Session): void {
    const file = this.attachments.any(at, session);
    this.#requests.get(at, session, file ? `/download/file.php?id=${file}` : '/index.php');
  }

  #viewProfile(at: number, session: Session): void {
    const { accounts } = this.#parts;
    const account = choice(this.#parts, at, session, 2) % accounts.count;
    const user = accounts.registeredAt[account]! < at ? accounts.userId[account]! : founderId;
    this.#requests.get(at, session, `/memberlist.php?mode=viewprofile&u=${user}`);
  }

  #report(at: number, session: Session): void {
    const topic = this.topics.any(at, session);
    if (topic && topic.lastPoster !== session.account) this.moderation.report(at, session, topic);
    else this.#requests.get(at, session, '/index.php');
  }
}

function editorUrl({ topic, forum }: Deed): string {
  return topic ? `/posting.php?mode=reply&f=${forum}&t=${topic.id}` : `/posting.php?mode=post&f=${forum}`;
}
