import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessLogReader } from '../../../src/intake/readers/access-log.ts';
import { readAll } from '../../support/read.ts';

const sid = '0123456789abcdef0123456789abcdef';

/** Request; action and target. */
const meanings: [string, string, string | null][] = [
  ['POST /ucp.php?mode=login', 'login', null],
  ['GET /ucp.php?mode=login', 'login page', null],
  ['HEAD /forum/ucp.php?mode=login', 'login page', null],
  [`GET /ucp.php?mode=logout&sid=${sid}`, 'logout', null],
  ['POST /ucp.php?mode=register', 'register', null],
  ['GET /ucp.php?mode=register', 'register page', null],
  ['GET /ucp.php?mode=activate&u=77&k=ABC', 'activate account', 'u:77'],
  ['POST /ucp.php?mode=sendpassword', 'reset password', null],
  ['GET /ucp.php?i=pm&mode=compose&u=58', 'compose private message', 'u:58'],
  ['POST /ucp.php?i=pm&mode=compose&action=post', 'compose private message', null],
  ['POST /ucp.php?i=174&mode=compose', 'compose private message', null],
  ['GET /ucp.php?i=pm&mode=view&f=0&p=9', 'read private message', null],
  ['GET /ucp.php?i=ucp_pm&folder=inbox', 'view private messages', null],
  ['GET /ucp.php?i=ucp_profile&mode=signature', 'edit profile page', null],
  ['POST /ucp.php?i=ucp_profile&mode=profile_info', 'edit profile', null],
  ['GET /ucp.php', 'request', null],
  ['POST /posting.php?mode=post&f=5', 'post', null],
  ['POST /posting.php?mode=reply&f=5&t=2', 'post', null],
  ['POST /posting.php?mode=edit&f=5&p=2', 'post', null],
  ['POST /posting.php?mode=quote&f=5&p=2', 'post', null],
  ['GET /posting.php?mode=reply&f=5&t=2', 'post page', null],
  ['POST /posting.php?f=1&mode=soft_delete&p=3&confirm_key=TEA', 'delete post', null],
  ['GET /posting.php?mode=delete&f=1&p=3', 'delete post page', null],
  ['GET /viewtopic.php?f=5&t=2', 'view topic', null],
  ['GET /viewforum.php?f=5', 'view forum', null],
  ['GET /memberlist.php', 'view member list', null],
  ['GET /memberlist.php?mode=viewprofile&u=58', 'view profile', 'u:58'],
  ['GET /memberlist.php?mode=viewprofile&amp;u=58', 'view profile', 'u:58'],
  ['GET /memberlist.php?mode=viewprofile;u=58', 'view profile', 'u:58'],
  ['GET /memberlist.php?mode=viewprofile&u=1', 'view profile', null],
  ['GET /memberlist.php?mode=viewprofile&u=5x', 'view profile', null],
  ['GET /memberlist.php?mode=viewprofile&u=99999999999', 'view profile', null],
  ['GET /memberlist.php?mode=viewprofile&u=', 'view profile', null],
  ['GET /memberlist.php?mode=viewprofile#u=58', 'view profile', null],
  ['GET /memberlist.php?mode=email&u=58', 'contact member', 'u:58'],
  ['GET /search.php?author_id=58&sr=posts', 'search by member', 'u:58'],
  ['GET /search.php?keywords=bicycle', 'search', null],
  ['GET /download/file.php?id=117', 'download', null],
  ['GET /download/file.php?id=117&mode=view', 'download', null],
  ['GET /download/file.php?id=117&t=1', 'view thumbnail', null],
  ['GET /download/file.php?avatar=58_1.jpg', 'request', null],
  ['GET /viewonline.php', 'view who is online', null],
  ['GET /mcp.php?i=queue', 'moderate', null],
  ['POST /report.php?f=1&p=2', 'report post', null],
  ['POST /app.php/post/86/report', 'report post', null],
  ['GET /app.php/post/86/report', 'report post page', null],
  ['POST /app.php/pm/3/report', 'report private message', null],
  ['GET /app.php/feed', 'request', null],
  // phpBB 2
  ['POST /login.php', 'login', null],
  ['GET /login.php?redirect=index.php', 'login page', null],
  [`GET /login.php?logout=true&sid=${sid}`, 'logout', null],
  ['GET /profile.php?mode=viewprofile&u=58', 'view profile', 'u:58'],
  ['POST /profile.php?mode=register', 'register', null],
  ['POST /profile.php?mode=editprofile', 'edit profile', null],
  ['GET /privmsg.php?mode=post&u=58', 'compose private message', 'u:58'],
  ['GET /privmsg.php?folder=inbox&mode=read&p=4', 'read private message', null],
  ['GET /privmsg.php?folder=inbox', 'view private messages', null],
  ['GET /download.php?id=4', 'download', null],
  // Not these scripts, or not their place in the URL
  ['GET /index.php', 'request', null],
  ['GET /ucp.phpx?mode=login', 'request', null],
  ['GET /ucp.php5?mode=login', 'request', null],
  ['GET /tea?page=/ucp.php?mode=login', 'request', null],
  ['GET /xucp.php?mode=login', 'request', null],
  ['GET /ucp.php/tea?mode=login', 'request', null],
  ['GET /ucp?mode=login&u=58', 'request', null],
  ['GET /index.php?u=58', 'request', null],
];

test('phpBB addresses tell what was asked for and which member they name', async () => {
  const text = meanings
    .map(([request]) => `192.0.2.1 - - [06/Jan/2019:09:00:54 +0100] "${request} HTTP/1.1" 200 1 "-" "-"\n`)
    .join('');
  const { rows } = await readAll(accessLogReader, new TextEncoder().encode(text));
  assert.deepEqual(
    rows.event!.map(({ method, url, action, target }) => [`${method} ${url}`, action, target]),
    meanings,
  );
});

test('the session is the sid of the URL, else of the referrer, and only 32 hexadecimal digits', async () => {
  const other = 'fedcba9876543210fedcba9876543210';
  const cases: [string, string, string | null][] = [
    [`/index.php?sid=${sid}`, '-', sid],
    [`/index.php?f=1&sid=${sid}&t=2`, `http://garden.example/?sid=${other}`, sid],
    [`/index.php?f=1&amp;sid=${sid}#p2`, '-', sid],
    ['/index.php', `http://garden.example/?f=1&sid=${other}`, other],
    [`/index.php?sid=${sid}0`, `http://garden.example/?sid=${other}`, other],
    ['/index.php?sid=0123', '-', null],
    [`/index.php?xsid=${sid}`, '-', null],
    [`/sid=${sid}`, '-', null],
    [`/index.php?sid=${sid.replace('a', 'g')}`, '-', null],
  ];
  const text = cases
    .map(
      ([url, referrer]) =>
        `192.0.2.1 - - [06/Jan/2019:09:00:54 +0100] "GET ${url} HTTP/1.1" 200 1 "${referrer}" "-"\n`,
    )
    .join('');
  const { rows } = await readAll(accessLogReader, new TextEncoder().encode(text));
  assert.deepEqual(
    rows.event!.map(({ url, referrer, session }) => [url, referrer ?? '-', session]),
    cases,
  );
});
