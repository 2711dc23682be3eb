import { crawlers, scannerAgents } from '../people/agents.ts';
import { draw, purpose } from '../random.ts';
import { type BoardParts, site } from './board-parts.ts';
import type { Session } from './events.ts';

const p = { size: purpose('reply size'), passer: purpose('crawler or scanner') };
const scanned = ['/wp-login.php', '/.env', '/phpmyadmin/index.php', '/config.php', '/store/', '/xmlrpc.php'];

/** The request lines that visits leave in the access log. */
export class Requests {
  readonly #parts: BoardParts;

  constructor(parts: BoardParts) {
    this.#parts = parts;
  }

  get(at: number, session: Session, url: string): void {
    this.#line(at, session, 'GET', url, 200);
  }

  /** phpBB answers a form with 302 where it sends the browser on, else with 200. */
  post(at: number, session: Session, url: string, status: 200 | 302): void {
    this.#line(at, session, 'POST', url, status);
  }

  #line(at: number, session: Session, method: string, url: string, status: number): void {
    const { logs, accounts } = this.#parts;
    const bytes = status === 302 ? 5 : 9000 + (draw(accounts.world.seed, at, p.size, url.length) % 42_000);
    logs.line(at, session.ip, `${method} ${url}`, status, bytes, session.lastUrl, session.agent);
    session.lastUrl = site + url;
  }

  crawl(at: number, topics: number): void {
    const number = draw(this.#parts.accounts.world.seed, at, p.passer, topics);
    const index = number % crawlers.length;
    const topic = `/viewtopic.php?t=${1 + (number % Math.max(1, topics))}`;
    const url = number % 9 === 0 ? '/robots.txt' : number % 4 === 0 ? '/index.php' : topic;
    const ip = `198.51.100.${200 + index * 4 + (number % 4)}`;
    const status = number % 9 === 0 ? 404 : 200;
    this.#parts.logs.line(
      at,
      ip,
      `GET ${url}`,
      status,
      4000 + (number % 30_000),
      '-',
      crawlers[index]!.agent,
    );
  }

  scan(at: number): void {
    const number = draw(this.#parts.accounts.world.seed, at, p.passer, -1);
    const ip = `203.0.113.${200 + (number % 50)}`;
    const request = `${number % 5 === 0 ? 'POST' : 'GET'} ${scanned[(number >>> 4) % scanned.length]}`;
    const agent = scannerAgents[(number >>> 9) % scannerAgents.length]!;
    this.#parts.logs.line(at, ip, request, 404, 146, '-', agent);
  }
}
