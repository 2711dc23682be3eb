/**
 * What a phpBB 2 or 3 address says was done. Sources: phpBB 3.3 `ucp.php`, `posting.php`, `memberlist.php`,
 * `download/file.php`, `config/default/routing/*.yml`; phpBB 2.0 `login.php`, `profile.php`, `privmsg.php`.
 *
 * An address shows what was asked for, not that it was granted: a 'login' may have failed, a 'post' may have
 * been a preview. Status and method stand beside the action for that reason.
 */

/** The parameters that matter, as the places of their values in `Query`. */
const parameter = { mode: 0, u: 1, i: 2, p: 3, id: 4, t: 5, folder: 6, logout: 7, author_id: 8 } as const;
type Parameter = (typeof parameter)[keyof typeof parameter];
const parametersByLength: { name: string; place: Parameter }[][] = [];
for (const [name, place] of Object.entries(parameter))
  (parametersByLength[name.length] ??= []).push({ name, place });

/** The places of the known parameters' values in a query; -1 where one is absent. */
class Query {
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly starts = new Int32Array(Object.keys(parameter).length).fill(-1);
  private readonly ends = new Int32Array(this.starts.length);

  /** Reads bytes[start..end): '?name=value&name=value'; `;` and `&amp;` divide as well. */
  read(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    const { starts } = this;
    for (let i = 0; i < starts.length; i++) starts[i] = -1;
    let nameStart = start + 1;
    let valueStart = -1;
    for (let i = nameStart; i <= end; i++) {
      const byte = i < end ? bytes[i]! : 0x26;
      if (byte > 0x3d) continue;
      if (byte === 0x3d && valueStart < 0) valueStart = i + 1;
      else if (byte === 0x26 || byte === 0x3b || byte === 0x23) {
        if (valueStart >= 0) this.note(nameStart, valueStart, i);
        nameStart = i + 1;
        valueStart = -1;
        if (byte === 0x23) return;
      }
    }
  }

  private note(nameStart: number, valueStart: number, valueEnd: number): void {
    const names = parametersByLength[valueStart - 1 - nameStart];
    if (names === undefined) return;
    for (let i = 0; i < names.length; i++) {
      const { name, place } = names[i]!;
      if (!isText(this.bytes, nameStart, valueStart - 1, name)) continue;
      this.starts[place] = valueStart;
      this.ends[place] = valueEnd;
      return;
    }
  }

  has(place: Parameter): boolean {
    return this.starts[place]! >= 0;
  }
  is(place: Parameter, value: string): boolean {
    const start = this.starts[place]!;
    return start >= 0 && isText(this.bytes, start, this.ends[place]!, value);
  }
  /** The value as a number of up to 10 digits, or -1. */
  number(place: Parameter): number {
    const start = this.starts[place]!;
    const end = this.ends[place]!;
    if (start < 0 || end === start || end - start > 10) return -1;
    let value = 0;
    for (let i = start; i < end; i++) {
      const digit = this.bytes[i]! - 48;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }
}

type Meaning = (query: Query, isPost: boolean) => string;

/** Each script's name without '.php' and what it does. */
const scripts: Readonly<Record<string, Meaning>> = {
  ucp: userPanel,
  posting: (query, isPost) => {
    if (query.is(parameter.mode, 'delete') || query.is(parameter.mode, 'soft_delete')) {
      return isPost ? 'delete post' : 'delete post page';
    }
    return isPost ? 'post' : 'post page';
  },
  viewtopic: () => 'view topic',
  viewforum: () => 'view forum',
  memberlist: (query) => {
    if (query.is(parameter.mode, 'viewprofile')) return 'view profile';
    if (query.is(parameter.mode, 'email') || query.is(parameter.mode, 'contact')) return 'contact member';
    return 'view member list';
  },
  // download/file.php; a thumbnail is fetched by the page, not by a person.
  file: (query) => {
    if (!query.has(parameter.id)) return 'request';
    return query.is(parameter.t, '1') ? 'view thumbnail' : 'download';
  },
  download: (query) => (query.has(parameter.id) ? 'download' : 'request'),
  search: (query) => (query.has(parameter.author_id) ? 'search by member' : 'search'),
  viewonline: () => 'view who is online',
  report: (_query, isPost) => (isPost ? 'report post' : 'report post page'),
  mcp: () => 'moderate',
  login: (query, isPost) => {
    if (query.is(parameter.logout, 'true') || query.is(parameter.logout, '1')) return 'logout';
    return isPost ? 'login' : 'login page';
  },
  profile: (query, isPost) => {
    if (query.is(parameter.mode, 'viewprofile')) return 'view profile';
    if (query.is(parameter.mode, 'register')) return isPost ? 'register' : 'register page';
    if (query.is(parameter.mode, 'editprofile')) return isPost ? 'edit profile' : 'edit profile page';
    if (query.is(parameter.mode, 'email')) return 'contact member';
    return query.is(parameter.mode, 'sendpassword') ? 'reset password' : 'request';
  },
  privmsg: (query) => {
    if (
      query.is(parameter.mode, 'post') ||
      query.is(parameter.mode, 'reply') ||
      query.is(parameter.mode, 'quote')
    ) {
      return 'compose private message';
    }
    if (query.is(parameter.mode, 'edit')) return 'compose private message';
    return query.is(parameter.mode, 'read') ? 'read private message' : 'view private messages';
  },
};

function userPanel(query: Query, isPost: boolean): string {
  if (query.is(parameter.mode, 'login')) return isPost ? 'login' : 'login page';
  if (query.is(parameter.mode, 'logout')) return 'logout';
  if (query.is(parameter.mode, 'register')) return isPost ? 'register' : 'register page';
  if (query.is(parameter.mode, 'activate')) return 'activate account';
  if (query.is(parameter.mode, 'sendpassword')) return 'reset password';
  if (query.is(parameter.mode, 'compose')) return 'compose private message';
  // Releases before 3.1 name panels by number, so what counts is the mode; only messages have one to 'view'.
  if (query.is(parameter.mode, 'view') && query.has(parameter.p)) return 'read private message';
  if (query.is(parameter.i, 'pm') || query.is(parameter.i, 'ucp_pm') || query.has(parameter.folder))
    return 'view private messages';
  const isProfile =
    query.is(parameter.i, 'ucp_profile') ||
    query.is(parameter.i, 'profile') ||
    query.is(parameter.mode, 'profile_info') ||
    query.is(parameter.mode, 'reg_details') ||
    query.is(parameter.mode, 'signature') ||
    query.is(parameter.mode, 'avatar');
  if (isProfile) return isPost ? 'edit profile' : 'edit profile page';
  return 'request';
}

const byHash = new Map(
  Object.entries(scripts).map(([name, meaning]) => [hash(Buffer.from(name)), { name, meaning }]),
);

/** Reads phpBB addresses in place. One object serves all lines. */
export class PhpbbUrls {
  private readonly query = new Query();
  /**
   * The member the last URL names (`u=`, `author_id=`), as 'u:58', or null. The log does not say which service
   * the number belongs to: that is settled by the session or host it occurs with, when footprints are drawn.
   */
  target: string | null = null;

  /**
   * What the URL asks for; 'request' where it is no known script. `phpStart` is where its '.php' stands,
   * `queryStart` its first '?' or its end.
   */
  action(
    bytes: Uint8Array,
    start: number,
    phpStart: number,
    queryStart: number,
    end: number,
    isPost: boolean,
  ): string {
    this.target = null;
    let nameStart = phpStart;
    while (nameStart > start && bytes[nameStart - 1] !== 0x2f) nameStart--;
    if (phpStart + 4 < queryStart) {
      const isRoute = isText(bytes, nameStart, phpStart, 'app');
      return isRoute ? routeAction(bytes, phpStart + 4, queryStart, isPost) : 'request';
    }
    if (phpStart - nameStart > 12) return 'request';
    const script = byHash.get(hash(bytes, nameStart, phpStart));
    if (!script || !isText(bytes, nameStart, phpStart, script.name)) return 'request';
    this.query.read(bytes, queryStart, end);
    const action = script.meaning(this.query, isPost);
    if (action !== 'request') this.target = this.memberNamed();
    return action;
  }

  /** The same for a URL that is text already; for formats that are not read in place. */
  read(url: string | null, isPost: boolean): { action: string; target: string | null } {
    const bytes = Buffer.from(url ?? '');
    const mark = bytes.indexOf(0x3f);
    const queryStart = mark < 0 ? bytes.length : mark;
    const php = bytes.subarray(0, queryStart).indexOf('.php');
    if (php < 0) return { action: 'request', target: null };
    const action = this.action(bytes, 0, php, queryStart, bytes.length, isPost);
    return { action, target: this.target };
  }

  private memberNamed(): string | null {
    const member = this.query.number(parameter.u);
    // Member 1 is phpBB's guest, and 0 is nobody.
    if (member > 1) return `u:${member}`;
    const author = this.query.number(parameter.author_id);
    return author > 1 ? `u:${author}` : null;
  }
}

/** The routes of app.php that say something: '/post/12/report', '/pm/12/report'. */
function routeAction(bytes: Uint8Array, start: number, end: number, isPost: boolean): string {
  if (end - start > 32) return 'request';
  const route = /^\/(post|pm)\/\d+\/report$/.exec(String.fromCharCode(...bytes.subarray(start, end)));
  if (!route) return 'request';
  const what = route[1] === 'pm' ? 'report private message' : 'report post';
  return isPost ? what : `${what} page`;
}

/** The phpBB session id (`sid=` and 32 hexadecimal digits) in a URL, or null. */
export function sessionOf(url: string | null | undefined): string | null {
  return /[?&;]sid=([0-9a-f]{32})(?![0-9a-f])/i.exec(url ?? '')?.[1] ?? null;
}

function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function hash(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let value = end - start;
  for (let i = start; i < end; i++) value = (Math.imul(value, 31) + bytes[i]!) & 0x3fffffff;
  return value;
}
