/** From reports, lists and facts to the queue, the children, reviews, rules and the board. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { listDecisions } from '../../src/persons/decisions.ts';
import { writeScheme } from '../../src/priorities/scheme-file.ts';
import { defaultScheme } from '../../src/priorities/schemes.ts';
import type { Engine } from '../../src/store/engine.ts';
import { Operation } from '../../src/store/operation.ts';
import { showBoard } from '../../src/workbench/board.ts';
import { build, openGeneration } from '../../src/workbench/build.ts';
import { classify, listCleared, showStanding } from '../../src/workbench/categories.ts';
import {
  addChild,
  allChildren,
  decideOnChild,
  showChild,
  showChildren,
} from '../../src/workbench/children.ts';
import type { By } from '../../src/workbench/decided.ts';
import {
  decideLink,
  grade,
  recordFact,
  recordRisk,
  setPolicy,
  undoDecision,
} from '../../src/workbench/decisions.ts';
import { addExhibits } from '../../src/workbench/intake.ts';
import { listOutcomes, recordOutcome } from '../../src/workbench/outcomes.ts';
import { listPersons, showPerson } from '../../src/workbench/person.ts';
import {
  auditSample,
  type QueueFilter,
  type QueueLine,
  reviewPerson,
  showQueue,
  upperShare,
} from '../../src/workbench/queue.ts';
import { adoptRules, checkRules, previewRules, showRules } from '../../src/workbench/rules.ts';
import { letter, sha256 } from '../http/fixture.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

const route = 'route sheet, marker 7\n';
const guide = 'chain care guide, printed edition\n';
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** A report in the shape of a public reporting interface; `file` is uploaded by the reported account. */
function report(number: string, reported: string, file: string, others = ''): string {
  return `<?xml version="1.0"?><testEnvelope number="${number}"><report>
  <incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>2020-01-02T03:04:05Z</incidentDateTime></incidentSummary>
  <reporter><reportingPerson><email>desk@hosting.example</email></reportingPerson></reporter>
  <personOrUserReported><espIdentifier>${reported}</espIdentifier><screenName>${reported}</screenName></personOrUserReported>${others}
  </report><fileDetails><originalFileName>a.bin</originalFileName><fileViewedByEsp>true</fileViewedByEsp><originalFileHash hashType="MD5">${md5(file)}</originalFileHash></fileDetails></testEnvelope>`;
}

const listedMail = letter({
  from: 'Anna <anna@velo.example>',
  to: 'ben@garden.example',
  subject: 'Ride',
  date: 'Sat, 5 Jan 2019 09:12:40 +0100',
  id: 'ride@velo.example',
  text: 'At eight.',
  file: { name: 'route.gpx', content: route },
});
const otherMail = (name: string, content: string) =>
  letter({
    from: `${name} <${name}@garden.example>`,
    to: 'anna@velo.example',
    subject: 'Beans',
    date: 'Mon, 7 Jan 2019 20:00:00 +0000',
    id: `${name}@garden.example`,
    text: 'Roasted.',
    file: { name: 'guide.txt', content },
  });

const evidence: Record<string, string> = {
  // The sender's and the receiver's copy of one mail are one act.
  'mail/anna.mbox': listedMail + otherMail('dora', ''),
  'mail/ben.mbox': listedMail + otherMail('ben', guide) + otherMail('carla', 'nothing of note\n'),
  'lists/list.txt': `${[route, guide, '', 'bell 1', 'bell 2', 'bell 3'].map(sha256).join('\n')}\n`,
  'lists/md5.txt': `${[route, guide, '', 'bell 1', 'bell 2', 'bell 3', 'picture 5'].map(md5).join('\n')}\n`,
  'lists/NSRLFile.txt': [
    '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"',
    ...['pump', 'lamp', guide].map(
      (text) =>
        `"${createHash('sha1').update(text).digest('hex').toUpperCase()}","${md5(text).toUpperCase()}","00000000","x.txt",9,1,"362",""`,
    ),
    '',
  ].join('\n'),
  'reports/report_1.xml': report(
    '1',
    'svc1',
    'unlisted thing',
    '<intendedRecipient><espIdentifier>rec1</espIdentifier></intendedRecipient><victim><espIdentifier>kid1</espIdentifier></victim>',
  ),
  'reports/report_2.xml': report('2', 'svc2', 'picture 5'),
  'reports/report_3.xml': report('3', 'kid1', 'picture 5'),
  'late/corrections.csv':
    'kind,reference,correction,reason,received_at\nreport,2,withdrawn,two customers confused,2020-06-02T09:00:00Z\nreport,1,amended,the time is an hour off,2020-06-02T09:00:00Z\n',
  'facts/facts.csv': [
    'service,native_id,fact,reference,officer,entered_at',
    'mail,anna@velo.example,child case,CH-1,Officer A,2020-01-06T09:00:54Z',
    'mail,anna@velo.example,access to children,F-1,Officer A,2020-01-06T09:00:54Z',
    'mail,carla@garden.example,witness to a theft,F-2,Officer A,2020-01-06T09:00:54Z',
    'mail,dora@garden.example,victim of a fraud,F-3,Officer A,2020-01-06T09:00:54Z',
    'hosting.example,svc1,accredited risk assessment,Example Tool / 2.1 / high,Officer A,2020-01-06T09:00:54Z',
    '',
  ].join('\n'),
};

let operation: Operation;
let engine: Engine;
let day = 0;
const by = (reason: string, more: Partial<By> = {}): By => ({
  reason,
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, day++)).toISOString(),
  ...more,
});
const all: QueueFilter = { limit: 500, offset: 0, band: '', review: 'all', text: '', cleared: 'hide' };

async function rebuilt(): Promise<string> {
  engine?.close();
  const { id } = await build(operation, () => {});
  engine = await openGeneration(operation);
  return id;
}
const at = (record: () => number) => operation.exclusively(async () => record());
const queue = (filter: Partial<QueueFilter> = {}) => showQueue(operation, engine, { ...all, ...filter });
async function lineOf(account: string, filter: Partial<QueueFilter> = {}): Promise<QueueLine | undefined> {
  const { queue: lines } = await queue(filter);
  return lines.find((line) => line.accounts.some((each) => each.account === account));
}
async function personOf(account: string): Promise<string> {
  const [found] = await listPersons(engine, account, 5, 0);
  return found!.person;
}

before(async () => {
  for (const [name, text] of Object.entries(evidence)) {
    fs.mkdirSync(path.dirname(path.join(folder, 'seized', name)), { recursive: true });
    fs.writeFileSync(path.join(folder, 'seized', name), text);
  }
  operation = Operation.open(path.join(folder, 'operation'), {
    actor: 'officer-1',
    now: () => '2026-01-01T00:00:00Z',
  });
  await addExhibits(operation, path.join(folder, 'seized'), { authority: null, reference: null }, () => {});
  await rebuilt();
});
after(() => {
  engine.close();
  operation.close();
});

test('a provider’s report on an own upload ranks; the victim and the recipient it names do not', async () => {
  const svc1 = (await lineOf('hosting.example/svc1'))!;
  assert.equal(svc1.band, 'C');
  const own = svc1.reasons.find(({ indicator }) => indicator === 'provider report')!;
  assert.match(
    own.text,
    /hosting\.example reported this account for its own act at 2020-01-02T03:04:05Z \(report 1\)/,
  );
  assert.match(own.against!.text, /"amended": the time is an hour off/);
  assert.equal(own.withdrawn, false);
  assert.equal(await lineOf('hosting.example/rec1'), undefined);
  assert.equal(
    await lineOf('hosting.example/kid1'),
    undefined,
    'reported elsewhere, but stated to be a victim',
  );
  assert.equal((await queue()).hidden.victims, 1);
});

test('a withdrawn report counts nothing, nor does the file in it, and both stay to be seen', async () => {
  assert.equal(await lineOf('hosting.example/svc2'), undefined);
  assert.equal((await queue()).hidden.withdrawn, 1);
  const view = await showPerson(engine, await personOf('hosting.example/svc2'));
  assert.deepEqual(
    view.reasons.map(({ indicator, withdrawn }) => [indicator, withdrawn]),
    [
      ['listed file', true],
      ['provider report', true],
    ],
  );
  assert.match(view.reasons[0]!.against!.text, /withdrawn.*two customers confused/);
});

test('a mailed file counts once however many boxes hold it; known-good speaks against; an empty file never counts', async () => {
  const anna = (await lineOf('mail/anna@velo.example'))!;
  assert.equal(anna.band, 'A');
  const files = anna.reasons.filter(({ indicator }) => indicator === 'listed file');
  assert.equal(files.length, 1);
  assert.match(files[0]!.text, /^mailed a file at 2019-01-05T08:12:40Z, by the sender that the mail names,/);
  const ben = (await lineOf('mail/ben@garden.example'))!;
  assert.match(ben.reasons[0]!.against!.text, /known-good list "NSRLFile\.txt"/);
  for (const account of ['mail/carla@garden.example', 'mail/dora@garden.example'])
    assert.equal(await lineOf(account), undefined, account);
  assert.deepEqual(anna.raise, null);
  assert.deepEqual(anna.lower, { band: 'C', indicators: ['access to children'] });
  assert.equal(anna.completeness.mail, 1);
});

test('children: from facts, from reports, from officers; the unlinked are listed too, and nobody is described', async () => {
  const before = await showChildren(operation, engine, { state: 'all', country: '', limit: 50, offset: 0 });
  const [first] = before.children;
  assert.equal(first!.case, 'CH-1');
  assert.equal(first!.proposed!.urgency, 'immediate');
  assert.match(first!.proposed!.reason, /band A.*access to children/);
  const kid = before.children.find((child) => child.own_accounts.includes('hosting.example/kid1'))!;
  assert.deepEqual(
    kid.linked.map(({ account }) => account),
    ['hosting.example/svc1'],
  );
  assert.ok(before.children.some((child) => child.own_accounts.includes('mail/dora@garden.example')));
  assert.equal(before.total, 3);

  const add = await addChild(engine, { case: ' ch-9 ', country: 'GB' });
  await at(() => add(operation, by('a call to the desk')));
  const again = await addChild(engine, { case: 'CH-1', account: 'mail/ben@garden.example', country: 'NL' });
  await at(() => again(operation, by('named by a neighbour')));
  await assert.rejects(addChild(engine, { case: 'CH-1', account: 'mail/nobody' }), { code: 'not-found' });
  const after = await showChildren(operation, engine, { state: 'open', country: '', limit: 50, offset: 0 });
  assert.equal(after.total, 4);
  const unlinked = await showChild(operation, engine, 'CH-9');
  assert.deepEqual(unlinked.linked, []);
  assert.equal(unlinked.proposed, null);
  assert.ok(unlinked.missing.some((part) => part.startsWith('identity')));
  const standard = await decideOnChild(operation, engine, kid.case, {
    kind: 'child urgency',
    value: 'standard',
  });
  await at(() => standard(by('an old report')));
  const order = (await allChildren(operation, engine)).map((child) => child.case);
  assert.ok(
    order.indexOf('CH-9') < order.indexOf(kid.case),
    'a child of whom nothing is known does not stand behind the standard ones',
  );
  const linked = await showChild(operation, engine, 'CH-1');
  assert.equal(linked.country, 'NL');
  assert.equal(linked.linked.length, 2);
  assert.ok(!linked.missing.some((part) => part.startsWith('corroboration')));
  const ben = (await lineOf('mail/ben@garden.example'))!;
  assert.equal(ben.band, 'C', 'a link to a child ranks nobody');
  assert.deepEqual(ben.children, [{ case: 'CH-1', state: 'indicated' }]);

  const state = await decideOnChild(operation, engine, 'ch-1', {
    kind: 'child state',
    value: 'safeguarded',
    details: { agency: 'Unit NL', date: '2026-01-20' },
  });
  await at(() => state(by('visited')));
  const owner = await decideOnChild(operation, engine, 'CH-9', {
    kind: 'child owner',
    value: 'Officer 4',
    details: { step: 'ask the school' },
  });
  await at(() => owner(by('on duty')));
  const safe = await showChild(operation, engine, 'CH-1');
  assert.deepEqual(
    [safe.state, safe.state_since, safe.agency, safe.missing],
    ['safeguarded', '2026-01-20', 'Unit NL', []],
  );
  assert.equal((await showChild(operation, engine, 'CH-9')).owner, 'Officer 4');
  assert.equal((await allChildren(operation, engine)).at(-1)!.case, 'CH-1');
  await assert.rejects(
    decideOnChild(operation, engine, 'CH-77', { kind: 'child urgency', value: 'urgent' }),
    { code: 'not-found' },
  );
  const wrong = await decideOnChild(operation, engine, 'CH-9', { kind: 'child state', value: 'described' });
  await assert.rejects(
    at(() => wrong(by('x'))),
    { code: 'usage' },
  );
});

test('a review holds on to accounts: it shows at once, and says when the person has grown or split', async () => {
  const anna = 'mail/anna@velo.example';
  const carla = 'mail/carla@garden.example';
  const review = await reviewPerson(operation, engine, await personOf(anna), 'cleared');
  const sequence = await at(() =>
    review(by('an old list', { marking: { grade: '4x4 a1 h1', tlp: 'AMBER' } })),
  );
  assert.equal(await lineOf(anna), undefined);
  const shown = (await lineOf(anna, { cleared: 'show' }))!;
  assert.deepEqual([shown.cleared, shown.review!.outcome, shown.review!.held], [true, 'cleared', 'whole']);
  assert.equal(shown.review!.marking!.grade, '4x4 A1 H1');
  assert.match(shown.review!.marking!.grade_words!, /not in judicial proceedings/);
  assert.deepEqual((await queue()).hidden.cleared, 1);
  assert.deepEqual((await queue()).coverage.outcomes, {
    reviewed: 0,
    referred: 0,
    cleared: 1,
    'no action': 0,
  });
  const [cleared] = await listCleared(operation, engine);
  assert.equal(cleared!.eraseAfter, '2026-04-01');
  await at(() =>
    setPolicy(operation, 'days until a cleared person is due for erasure', '10', by('our policy')),
  );
  assert.equal((await listCleared(operation, engine))[0]!.eraseAfter, '2026-01-11');

  const link = await at(() => decideLink(operation, anna, carla, 'same', by('one line')));
  await rebuilt();
  const grown = (await lineOf(anna))!;
  assert.deepEqual(
    [grown.cleared, grown.review!.held],
    [false, 'grown'],
    'nobody is hidden by half a clearance',
  );
  assert.equal((await queue()).coverage.again, 1);
  const joined = await reviewPerson(operation, engine, await personOf(anna), 'no action');
  const second = await at(() => joined(by('both accounts')));
  await at(() => undoDecision(operation, link, by('two people after all')));
  await rebuilt();
  const split = (await lineOf(anna))!;
  assert.equal(split.review!.held, 'split');
  assert.equal((await queue()).coverage.reviewed, 1);
  const standing = await showStanding(operation, engine, await personOf(carla));
  assert.ok(standing.decisions.some((each) => each.sequence === second && each.held === 'split'));
  assert.ok(standing.decisions.some((each) => each.sequence === link && each.undone !== null));
  for (const each of [second, sequence]) await at(() => undoDecision(operation, each, by('a slip')));
  await assert.rejects(
    at(() => undoDecision(operation, sequence, by('again'))),
    { code: 'usage' },
  );
  assert.equal((await lineOf(anna))!.review, null);
});

test('a category is a decision: it ranks no victim, keeps accounts apart, and undone gives the generation of before', async () => {
  const earlier = await rebuilt();
  const ben = 'mail/ben@garden.example';
  const act = await classify(operation, engine, await personOf(ben), 'victim');
  const sequence = await at(() => act(by('he was hurt')));
  const later = await rebuilt();
  assert.notEqual(later, earlier);
  assert.equal(await lineOf(ben), undefined);
  assert.ok((await allChildren(operation, engine)).some((child) => child.own_accounts.includes(ben)));
  assert.equal((await showStanding(operation, engine, await personOf(ben))).category, 'victim');
  await at(() => undoDecision(operation, sequence, by('mistaken')));
  assert.equal(await rebuilt(), earlier);
  assert.equal((await lineOf(ben))!.category, 'unclassified contact');
  const kid = await classify(operation, engine, await personOf('hosting.example/kid1'), 'suspect');
  const stated = await at(() => kid(by('an adult under a false name')));
  await rebuilt();
  assert.equal(
    (await lineOf('hosting.example/kid1'))!.band,
    'C',
    'a human’s word stands before the record’s',
  );
  assert.ok(
    (await allChildren(operation, engine)).some((child) =>
      child.own_accounts.includes('hosting.example/kid1'),
    ),
    'and takes nobody off the list of children',
  );
  await at(() => undoDecision(operation, stated, by('not so')));
  assert.equal(await rebuilt(), earlier);
});

const stricter = `name: ours
version: 1
bands:
  top: reported and assessed
  rest: everything else
rules:
  - band: top
    all:
      - provider report
      - indicator: accredited risk assessment
        tool: example tool
        results: [high]
  - band: rest
    all: [listed file]
order: [listed files]
`;

test('rules are checked, previewed without a change, adopted by decision, and rank from the next build', async () => {
  const earlier = await rebuilt();
  assert.deepEqual(checkRules('name: x').scheme, null);
  const preview = await previewRules(engine, stricter);
  assert.deepEqual(preview.persons, { now: 3, after: 3 });
  assert.equal(preview.changesBand, 3);
  assert.equal((await previewRules(engine, writeScheme(defaultScheme))).changes.length, 0);
  assert.equal(await rebuilt(), earlier, 'a preview changes nothing');
  const adopted = await at(() => adoptRules(operation, stricter, by('our tool')));
  assert.equal(showRules(operation).built, false);
  await rebuilt();
  assert.equal(showRules(operation).built, true);
  const { queue: lines, scheme } = await queue();
  assert.deepEqual(scheme, { name: 'ours', version: 1 });
  assert.deepEqual(
    lines.map(({ band, accounts }) => [band, accounts[0]!.account]),
    [
      ['top', 'hosting.example/svc1'],
      ['rest', 'mail/anna@velo.example'],
      ['rest', 'mail/ben@garden.example'],
    ],
  );
  const changes = new Map(preview.changes.map((change) => [change.person, change.to]));
  for (const { person, rank, band } of lines) assert.deepEqual(changes.get(person), { rank, band });
  await assert.rejects(
    at(() => adoptRules(operation, stricter, by('again'))),
    /in force already/,
  );
  await assert.rejects(
    at(() => adoptRules(operation, stricter.replace('order: [listed files]', 'order: []'), by('changed'))),
    /other rules are called "ours", version 1/,
  );
  await assert.rejects(
    at(() => adoptRules(operation, stricter.replace('listed file]', 'contact]'), by('x'))),
    /nothing that a rule can read/,
  );
  await at(() => undoDecision(operation, adopted, by('back to the old')));
  assert.equal(await rebuilt(), earlier);
});

test('a result of an accredited tool is kept and shown, and ranks nobody by default', async () => {
  const carla = 'mail/carla@garden.example';
  const assessment = {
    account: carla,
    tool: 'Example Tool',
    version: '2.1',
    result: 'high',
    assessor: 'Officer A',
  };
  await at(() => recordRisk(operation, assessment, by('form 12')));
  await rebuilt();
  assert.equal(await lineOf(carla), undefined);
  const [reason] = (await showPerson(engine, await personOf(carla))).reasons;
  assert.match(
    reason!.text,
    /^Example Tool 2\.1, run by Officer A, gave "high" \(form 12; entered by officer-1\)$/,
  );
  await at(() =>
    recordFact(operation, carla, 'Prior  record', by('PNC 7', { marking: { grade: '3x5x2 2bp' } })),
  );
  await rebuilt();
  const line = (await lineOf(carla))!;
  assert.equal(line.band, 'D');
  assert.deepEqual(
    line.reasons.map(({ indicator, marking }) => [indicator, marking?.grade ?? null]),
    [
      ['accredited risk assessment', null],
      ['prior record', '3x5x2 2BP'],
    ],
  );
  const exhibit = (await lineOf('mail/anna@velo.example'))!.reasons[0]!.pointer.slice(0, 16);
  await at(() => grade(operation, 'exhibit', exhibit, by('known source', { marking: { grade: '4x4 B2' } })));
  assert.equal(
    (await lineOf('mail/anna@velo.example'))!.reasons[0]!.marking!.grade_words!.split(';')[0],
    'source mostly reliable',
  );
});

test('outcomes and the board: every number opens its decisions, each child and person counts once', async () => {
  const person = await personOf('mail/anna@velo.example');
  const record = async (kind: 'arrest' | 'child safeguarded', more = {}) => {
    const act = await recordOutcome(operation, engine, person, {
      kind,
      country: 'NL',
      agency: 'Unit NL',
      date: '2026-01-31',
      ...more,
    });
    return at(() => act(by('file 8')));
  };
  const first = await record('arrest');
  const twice = await record('arrest', { date: '2026-02-01' });
  await record('child safeguarded', { case: 'ch-1' });
  await assert.rejects(record('child safeguarded'), /needs its case number/);
  await assert.rejects(record('arrest', { country: 'Holland' }), { code: 'usage' });
  await assert.rejects(record('arrest', { date: '2026-02-30' }), /no such day/);
  const board = await showBoard(operation, engine);
  assert.deepEqual(board.totals.arrests, { count: 1, decisions: [first, twice] });
  assert.equal(board.totals.children.count, 1, 'said by its state and by an outcome');
  assert.equal(board.totals.children.decisions.length, 2);
  const numbers = new Set(listDecisions(operation).map(({ sequence }) => sequence));
  const opened = JSON.stringify(board).matchAll(/"decisions":\[([\d,]+)\]/g);
  for (const [, list] of opened) for (const each of list!.split(',')) assert.ok(numbers.has(Number(each)));
  assert.deepEqual(
    board.countries.filter(({ arrests }) => arrests.count > 0).map(({ country }) => country),
    ['NL'],
  );
  await at(() => undoDecision(operation, first, by('wrong man')));
  await at(() => undoDecision(operation, twice, by('wrong man')));
  assert.equal((await showBoard(operation, engine)).totals.arrests.count, 0);
  assert.equal((await listOutcomes(operation, engine)).length, 1);
  assert.ok(board.change, 'an earlier generation was in force');
});

test('the audit sample is drawn the same for everybody, from the low half and from outside', async () => {
  const sample = await auditSample(operation, engine, 3);
  assert.deepEqual(await auditSample(operation, engine, 3), sample);
  assert.equal(sample.sample.length, Math.min(3, sample.population));
  const { queue: lines } = await queue();
  const high = new Set(lines.slice(0, Math.ceil(lines.length / 2)).map((line) => line.person));
  for (const { person } of sample.sample) assert.ok(!high.has(person));
  const act = await reviewPerson(operation, engine, sample.sample[0]!.person, 'no action');
  await at(() => act(by('nothing there')));
  const { counted } = await auditSample(operation, engine, 3);
  assert.deepEqual(counted, { reviewed: 1, referred: 0, most: 0.95 });
  // Clopper and Pearson, one-sided 95%: 0 of 59 is the smallest sample that excludes 5%.
  assert.ok(upperShare(0, 59) < 0.05 && upperShare(0, 58) > 0.05);
  assert.ok(Math.abs(upperShare(1, 10) - 0.3942) < 0.0005);
});
