import assert from 'node:assert/strict';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { parseCsv } from '../../src/base/csv.ts';
import { listExhibits } from '../../src/intake/exhibits.ts';
import { decide } from '../../src/persons/decisions.ts';
import { Operation } from '../../src/store/operation.ts';
import {
  accountabilityReport,
  accountCsv,
  accountLines,
  processing,
  processingOf,
} from '../../src/workbench/accountability.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { Consultations, consultOnce } from '../../src/workbench/consultation.ts';
import { disclosureSchedule, scheduleCsv, scheduleParts } from '../../src/workbench/disclosure.ts';
import { excludeExhibit } from '../../src/workbench/exclude.ts';
import { run } from '../../src/workbench/run.ts';
import { recordSearch } from '../../src/workbench/search.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
let operation: Operation;
let time = '2026-02-01T09:30:00Z';
const everything = { from: null, to: null };
const lines = () => [...accountLines(operation, everything)];

before(async () => {
  const garden = writeGarden(path.join(folder, 'garden'));
  operation = Operation.open(path.join(folder, 'operation'), { actor: 'tester', now: () => time });
  await run(operation, garden, { authority: 'Warrant 1', reference: null }, () => {});
});
after(() => {
  operation.close();
  remove();
});

test('every action has its class of LED Art. 25; what is in no list is shown as other', () => {
  assert.equal(processingOf('exhibit.receive-again'), 'collection');
  assert.equal(processingOf('decision.category'), 'alteration');
  assert.equal(processingOf('decision.export'), 'disclosure');
  assert.equal(processingOf('search.run'), 'consultation');
  assert.equal(processingOf('generation.build'), 'combination');
  assert.equal(processingOf('exhibit.erase'), 'erasure');
  assert.equal(processingOf('ledger.cosigned'), 'administration');
  assert.equal(processingOf('constructor'), 'other');
  assert.equal(processingOf('something.new'), 'other');
});

test('looking at a person or at bytes is an act: one for each thing, durable before the answer, soon in the ledger', async () => {
  let flushes = 0;
  const looks = new Consultations(operation, async () => {
    flushes++;
    await operation.exclusively(async () => {});
  });
  const size = operation.readLedger().size;
  for (let n = 0; n < 5; n++) looks.look('person.consult', 'person-1', ['mail/anna@velo.example']);
  looks.look('person.consult', 'person-2', ['mail/ben@garden.example'], 'a lead of today');
  looks.look('source.consult', 'aaaa', ['aaaa@0+4']);
  looks.look('source.consult', 'aaaa', ['aaaa@4+4']);
  looks.look('source.consult', 'aaaa', ['aaaa@4+4']);
  assert.equal(operation.readLedger().size, size, 'nobody waits for the ledger');
  const waiting = operation.state.one<{ n: number }>('select count(*) as n from outbox')!.n;
  assert.equal(waiting, 4, 'they are on disk');
  looks.close();
  await operation.exclusively(async () => {});
  assert.equal(operation.readLedger().size, size + 4);
  time = '2026-02-01T09:45:00Z';
  looks.look('person.consult', 'person-1', ['mail/anna@velo.example']);
  time = '2026-02-01T09:30:00Z';
  await operation.exclusively(async () => {});
  looks.close();
  assert.equal(operation.readLedger().size, size + 5, 'a later look is another one');
  const entries = lines().filter(({ action }) => action.endsWith('.consult'));
  assert.deepEqual(
    entries.map(({ objects, about, note }) => [objects[0], about[0], note]),
    [
      ['person-1', 'mail/anna@velo.example', 'proved'],
      ['person-2', 'mail/ben@garden.example', 'proved'],
      ['aaaa', 'aaaa@0+4', 'proved'],
      ['aaaa', 'aaaa@4+4', 'proved'],
      ['person-1', 'mail/anna@velo.example', 'proved'],
    ],
  );
  assert.equal(entries[1]!.justification, 'a lead of today');
  const ledger = JSON.stringify([...operation.readLedger().entries()].map(({ entry }) => entry));
  assert.ok(!ledger.includes('anna') && !ledger.includes('aaaa@0'), 'the ledger holds no case content');
  assert.equal(flushes, 0, 'it was closed before its time came');
});

test('a look is recorded while another process holds the operation, and reaches the ledger after it', async () => {
  const other = Operation.openExisting(operation.folder, { actor: 'somebody', now: () => time });
  const size = operation.readLedger().size;
  await operation.exclusively(async () => {
    await consultOnce(other, 'person.consult', 'person-3', ['mail/anna@velo.example']);
    operation.record({ action: 'exhibit.read', objects: [], facts: {} });
  });
  other.close();
  await operation.exclusively(async () => {});
  const added = lines().slice(size);
  assert.deepEqual(added.map(({ actor, action }) => `${actor} ${action}`).sort(), [
    'somebody person.consult',
    'tester exhibit.read',
  ]);
});

test('the report adds up, states who, when, why and for whom, and holds words to the ledger', async () => {
  const mailbox = listExhibits(operation).find(({ reader }) => reader === 'mail' || reader === 'mbox');
  assert.ok(mailbox);
  await operation.exclusively(async () => {
    const act = { author: 'tester', time, reason: 'told by a neighbour' };
    decide(operation, {
      kind: 'fact',
      subject: ['mail/anna@velo.example'],
      value: 'rides on sundays',
      ...act,
    });
    operation.record({
      action: 'package.create',
      objects: [],
      facts: {},
      note: { reason: 'to locate', recipients: ['Unit South'] },
    });
  });
  await excludeExhibit(operation, mailbox.id, 'ruled inadmissible', () => {});
  const report = await accountabilityReport(operation, everything);
  assert.equal(report.reported, report.entries);
  const sum = processing.reduce((total, each) => total + report.counts[each], 0);
  assert.equal(sum, report.reported);
  assert.ok(report.counts.collection > 0 && report.counts.alteration > 0 && report.counts.combination > 0);
  assert.deepEqual([report.counts.disclosure, report.changed], [1, 0]);
  const all = lines();
  assert.equal(all.find(({ action }) => action === 'decision.fact')!.justification, 'told by a neighbour');
  assert.deepEqual(all.find(({ action }) => action === 'package.create')!.recipients, ['Unit South']);
  assert.equal(all.find(({ action }) => action === 'exhibit.exclude')!.justification, 'ruled inadmissible');
  const looks = all.filter(({ processing: each }) => each === 'consultation' || each === 'disclosure');
  assert.equal(report.unjustified, looks.filter(({ justification }) => justification === null).length);

  const rows = parseCsv([...accountCsv(operation, everything)].join(''), 'report');
  assert.equal(rows.length, report.reported);
  assert.equal(rows.find(({ action }) => action === 'package.create')!.recipients, 'Unit South');
  assert.deepEqual(
    (await accountabilityReport(operation, { from: '2026-02-01T09:30:00Z', to: '2026-02-01T09:30:01Z' }))
      .reported,
    all.filter(({ time: at }) => at === '2026-02-01T09:30:00Z').length,
  );
  assert.equal((await accountabilityReport(operation, { from: null, to: '2026-01-31' })).reported, 0);
  await assert.rejects(accountabilityReport(operation, { from: 'yesterday', to: null }), { code: 'usage' });

  const { facts } = all.find(({ action }) => action === 'decision.fact')!;
  assert.equal(facts.decision, 1);
  operation.state.run(`update act_note set note = replace(note, 'neighbour', 'stranger')`);
  assert.equal((await accountabilityReport(operation, everything)).changed, 1, 'changed words are found');
  operation.state.run(`update act_note set note = replace(note, 'stranger', 'neighbour')`);
  assert.equal((await accountabilityReport(operation, everything)).changed, 0);
});

test('the disclosure schedule: items one by one and numbered, terms searched for, what nobody looked at', async () => {
  await operation.exclusively(async () => {
    recordSearch(operation, {
      kind: 'search',
      query: '=kettle',
      hits: 2,
      hitsIsAtLeast: false,
      index: 'none',
      time,
    });
  });
  const engine = await openGeneration(operation);
  const schedule = await disclosureSchedule(operation, engine, time).finally(() => engine.close());
  const exhibits = listExhibits(operation);
  assert.deepEqual(
    schedule.items.map(({ item, exhibit }) => [item, exhibit]),
    exhibits.map(({ id }, n) => [n + 1, id]),
  );
  assert.ok(schedule.items.some(({ description }) => /excluded: ruled inadmissible/.test(description)));
  assert.deepEqual(
    schedule.searches.map(({ query }) => query),
    ['=kettle'],
  );
  const unread = exhibits.flatMap(
    ({ summary }) => summary?.outcomes.filter((each) => each.unread !== null) ?? [],
  );
  const files = schedule.notReviewed.filter(({ what }) => what === 'files that no reader could read');
  assert.equal(
    files.reduce((sum, { count }) => sum + count, 0),
    unread.length,
  );
  assert.ok(schedule.notReviewed.some(({ what }) => /persons in the queue without a review/.test(what)));
  assert.equal(schedule.exculpatory.length, 3);
  const items = parseCsv(scheduleCsv(schedule, 'items'), 'items');
  const used = parseCsv(scheduleCsv(schedule, 'used'), 'used');
  assert.equal(items.length + used.length, exhibits.length, 'used and unused are all there is');
  assert.ok(
    items.every((row) => row['schedule (MG6C or MG6D)'] === ''),
    'the decision is a human’s',
  );
  assert.match(scheduleCsv(schedule, 'searches'), /'=kettle/, 'no formula for a spreadsheet');
  for (const part of scheduleParts) assert.match(scheduleCsv(schedule, part), /^[^\r\n]+\r\n/);
  const unbuilt = await disclosureSchedule(operation, null, time);
  assert.deepEqual([unbuilt.items.length, unbuilt.exculpatory], [exhibits.length, []]);
});
