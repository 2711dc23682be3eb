import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { logName } from '../../src/exercise/board/access-logs.ts';
import { BoardDump } from '../../src/exercise/board/dump.ts';
import { storedText } from '../../src/exercise/board/phpbb-text.ts';
import { offsetMinutes, worldDays, worldStart } from '../../src/exercise/clock.ts';
import { countries } from '../../src/exercise/countries.ts';
import { GzipPiece, joinCrc, joinPieces } from '../../src/exercise/output.ts';
import { Accounts } from '../../src/exercise/people/accounts.ts';
import { Contacts, contactRounds } from '../../src/exercise/people/contacts.ts';
import { Lines } from '../../src/exercise/people/lines.ts';
import { World } from '../../src/exercise/people/world.ts';
import { Dice, Permutation, purpose, seedOf } from '../../src/exercise/random.ts';
import { readDumpTables } from './read-dump.ts';

const runs = { seed: 7, numRuns: 60 };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-parts-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test('clocks agree with the time zone database, hour by hour round every change', () => {
  for (const { zone, winterMinutes, summer } of countries) {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    for (let hour = 0; hour < worldDays * 24; hour += 1) {
      const at = worldStart + hour * 3600;
      const month = new Date(at * 1000).getUTCMonth();
      if (hour % 97 !== 0 && ![2, 3, 8, 9, 10].includes(month)) continue;
      if (hour % 5 !== 0 && new Date(at * 1000).getUTCDay() % 6 !== 0) continue;
      const name = format.formatToParts(at * 1000).find((part) => part.type === 'timeZoneName')!.value;
      const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name)!;
      const right = Number(`${sign ?? ''}1`) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
      assert.equal(
        offsetMinutes(at, winterMinutes, summer),
        right,
        `${zone} ${new Date(at * 1000).toISOString()}`,
      );
    }
  }
});

test('a permutation reaches everyone once, and its inverse leads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.integer(), (size, n) => {
      const permutation = new Permutation(seedOf('p'), purpose('test'), n, size);
      const reached = Array.from({ length: size }, (_, index) => permutation.at(index));
      assert.deepEqual(
        [...reached].sort((a, b) => a - b),
        Array.from({ length: size }, (_, index) => index),
      );
      for (const [index, value] of reached.entries()) assert.equal(permutation.inverse(value), index);
    }),
    runs,
  );
});

test('draws are spread evenly and depend on entity, purpose and number', () => {
  const dice = new Dice(seedOf('d'));
  const bins = new Array<number>(16).fill(0);
  for (let n = 0; n < 16_000; n++) bins[dice.at(n, purpose('even')).below(16)]!++;
  for (const count of bins) assert.ok(count > 850 && count < 1150, String(bins));
  const first = dice.at(1, purpose('a')).hex(32);
  assert.equal(dice.at(1, purpose('a')).hex(32), first);
  for (const other of [
    dice.at(2, purpose('a')).hex(32),
    dice.at(1, purpose('b')).hex(32),
    dice.at(1, purpose('a'), 1).hex(32),
  ]) {
    assert.notEqual(other, first);
  }
});

test('no two homes share an IPv4 address at one time, but one address serves several over time', () => {
  const world = new World(seedOf('lines'), 400);
  const lines = new Lines(world);
  const users = new Map<string, Set<number>>();
  for (let day = 0; day < worldDays; day += 23) {
    const now = new Set<string>();
    for (let household = 0; household < world.households; household++) {
      const { ip, from, to } = lines.homeLease(household, worldStart + day * 86_400 + 50_000);
      assert.ok(!now.has(ip), `${ip} on day ${day}`);
      assert.ok(from <= worldStart + day * 86_400 + 50_000 && to > worldStart + day * 86_400 + 50_000);
      now.add(ip);
      users.set(ip, (users.get(ip) ?? new Set()).add(household));
    }
  }
  assert.ok([...users.values()].filter((households) => households.size > 1).length > 50);
});

test('contacts are mutual and never the same human', () => {
  const accounts = new Accounts(new World(seedOf('c'), 500));
  const contacts = new Contacts(accounts);
  let found = 0;
  for (let account = 0; account < 500; account++) {
    for (let round = 0; round < contactRounds; round++) {
      const other = contacts.partner(account, round);
      if (other < 0) continue;
      found++;
      assert.equal(contacts.partner(other, round), account);
      assert.notEqual(accounts.world.accountPerson[other], accounts.world.accountPerson[account]);
    }
  }
  assert.ok(found > 3000);
});

test('pieces joined into one gzip member read as their texts one after another', async () => {
  const texts = ['', 'one\n'.repeat(90_000), '', 'zwei ü\n'.repeat(50_000), 'x'];
  const pieces = texts.map((_, index) => new GzipPiece(path.join(folder, `piece${index}`)));
  for (const [index, piece] of pieces.entries()) {
    for (let from = 0; from < texts[index]!.length; from += 5000)
      piece.write(texts[index]!.slice(from, from + 5000));
    await piece.close();
  }
  await joinPieces(path.join(folder, 'joined.gz'), pieces);
  assert.equal(gunzipSync(fs.readFileSync(path.join(folder, 'joined.gz'))).toString(), texts.join(''));
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(joinCrc(crc32(a), crc32(b), b.length), crc32(Buffer.concat([a, b])));
    }),
    runs,
  );
});

test('values survive the dump, unsaid columns keep the default, unknown columns are refused', async () => {
  const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { seed: 7, numRuns: 300 });
  const rows = texts.map((text, index) => ({ config_name: `${index}`, config_value: text.toWellFormed() }));
  const dump = new BoardDump(path.join(folder, 'dump.sql.gz'));
  for (const row of rows) dump.row('config', row);
  dump.row('privmsgs_to', { msg_id: 3 });
  assert.throws(() => dump.row('config', { config_names: 'x' }), TypeError);
  await dump.close({});
  const tables = readDumpTables(gunzipSync(fs.readFileSync(path.join(folder, 'dump.sql.gz'))).toString());
  assert.deepEqual(
    tables.config,
    rows.map((row) => ({ ...row, is_dynamic: '0' })),
  );
  assert.equal(Object.values(tables.privmsgs_to![0]!).join(), '3,0,0,0,1,1,0,0,0,0');
});

test('text is stored as phpBB 3.3 stores it', () => {
  assert.equal(storedText('Salt & rye\nnow'), '<t>Salt &amp; rye<br/>\nnow</t>');
  assert.equal(
    storedText('at a@b.example :)'),
    '<r>at <EMAIL email="a@b.example">a@b.example</EMAIL> <E>:)</E></r>',
  );
  assert.equal(storedText('🚲'), '<r><EMOJI seq="1f6b2" tseq="1f6b2">&#128690;</EMOJI></r>');
  const quote = { author: 'A b', userId: 7, post: 3, at: 9, text: 'x < y' };
  assert.equal(
    storedText('yes', quote),
    '<r><QUOTE author="A b" post_id="3" time="9" user_id="7"><s>[quote="A b" post_id=3 time=9 user_id=7]</s>x &lt; y<e>[/quote]</e></QUOTE>\n\n<br/>\nyes</r>',
  );
});

test('the newest log has the plain name', () => {
  assert.deepEqual([0, 62, 63, 64].map(logName), [
    'access.log.64.gz',
    'access.log.2.gz',
    'access.log.1',
    'access.log',
  ]);
});
