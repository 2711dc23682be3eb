import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { drawPicture, knownGoodBase } from '../handed-over/pictures.ts';
import { type BoardParts, choice } from './board-parts.ts';
import type { Session } from './events.ts';

const recentFiles = 200;

/** The board's attachments: rows in the dump, and the stored files beside it. */
export class Attachments {
  readonly #parts: BoardParts;
  readonly #recent: number[] = [];
  lastId = 0;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    fs.mkdirSync(parts.filesFolder, { recursive: true });
  }

  /** Stores picture number `picture` with a post of a topic, or with a private message (topic 0). */
  add(at: number, session: Session, picture: number, topic: number, parent: number): void {
    const { accounts, dump, filesFolder } = this.#parts;
    const id = ++this.lastId;
    const user = accounts.userId[session.account]!;
    const bytes = drawPicture(accounts.world.seed, picture);
    const stored = `${user}_${hash('md5', `${id} ${session.id}`)}`;
    fs.writeFileSync(path.join(filesFolder, stored), bytes);
    const name = picture >= knownGoodBase ? `image${id % 97}.png` : `IMG_${1000 + (picture % 9000)}.png`;
    const downloads = choice(this.#parts, at, session, 7) % 30;
    dump.row('attachments', {
      attach_id: id,
      post_msg_id: parent,
      topic_id: topic,
      in_message: topic === 0 ? 1 : 0,
      poster_id: user,
      is_orphan: 0,
      physical_filename: stored,
      real_filename: name,
      download_count: downloads,
      extension: 'png',
      mimetype: 'image/png',
      filesize: bytes.length,
      filetime: at - 12,
    });
    if (topic === 0) return;
    this.#recent.push(id);
    if (this.#recent.length > recentFiles) this.#recent.shift();
  }

  /** An attachment of a recent post, or 0. */
  any(at: number, session: Session): number {
    return this.#recent[choice(this.#parts, at, session, 8) % Math.max(1, this.#recent.length)] ?? 0;
  }
}
