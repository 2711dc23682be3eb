import { founderId } from '../people/accounts.ts';
import { type BoardParts, textUid } from './board-parts.ts';
import type { Session } from './events.ts';
import { escapeField, storedText } from './phpbb-text.ts';
import type { Deletion } from './posts.ts';
import type { Requests } from './requests.ts';
import type { Topic } from './topics.ts';

const banReason = 'repeated advertising in the Swap and sell forum';

/** Reports by members, and what the founder does at the moderation desk. */
export class Moderation {
  readonly #parts: BoardParts;
  readonly #requests: Requests;
  /** Warnings given, in order of time, and how many each account got. */
  readonly warnings: { account: number; post: number; at: number }[] = [];
  readonly warned = new Map<number, number>();
  lastLog = 0;
  lastReport = 0;
  lastBan = 0;

  constructor(parts: BoardParts, requests: Requests) {
    this.#parts = parts;
    this.#requests = requests;
  }

  /** A member reports a topic's last post; every fifth report earns its writer a warning. */
  report(at: number, session: Session, topic: Topic): void {
    const { accounts, dump } = this.#parts;
    const id = ++this.lastReport;
    topic.reported = true;
    this.#requests.post(at, session, `/report.php?f=${topic.forum}&p=${topic.lastPost}`, 200);
    dump.row('reports', {
      report_id: id,
      reason_id: 4,
      post_id: topic.lastPost,
      user_id: accounts.userId[session.account]!,
      user_notify: 1,
      report_time: at,
      report_text: 'Please move this to another forum.',
      reported_post_text: storedText(topic.lastText),
      reported_post_uid: textUid(id),
    });
    if (id % 5 !== 0) return;
    const account = topic.lastPoster;
    this.warnings.push({ account, post: topic.lastPost, at: at + 7200 });
    this.warned.set(account, (this.warned.get(account) ?? 0) + 1);
  }

  /** `session` is the founder's. */
  ban(at: number, session: Session, subject: number): void {
    const { accounts, dump } = this.#parts;
    const user = accounts.userId[subject]!;
    this.#requests.post(at, session, `/mcp.php?i=ban&mode=user&u=${user}`, 200);
    dump.row('banlist', {
      ban_id: ++this.lastBan,
      ban_userid: user,
      ban_start: at,
      ban_reason: banReason,
      ban_give_reason: 'Your account has been suspended.',
    });
    const data = [banReason, escapeField(accounts.handles[subject]!)];
    this.#log(at, session.ip, { type: 0 }, 'LOG_BAN_USER', data);
    this.#log(at, session.ip, { type: 3, reportee: user }, 'LOG_BAN_USER', data);
  }

  rename(at: number, session: Session, subject: number): void {
    const { accounts } = this.#parts;
    const user = accounts.userId[subject]!;
    this.#requests.post(at, session, `/adm/index.php?i=users&mode=overview&u=${user}`, 200);
    const data = [escapeField(accounts.renamed.get(subject)!.old), escapeField(accounts.handles[subject]!)];
    this.#log(at, session.ip, { type: 3, reportee: user }, 'LOG_USER_UPDATE_NAME', data);
  }

  softDelete(at: number, session: Session, { forum, topic, post, subject, poster }: Deletion): void {
    this.#requests.post(at, session, `/posting.php?mode=soft_delete&f=${forum}&p=${post}`, 302);
    const data = [escapeField(subject), escapeField(this.#parts.accounts.handles[poster]!), 'duplicate'];
    this.#log(at, session.ip, { type: 1, forum, topic, post }, 'LOG_SOFTDELETE_POST', data);
  }

  #log(
    at: number,
    ip: string,
    about: { type: number; forum?: number; topic?: number; post?: number; reportee?: number },
    operation: string,
    data: string[],
  ): void {
    // PHP's serialize(): lengths are in bytes.
    const items = data.map((text, index) => `i:${index};s:${Buffer.byteLength(text)}:"${text}";`).join('');
    const { type, forum = 0, topic = 0, post = 0, reportee = 0 } = about;
    this.#parts.dump.row('log', {
      log_id: ++this.lastLog,
      log_type: type,
      user_id: founderId,
      forum_id: forum,
      topic_id: topic,
      post_id: post,
      reportee_id: reportee,
      log_ip: ip,
      log_time: at,
      log_operation: operation,
      log_data: `a:${data.length}:{${items}}`,
    });
  }
}
