import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { passwordOf } from '../http/site.ts';
import { temporaryFolder } from '../support/waymark.ts';

const entry = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'waymark.ts');
let place: ReturnType<typeof temporaryFolder>;

before(() => {
  place = temporaryFolder();
  fs.mkdirSync(path.join(place.folder, 'seized'));
  fs.writeFileSync(
    path.join(place.folder, 'seized', 'facts.csv'),
    'service,native_id,fact,reference,officer,entered_at\nmail,a@velo.example,prior record,CASE-17,Officer A,2019-01-06T09:00:54Z\n',
  );
});

after(() => place.remove());

function file(name: string, text: string): string {
  const at = path.join(place.folder, name);
  fs.writeFileSync(at, `${text}\n`);
  return at;
}

interface Who {
  readonly as: string;
  readonly password?: string;
  readonly next?: string;
}

function say({ as, password, next }: Who, ...args: string[]) {
  const result = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', entry, ...args, '--operation', path.join(place.folder, 'op')],
    {
      encoding: 'utf8',
      input: '',
      env: {
        ...process.env,
        WAYMARK_ACTOR: as,
        ...(password !== undefined && { WAYMARK_PASSWORD_FILE: file('password', password) }),
        ...(next !== undefined && { WAYMARK_NEW_PASSWORD_FILE: file('next', next) }),
      },
    },
  );
  return { code: result.status, out: result.stdout, err: result.stderr };
}

test('one officer works alone until there are users; then every verb asks who it is', () => {
  const alone = { as: 'officer-1' };
  const ran = say(alone, 'run', path.join(place.folder, 'seized'), '--authority', 'W-1');
  assert.equal(ran.code, 0, ran.err);
  assert.match(
    say(
      { ...alone, next: passwordOf('ben') },
      'user',
      'add',
      'ben',
      '--full-name',
      'Ben',
      '--role',
      'analyst',
    ).err,
    /administrator/,
  );
  const first = say(
    { ...alone, next: 'a first password for you' },
    ...['user', 'add', 'anna', '--full-name', 'Anna Lind', '--role', 'administrator'],
  );
  assert.equal(first.code, 0, first.err);
  assert.match(say(alone, 'queue').err, /WAYMARK_PASSWORD_FILE/);
  assert.match(say({ as: 'anna', password: 'wrong' }, 'user').err, /do not let in/);
  const newcomer = { as: 'anna', password: 'a first password for you' };
  assert.match(say(newcomer, 'user').err, /newcomer may not/);
  const changed = say({ ...newcomer, next: passwordOf('anna') }, 'user', 'password');
  assert.equal(changed.code, 0, changed.err);
  const anna = { as: 'anna', password: passwordOf('anna') };
  assert.match(say(anna, 'user', 'list').out, /Anna Lind/);
  assert.match(say(anna, 'queue').err, /administrator may not do this/);
  const added = say(
    { ...anna, next: 'a first password for you' },
    ...['user', 'add', 'ben', '--full-name', 'Ben Holm', '--role', 'analyst'],
  );
  assert.equal(added.code, 0, added.err);
  const start = { as: 'ben', password: 'a first password for you', next: passwordOf('ben') };
  assert.equal(say(start, 'user', 'password').code, 0);
  const ben = { as: 'ben', password: passwordOf('ben') };
  assert.match(say(ben, 'queue').err, /withheld from this role/);
  assert.equal(say(ben, 'request', 'list').code, 0);
});

test('whoever holds the folder lets a user back in, and the ledger says so', () => {
  const recovered = say({ as: 'root', next: 'another first password' }, 'user', 'recover', 'anna');
  assert.equal(recovered.code, 0, recovered.err);
  const own = { as: 'anna', password: 'another first password', next: passwordOf('anna') };
  assert.equal(say(own, 'user', 'password').code, 0);
  const anna = { as: 'anna', password: passwordOf('anna') };
  const roles = say(anna, 'user', 'roles', 'ben', '--role', 'supervisor');
  assert.equal(roles.code, 0, roles.err);
  const ben = { as: 'ben', password: passwordOf('ben') };
  const acts = say(ben, 'ledger', 'list');
  assert.match(acts.out, /root +user\.recover +anna/);
  assert.match(acts.out, /ben +user\.password +ben/);
});

test('authorities at the command line: recorded, shown, expired and withdrawn', () => {
  const ben = { as: 'ben', password: passwordOf('ben') };
  const added = say(
    ben,
    ...['authority', 'add', 'W-1', '--kind', 'search warrant', '--issuer', 'Court 1'],
    ...['--valid-until', '2020-01-01', '--purposes', 'Operation Bell', '--reason', 'file 7'],
  );
  assert.equal(added.code, 0, added.err);
  assert.match(
    say(ben, 'authority').out,
    /W-1 +search warrant +Court 1 +for Operation Bell +to 2020-01-01|expired/,
  );
  const persons = say(ben, 'export', 'persons', '--purpose', 'statistics');
  assert.match(persons.err, /does not allow the purpose/);
  const alone = say(ben, 'export', 'persons', '--purpose', 'operation bell');
  assert.match(alone.err, /two persons are needed/);
  const again = say(ben, 'exhibit', 'add', path.join(place.folder, 'seized'), '--authority', 'W-1');
  assert.match(again.err, /expired after 2020-01-01/);
  const expired = say(ben, 'authority', 'expire', '--reason', 'term ended');
  assert.equal(expired.code, 0, expired.err);
  assert.match(expired.out, /is excluded/);
  assert.match(say(ben, 'authority', 'show', 'W-1').out, /expired/);
});

test('taking a decision back needs the permission to make it, here too', () => {
  const anna = { as: 'anna', password: passwordOf('anna') };
  const added = say(
    { ...anna, next: 'a first password for you' },
    ...['user', 'add', 'ingrid', '--full-name', 'Ingrid', '--role', 'investigator'],
  );
  assert.equal(added.code, 0, added.err);
  const start = { as: 'ingrid', password: 'a first password for you', next: passwordOf('ingrid') };
  assert.equal(say(start, 'user', 'password').code, 0);
  const ben = { as: 'ben', password: passwordOf('ben') };
  const set = say(
    ben,
    ...['policy', 'set', 'persons needed to export', '2', '--reason', 'house rule', '--json'],
  );
  assert.equal(set.code, 0, set.err);
  const number = String(JSON.parse(set.out).decision);
  const undo = ['decisions', 'undo', number, '--reason', 'in the way'];
  assert.match(say({ as: 'ingrid', password: passwordOf('ingrid') }, ...undo).err, /policy\.set/);
  assert.equal(say(ben, ...undo).code, 0);
});
