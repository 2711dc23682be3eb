/** Hand-offs and leads of a small exercise, end to end, as the command line shows them. */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { handOffsSchema, leadsSchema, personHandOffsSchema } from '../../src/http/contract/hand-offs.ts';
import { Operation } from '../../src/store/operation.ts';
import type { GivenView, HandOffView } from '../../src/workbench/hand-offs.ts';
import type { Leads } from '../../src/workbench/leads.ts';
import type { QueueEntry } from '../../src/workbench/overview.ts';
import type { Score } from '../../src/workbench/score.ts';
import { json, TestClient } from '../http/client.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const exercise = path.join(folder, 'exercise');
const operation = path.join(folder, 'operation');
const run = (...args: string[]) => waymark(...args, '--operation', operation);

before(() => {
  assert.equal(waymark('exercise', exercise, '--members', '200', '--seed', '9').code, 0);
  const read = run('run', path.join(exercise, 'evidence'), '--json');
  assert.equal(read.code, 0, read.stderr);
});

test('hand-offs and given selectors are found as the answers say', () => {
  const score = run('exercise', 'score', '--truth', path.join(exercise, 'truth'), '--json').json<Score>();
  const { handOffs } = score;
  assert.ok(handOffs.expected >= 6);
  assert.ok(handOffs.precision >= 0.95, `precision ${handOffs.precision}`);
  assert.ok(handOffs.recall >= 0.9, `recall ${handOffs.recall}`);
  assert.ok(handOffs.givenPrecision >= 0.95);
  for (const { style, expected, found } of handOffs.given) assert.equal(found, expected, style);
});

test('every hand-off opens its sources, in order of time', () => {
  const { hand_offs, counts } = run('hand-offs', '--json').json<{
    hand_offs: HandOffView[];
    counts: Record<string, number>;
  }>();
  assert.equal(hand_offs.length, counts.firm! + counts.likely! + counts.possible!);
  for (const each of hand_offs) {
    assert.ok(each.reasons_for.length > 0);
    assert.ok(each.reasons_for.some(({ pointers }) => pointers.length > 0));
    const times = each.chain.map(({ time }) => time!);
    assert.deepEqual(
      times,
      times.toSorted((x, y) => x - y),
    );
    assert.equal(each.chain.at(-1)!.step, 'first message');
    if (each.confidence === 'possible') assert.ok(each.reasons_against.length > 0);
    if (each.confidence === 'firm')
      assert.deepEqual(
        each.reasons_against.filter(({ ground }) => ground !== 'earlier contact'),
        [],
      );
  }
  const [first] = hand_offs;
  const source = run('source', first!.chain[0]!.pointer);
  assert.equal(source.code, 0, source.stderr);
  assert.ok(source.stdout.length > 0);
  const story = run('hand-offs', first!.from_person!);
  assert.match(story.stdout, /selectors given in private/);
  const one = run('hand-offs', first!.from_person!, '--json').json<{
    hand_offs: HandOffView[];
    given: GivenView[];
  }>();
  assert.ok(one.hand_offs.some((each) => each.hand_off === first!.hand_off));
  assert.ok(one.given.some((each) => each.followed));
  assert.equal(run('hand-offs', 'person-of-no-build').code, 1);
});

test('a lead says what cannot be asked, and concerns the queue first', () => {
  const { leads, total, left_out, cap } = run('leads', '--limit', '500', '--json').json<Leads>();
  assert.equal(leads.length, total - left_out);
  assert.ok(cap >= leads.length && leads.length > 0);
  const ranks = leads.map(({ queue_rank }) => queue_rank ?? Number.POSITIVE_INFINITY);
  assert.deepEqual(
    ranks,
    ranks.toSorted((x, y) => (x === y ? 0 : x - y)),
  );
  for (const lead of leads) {
    assert.ok(lead.ask.length > 0 && lead.pointers.length > 0, lead.lead);
    const shared = lead.kind === 'address' && /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(lead.selector);
    if (shared && lead.times.every(({ port }) => port === null)) assert.match(lead.cannot!, /source port/);
    for (const time of lead.times)
      assert.ok(
        time.zone_basis !== '' &&
          (time.time !== null || lead.kind === 'address' || /no zone/.test(time.zone_basis)),
      );
  }
  const drafts = run('leads', '--format', 'text').stdout;
  assert.match(drafts, /^DRAFT lead-[0-9a-f]{12}: not sent, for a human to judge/);
});

test('nothing of it raises anybody', () => {
  const { queue } = run('queue', '--json').json<{ queue: QueueEntry[] }>();
  for (const { reasons } of queue)
    for (const { indicator } of reasons) assert.doesNotMatch(indicator, /hand-off|lead|selector|contact/);
});

test('exports hold them under stable names', () => {
  const [heading] = run('export', 'hand_offs').stdout.split('\r\n');
  assert.match(heading!, /^hand_off,from_service,from_native_id,to_service,to_native_id,/);
  assert.match(run('export', 'leads').stdout, /^rank,lead,kind,provider,/);
});

test('the API gives them as its description says', async () => {
  const opened = Operation.openExisting(operation, { actor: 'tester' });
  const client = new TestClient(opened);
  try {
    const all = await json(await client.get('/api/hand-offs?limit=2'));
    handOffsSchema.parse(all);
    assert.equal(all.hand_offs.length, 2);
    assert.equal(all.more, true);
    const person = all.hand_offs[0].from_person;
    personHandOffsSchema.parse(await json(await client.get(`/api/persons/${person}/hand-offs`)));
    const leads = await json(await client.get('/api/leads?limit=3'));
    leadsSchema.parse(leads);
    assert.equal(leads.leads.length, 3);
    assert.equal((await client.get('/api/leads?person=person-of-no-build')).status, 404);
    assert.equal((await client.get('/api/hand-offs?limit=0')).status, 400);
    assert.deepEqual(client.faults, []);
  } finally {
    client.close();
    opened.close();
  }
});

test('two builds of equal inputs give equal bytes', () => {
  const other = path.join(folder, 'other');
  const read = waymark('run', path.join(exercise, 'evidence'), '--operation', other, '--json');
  assert.equal(read.code, 0, read.stderr);
  for (const table of ['hand_offs', 'leads'])
    assert.equal(waymark('export', table, '--operation', other).stdout, run('export', table).stdout);
});
