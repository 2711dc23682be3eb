import type { LineKind } from '../people/lines.ts';
import type { Act } from '../people/story.ts';
import type { Topic } from './topics.ts';

/** One visit: who (or -1: a guest), from where, with what. */
export type Session = {
  readonly account: number;
  readonly ip: string;
  readonly port: number;
  readonly kind: LineKind;
  readonly agent: string;
  readonly id: string;
  readonly start: number;
  lastUrl: string;
};

/** What several requests of one deed share: the topic chosen, the number given, the plan behind it. */
export type Deed = {
  topic: Topic | undefined;
  forum: number;
  /** Post or private message number, once written; at the moderation desk: the account or post dealt with. */
  id: number;
  readonly picture: number;
  readonly editAt: number;
  readonly act: Act | undefined;
};

export type EventKind =
  | 'index'
  | 'login page'
  | 'login'
  | 'failed login'
  | 'forum'
  | 'topic'
  | 'reply page'
  | 'reply'
  | 'after post'
  | 'new topic page'
  | 'new topic'
  | 'edit'
  | 'inbox'
  | 'compose page'
  | 'compose'
  | 'download'
  | 'profile'
  | 'report'
  | 'logout'
  | 'register page'
  | 'register form'
  | 'register'
  | 'ban'
  | 'rename'
  | 'soft delete'
  | 'crawl'
  | 'scan';
export type Event = {
  readonly at: number;
  readonly kind: EventKind;
  readonly session: Session;
  readonly deed: Deed;
};

export function newDeed(picture = -1, editAt = 0, act?: Act): Deed {
  return { topic: undefined, forum: 0, id: 0, picture, editAt, act };
}
