import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertGoodPassword, hashPassword, isPassword, usualCost } from '../../src/access/password.ts';
import { isConfirmed, Sessions, sessionMs } from '../../src/access/sessions.ts';
import { Tries, triesAMinute } from '../../src/access/tries.ts';

const cheap = { kibibytes: 64, passes: 1 };

test('a password is kept as Argon2id with its own salt and costs', async () => {
  const kept = await hashPassword('seven bells ring on the hill', cheap);
  assert.match(kept, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(kept, await hashPassword('seven bells ring on the hill', cheap));
  assert.equal(await isPassword('seven bells ring on the hill', kept), true);
  assert.equal(await isPassword('seven bells ring on the hil', kept), false);
  const usual = await hashPassword('seven bells ring on the hill');
  assert.ok(usual.startsWith(`$argon2id$v=19$m=${usualCost.kibibytes},t=${usualCost.passes},p=1$`));
  assert.equal(await isPassword('seven bells ring on the hill', usual), true);
});

test('the runtime computes the Argon2id of RFC 9106, and accents typed in two ways are one password', async () => {
  const tag = argon2Sync('argon2id', {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    parallelism: 4,
    tagLength: 32,
    memory: 32,
    passes: 3,
  });
  assert.equal(tag.toString('hex'), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
  const kept = await hashPassword('cafe\u0301 at the station', cheap);
  assert.equal(await isPassword('caf\u00e9 at the station', kept), true);
});

test('what was not kept by this is refused, not taken for a wrong password', async () => {
  for (const kept of ['', 'x', '$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA', 'plain text'])
    await assert.rejects(isPassword('x', kept), { code: 'integrity' });
});

test('short, long and obvious passwords are refused', () => {
  for (const [password, pattern] of [
    ['short', /12 to 200/],
    ['x'.repeat(201), /12 to 200/],
    ['aaaaaaaaaaaaaa', /guessed/],
    ['anna-lind anna-lind', /guessed/],
  ] as const)
    assert.throws(() => assertGoodPassword(password, 'anna-lind'), pattern, password);
  assertGoodPassword('seven bells ring on the hill', 'anna-lind');
  assertGoodPassword('\u{1F514}\u{1F6B2} bells and tyres', 'anna-lind');
});

test('a session ends after 30 minutes without use and after 12 hours in any case', () => {
  const sessions = new Sessions();
  const token = sessions.begin('anna', 0);
  assert.equal(sessions.use(token, sessionMs.idle - 1)?.user, 'anna');
  assert.equal(sessions.stands(token, 2 * sessionMs.idle - 2), true, 'each use renews it');
  assert.equal(sessions.stands(token, 2 * sessionMs.idle - 1), false);
  assert.equal(sessions.use(token, 2 * sessionMs.idle - 1), null);
  assert.equal(sessions.use(token, sessionMs.idle), null, 'an ended one does not come back');
  const long = sessions.begin('anna', 0);
  let now = 0;
  while (now + sessionMs.idle / 2 < sessionMs.whole) {
    now += sessionMs.idle / 2;
    assert.ok(sessions.use(long, now), String(now));
  }
  assert.equal(sessions.use(long, sessionMs.whole), null);
});

test('a password counts as typed for five minutes', () => {
  const sessions = new Sessions();
  const token = sessions.begin('anna', 0);
  const at = (now: number) => isConfirmed(sessions.use(token, now)!, now);
  assert.deepEqual([at(0), at(sessionMs.confirmed - 1), at(sessionMs.confirmed)], [true, true, false]);
  sessions.confirm(token, sessionMs.confirmed);
  assert.equal(at(sessionMs.confirmed + 1), true);
  assert.equal(sessions.confirm('unknown', 0), null);
  assert.equal(sessions.stands('unknown', 0), false);
});

test('sessions end by log-out, and all of a user at once', () => {
  const sessions = new Sessions();
  const [first, second] = [sessions.begin('anna', 0), sessions.begin('anna', 0)];
  const other = sessions.begin('ben', 0);
  sessions.end(first);
  assert.deepEqual(
    [first, second, other].map((token) => sessions.stands(token, 1)),
    [false, true, true],
  );
  sessions.endAllOf('anna');
  assert.deepEqual(
    [first, second, other].map((token) => sessions.stands(token, 1)),
    [false, false, true],
  );
  assert.equal(new Set([first, second, other]).size, 3);
});

test('ten tries a minute for a name, sixty for all, whatever is sent', () => {
  const tries = new Tries();
  for (let i = 0; i < triesAMinute.name; i++) assert.equal(tries.take('anna', i), 0);
  assert.equal(tries.take('anna', 10), 60_000 - 10);
  assert.equal(tries.take('ben', 10), 0, 'another name goes on');
  assert.equal(tries.take('anna', 60_000), 0, 'a minute after the first, one more');
  assert.ok(tries.take('anna', 60_000) > 0);
  tries.take('carla', 200_000);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.nat(5_000)), { maxLength: 400 }), (sent) => {
      const all = new Tries();
      const taken: { name: string; time: number }[] = [];
      let now = 0;
      for (const [name, later] of sent) {
        now += later;
        if (all.take(name, now) === 0) taken.push({ name, time: now });
      }
      for (const { name, time } of taken) {
        const inMinute = taken.filter((each) => each.time <= time && time - each.time < 60_000);
        assert.ok(inMinute.length <= triesAMinute.all);
        assert.ok(inMinute.filter((each) => each.name === name).length <= triesAMinute.name);
      }
    }),
    { numRuns: 100, seed: 7 },
  );
});
