/** After an erasure no byte of what only the exhibit held stands in any file of the operation. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { filesOf, listExhibits } from '../../src/intake/exhibits.ts';
import { createReceivingKey } from '../../src/packages/seal.ts';
import { decide, listDecisions } from '../../src/persons/decisions.ts';
import { Operation } from '../../src/store/operation.ts';
import { accountLines } from '../../src/workbench/accountability.ts';
import { listBackups, makeBackup } from '../../src/workbench/backup.ts';
import { consultOnce } from '../../src/workbench/consultation.ts';
import { setPolicy } from '../../src/workbench/decisions.ts';
import { examineOperation } from '../../src/workbench/doctor.ts';
import {
  eraseExhibit,
  erasureNotices,
  finishErasures,
  listErased,
  matterOf,
} from '../../src/workbench/erase.ts';
import { checkLedger } from '../../src/workbench/ledger.ts';
import { keepLonger, listDue } from '../../src/workbench/retention.ts';
import { run } from '../../src/workbench/run.ts';
import { ensureSearchIndex } from '../../src/workbench/search-index.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const marker = 'zanzibarquuxbicycle';
const account = `mail/${marker}@velo.example`;
const time = '2026-02-01T09:30:00Z';
const { folder, remove } = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);
let operation: Operation;
let marked: string;
const none = () => {};

const mailbox = [
  `From ${marker}@velo.example Sat Jan 04 10:00:00 2020`,
  `From: "${marker}" <${marker}@velo.example>`,
  'To: anna@velo.example',
  `Subject: ${marker} spokes`,
  'Message-ID: <1@velo.example>',
  'Date: Sat, 04 Jan 2020 10:00:00 +0000',
  '',
  `The ${marker} is in the shed.`,
  '',
].join('\n');

/** Files under the operation that hold the marker, as text of one or of two bytes a letter. */
function filesWithMarker(): string[] {
  const needles = [Buffer.from(marker), Buffer.from(marker, 'utf16le')];
  return fs
    .readdirSync(operation.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = fs.readFileSync(file);
      return path.basename(file).includes(marker) || needles.some((needle) => bytes.includes(needle));
    })
    .map((file) => path.relative(operation.folder, file));
}

before(async () => {
  writeGarden(at('garden'));
  fs.writeFileSync(at('garden', 'mail', `${marker}.mbox`), mailbox);
  operation = Operation.open(at('operation'), { actor: 'tester', now: () => time });
  await run(operation, at('garden'), { authority: 'Warrant 1', reference: null }, none);
  marked = listExhibits(operation).find(({ paths }) => paths[0]?.includes(marker))!.id;
  await ensureSearchIndex(operation, none);
  await operation.exclusively(async () => {
    const act = { reason: `seen with ${marker}`, author: 'tester', time };
    decide(operation, { kind: 'fact', subject: [account], value: `knows ${marker}`, ...act });
    decide(operation, { kind: 'category', subject: [account], value: 'suspect', ...act });
    decide(operation, {
      kind: 'link',
      subject: [account, 'mail/anna@velo.example'],
      value: 'different',
      ...act,
    });
    decide(operation, {
      kind: 'fact',
      subject: ['mail/anna@velo.example'],
      value: 'rides on sundays',
      ...act,
      reason: 'told by a neighbour',
    });
    decide(operation, {
      kind: 'grade',
      subject: ['record', `${marked}@0+10`],
      value: 'TLP:RED',
      details: { marking: { tlp: 'RED', note: marker } },
      ...act,
    });
  });
  await consultOnce(operation, 'source.consult', marked, [`${marked}/${marker}.mbox@0+10`], `why ${marker}`);
  const recipient = (await createReceivingKey()).recipient;
  await makeBackup(operation, at('backup'), [recipient], none);
});
after(() => {
  operation.close();
  remove();
});

test('before: the marker is in the original, the index and the state', () => {
  const found = filesWithMarker();
  for (const kind of ['vault', 'state.db'])
    assert.ok(
      found.some((file) => file.startsWith(kind)),
      kind,
    );
  assert.ok(fs.readdirSync(operation.path('search')).length > 0);
});

test('an erasure needs a reason, and a second person where the operation says so', async () => {
  const by = { reason: 'the court ordered it', time };
  await assert.rejects(eraseExhibit(operation, marked, { ...by, reason: ' ' }, none), { code: 'usage' });
  await assert.rejects(eraseExhibit(operation, 'none', by, none), { code: 'not-found' });
  await operation.exclusively(async () => {
    setPolicy(operation, 'persons needed to erase', '2', { reason: 'our rule', time });
  });
  await assert.rejects(eraseExhibit(operation, marked, by, none), { code: 'denied', message: /two persons/ });
  assert.deepEqual(matterOf(marked), { act: 'erasure', what: [`exhibit ${marked}`] });
  await operation.exclusively(async () => {
    setPolicy(operation, 'persons needed to erase', '1', { reason: 'a machine of one person', time });
  });
  assert.ok(filesWithMarker().length > 0, 'nothing was touched');
});

test('an erasure that was interrupted goes on, and then no byte is left', async () => {
  const by = { reason: 'the court ordered it', time };
  const blob = operation.vault.pathOf(listExhibits(operation).find(({ id }) => id === marked)!.sha256);
  const lake = operation.state.all<{ path: string }>('select path from lake_file where exhibit = $id', {
    id: marked,
  });
  assert.ok(lake.length > 0);
  const stop = () => {
    throw new Error('power is gone');
  };
  let stages = 0;
  await assert.rejects(
    eraseExhibit(operation, marked, by, ({ stage }) => {
      stages++;
      if (stage === 'erasing originals') stop();
    }),
    /power is gone/,
  );
  assert.ok(stages >= 2);
  assert.ok(fs.existsSync(blob), 'it was interrupted before the original was gone');
  assert.equal(listErased(operation)[0]?.done, null);
  assert.ok((await examineOperation(operation, time)).some(({ found }) => /erase finish/.test(found)));
  assert.equal(await finishErasures(operation, none), 1);
  assert.equal(await finishErasures(operation, none), 0);
  assert.ok(!fs.existsSync(blob));
  assert.deepEqual(filesWithMarker(), []);
  assert.ok(
    !fs
      .readdirSync(operation.path('lake'), { recursive: true, encoding: 'utf8' })
      .some((name) => name.includes(marked)),
  );
  assert.deepEqual(fs.readdirSync(operation.path('generations')), []);
});

test('what is left: who erased what and why, the shape of decisions, and a ledger that is whole', async () => {
  assert.deepEqual(
    listErased(operation).map((each) => ({ ...each })),
    [
      {
        exhibit: marked,
        time,
        author: 'tester',
        reason: 'the court ordered it',
        approvedBy: 'one person',
        done: time,
      },
    ],
  );
  const decisions = listDecisions(operation);
  const erased = decisions.filter(({ reason }) => reason === 'erased');
  assert.deepEqual(
    erased.map(({ kind }) => kind),
    ['fact', 'category', 'link', 'grade'],
  );
  assert.deepEqual(erased[2]!.subject, ['mail/anna@velo.example', 'erased']);
  assert.ok(
    decisions.some(({ value }) => value === 'rides on sundays'),
    'what others were told of stays',
  );
  assert.equal((await checkLedger(operation)).ok, true);
  const lines = [...accountLines(operation, { from: null, to: null })];
  const act = lines.find(({ action }) => action === 'exhibit.erase')!;
  assert.deepEqual(
    [act.processing, act.justification, act.objects],
    ['erasure', 'the court ordered it', [marked]],
  );
  const looked = lines.find(({ action }) => action === 'source.consult')!;
  assert.deepEqual([looked.note, looked.justification], ['erased', null], 'that somebody looked stays');
  assert.ok(!JSON.stringify(lines).includes(marker));
});

test('the rest is read and built as before, and the backup that still holds it is named', async () => {
  const result = await run(operation, at('garden', 'server'), { authority: null, reference: null }, none);
  assert.ok(result.persons > 0);
  assert.deepEqual(filesWithMarker(), []);
  const [backup] = listBackups(operation);
  assert.deepEqual(backup!.erased, [marked]);
  const findings = await examineOperation(operation, time);
  assert.match(findings.find(({ what }) => what === 'backups')!.found, /still hold erased exhibits/);
  assert.deepEqual(
    findings.filter(({ level }) => level === 'bad' && level),
    [],
  );
  assert.deepEqual(erasureNotices(operation), []);
});

test('originals that another exhibit shares stay', async () => {
  const mail = (subject: string) =>
    `From: anna@velo.example\nTo: ben@garden.example\nSubject: ${subject}\nDate: Sat, 04 Jan 2020 10:00:00 +0000\n\nSpokes.\n`;
  for (const name of ['a', 'b']) {
    fs.mkdirSync(at('mails', name), { recursive: true });
    fs.writeFileSync(at('mails', name, 'both.eml'), mail('in both'));
    fs.writeFileSync(at('mails', name, 'own.eml'), mail(`only in ${name}`));
  }
  const known = new Set(listExhibits(operation).map(({ id }) => id));
  const { exhibits } = await run(operation, at('mails'), { authority: null, reference: null }, none);
  assert.ok(exhibits.length > 0);
  const added = listExhibits(operation).filter(({ id }) => !known.has(id));
  assert.deepEqual(
    added.map(({ kind }) => kind),
    ['folder', 'folder'],
  );
  const blobs = added.map((exhibit) => filesOf(operation, exhibit).map(({ sha256 }) => sha256));
  const both = blobs[0]!.find((sha256) => blobs[1]!.includes(sha256))!;
  const own = blobs[0]!.find((sha256) => sha256 !== both)!;
  const erased = await eraseExhibit(operation, added[0]!.id, { reason: 'wrong parcel', time }, none);
  assert.deepEqual(
    [erased.originals, erased.shared],
    [2, 1],
    'its list and its own mail go, the other stays',
  );
  assert.ok(await operation.vault.verify(both));
  assert.ok(!operation.vault.has(own));
  assert.ok(!listExhibits(operation).some(({ id }) => id === added[0]!.id));
});

test('retention: what is due by the policy, what was put off, and nothing erased by itself', async () => {
  const all = listExhibits(operation).length;
  assert.equal((await listDue(operation, '2027-12-31')).due.length, 0);
  const due = await listDue(operation, '2028-02-01');
  assert.equal(due.due.length, all);
  assert.ok(
    due.due.every(
      ({ category, years, due: day }) =>
        category === 'unclassified contact' && years === 2 && day === '2028-02-01',
    ),
  );
  await operation.exclusively(async () => {
    decide(operation, {
      kind: 'category',
      subject: ['mail/anna@velo.example'],
      value: 'victim',
      reason: 'statement',
      author: 'tester',
      time,
    });
  });
  const kept = (await listDue(operation, '2036-02-01')).due;
  const club = kept.find(({ category, kind }) => kind === 'exhibit' && category === 'victim')!;
  assert.equal(club.due, '2036-02-01', 'the category that keeps it longest counts');
  const person = kept.find(({ kind }) => kind === 'person')!;
  assert.deepEqual([person.accounts, person.years], [['mail/anna@velo.example'], 10]);
  const [first] = due.due;
  await assert.rejects(keepLonger(operation, 'none', '2030-01-01', 'x'), { code: 'not-found' });
  await assert.rejects(keepLonger(operation, first!.id, '2030-13-01', 'x'), { code: 'usage' });
  await assert.rejects(keepLonger(operation, first!.id, '2030-01-01', ' '), { code: 'usage' });
  const line = await keepLonger(operation, first!.id, '2030-01-01', 'an appeal is open');
  assert.equal(line.due, '2030-01-01');
  const later = await listDue(operation, '2028-02-01');
  assert.ok(!later.due.some(({ id }) => id === first!.id));
  assert.equal(later.due.length + later.later, all + 1);
});
