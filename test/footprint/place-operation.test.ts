/** An exercise with a clock that went wrong: registry tables as exhibits, likely countries, skew, and both faces. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { generateExercise } from '../../src/exercise/generate.ts';
import type { Engine } from '../../src/store/engine.ts';
import { Operation } from '../../src/store/operation.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { excludeExhibit } from '../../src/workbench/exclude.ts';
import { listLeads } from '../../src/workbench/leads.ts';
import {
  type JurisdictionsView,
  listJurisdictions,
  listPersonsByCountry,
  type PlaceView,
  showPlace,
} from '../../src/workbench/place.ts';
import { run } from '../../src/workbench/run.ts';
import { scoreJurisdictions } from '../../src/workbench/score-jurisdictions.ts';
import { showSource } from '../../src/workbench/source.ts';
import { listClockSkew } from '../../src/workbench/timeline.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
const exercise = path.join(folder, 'exercise');
const place = path.join(folder, 'operation');
let operation: Operation;
let engine: Engine;

before(async () => {
  await generateExercise(exercise, { members: 80, seed: 11, faults: ['clock skew'] });
  operation = Operation.open(place, { actor: 'tester' });
  await run(operation, path.join(exercise, 'evidence'), { authority: null, reference: null }, () => {});
  engine = await openGeneration(operation);
});
after(() => {
  engine?.close();
  operation?.close();
  remove();
});

test('the week of the log whose clock ran ahead is the only one that differs', async () => {
  const skews = await listClockSkew(engine);
  const logs = skews.filter(({ basis }) => basis === 'board and web log');
  const differing = skews.filter(({ standing }) => standing === 'differs');
  const [planted] = JSON.parse(fs.readFileSync(path.join(exercise, 'truth/faults.json'), 'utf8')) as [
    { files: string[]; seconds: number },
  ];
  assert.deepEqual(
    differing.map((each) => [each.path, each.median_seconds]),
    [[path.basename(planted.files[0]!), planted.seconds]],
  );
  assert.ok(logs.length > 50);
  const [sample] = differing[0]!.samples;
  const source = await showSource(operation, sample!.source);
  const reference = await showSource(operation, sample!.reference);
  assert.match(source.bytes.toString(), /"POST /);
  assert.ok(reference.bytes.length > 0);
});

test('most persons have a likely country, and nearly all of those are right', async () => {
  const score = await scoreJurisdictions(engine, path.join(exercise, 'truth'));
  assert.ok(score.persons > 50);
  assert.ok(score.coverage >= 0.9, `coverage ${score.coverage}`);
  assert.ok(score.precision >= 0.95, `precision ${score.precision}`);
  assert.ok(score.amongThree >= score.coverage * score.precision);
});

test('every person stands once: under a country or under "not known"', async () => {
  const view: JurisdictionsView = await listJurisdictions(engine);
  const [counted] = await engine.rows<{ persons: number }>(
    'select count(distinct person) as persons from person',
  );
  assert.equal(view.persons, counted!.persons);
  assert.equal(
    view.countries.reduce((sum, { persons }) => sum + persons, view.not_known),
    counted!.persons,
  );
  let listed = 0;
  for (const { country, persons } of [...view.countries, { country: 'unknown', persons: view.not_known }]) {
    const list = await listPersonsByCountry(engine, country, 500, 0);
    assert.equal(list.persons.length, persons, country);
    listed += persons;
  }
  assert.equal(listed, counted!.persons);
  await assert.rejects(listPersonsByCountry(engine, 'Atlantis', 1, 0), /no country code/);
});

test('a likely country shows its evidence, what speaks against it, and the very bytes', async () => {
  const { countries } = await listJurisdictions(engine);
  let withAlternatives = 0;
  for (const { country } of countries) {
    const { persons } = await listPersonsByCountry(engine, country, 500, 0);
    for (const { person } of persons) {
      const view: PlaceView = await showPlace(engine, person);
      assert.equal(view.candidates[0]!.country, country);
      for (const reason of view.evidence) assert.ok(reason.pointers.length > 0, reason.text);
      if (view.candidates.length === 1) continue;
      withAlternatives++;
      assert.ok(view.candidates[0]!.against.length > 0);
      assert.ok(view.candidates[1]!.against.some((reason) => reason.country === country));
    }
  }
  assert.ok(withAlternatives > 0);
  const { persons } = await listPersonsByCountry(engine, countries[0]!.country, 1, 0);
  const view = await showPlace(engine, persons[0]!.person);
  const line = view.evidence.find(({ kind, score }) => kind === 'line' && score > 0)!;
  assert.match(line.against.join(' '), /the registry's table is up to \d+ days (older|younger) than the use/);
  const registry = await showSource(operation, line.pointers[1]!);
  assert.match(registry.bytes.toString(), new RegExp(`^exercise\\|${line.country}\\|ipv[46]\\|`));
});

test('a request about an address says whom the registry names, how far its day is, and where that stands', async () => {
  const { leads } = await listLeads(engine, '', 500, 0);
  const addresses = leads.filter(({ kind }) => kind === 'address');
  const named = addresses.filter(({ provider_basis }) => provider_basis.includes('the table of exercise of'));
  assert.ok(named.length > 0);
  for (const { provider_basis } of named) {
    assert.match(provider_basis, /\d{4}-\d\d-\d\d \((the day of|\d+ (days?|years) (before|after)) the use/);
    assert.match(provider_basis, /gives the block to .*[A-Z]{2}$/);
  }
  const row = await showSource(operation, named[0]!.pointers.at(-1)!);
  assert.match(
    row.bytes.toString(),
    new RegExp(`^exercise\\|${named[0]!.provider_basis.slice(-2)}\\|ipv[46]\\|`),
  );
});

test('what habits tell is scored against the clocks that the exercise gave its people', async () => {
  const { habits } = await scoreJurisdictions(engine, path.join(exercise, 'truth'));
  assert.ok(habits.enough > 0 && habits.told <= habits.enough && habits.within <= habits.told);
  assert.ok(habits.told === 0 || (habits.claimed >= 0.8 && habits.claimed <= 1 && habits.medianHours <= 9));
});

test('the command line tells the same', () => {
  const told = waymark('jurisdictions', '--operation', place, '--json').json<JurisdictionsView>();
  assert.ok(told.countries.length > 3);
  const text = waymark('jurisdictions', '--operation', place).stdout;
  assert.match(text, /not known/);
  const list = waymark('jurisdictions', told.countries[0]!.country, '--operation', place, '--json');
  const { person } = list.json<{ persons: { person: string }[] }>().persons[0]!;
  const shown = waymark('persons', 'place', person, '--operation', place);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /A proposal, not a fact/);
  const skew = waymark('timeline', 'skew', '--operation', place);
  assert.match(skew.stdout, /437 s ahead/);
  assert.match(skew.stdout, /No time was changed/);
  for (const verb of [
    ['timeline', 'show', person],
    ['timeline', 'untimed'],
    ['timeline', 'histogram', person, '--by', 'month'],
    ['timeline', 'habits', person],
  ]) {
    const outcome = waymark(...verb, '--operation', place);
    assert.equal(outcome.code, 0, outcome.stderr);
  }
});

test('without the registry exhibit its evidence falls, and what remains is said', async () => {
  const [row] = operation.state.all<{ id: string }>("select id from exhibit where reader = 'registry'");
  await excludeExhibit(operation, row!.id, 'the table is of another registry', () => {});
  const bare = await openGeneration(operation);
  try {
    const rows = await bare.rows<{ kind: string }>("select kind from place_evidence where kind = 'line'");
    assert.deepEqual(rows, []);
    const score = await scoreJurisdictions(bare, path.join(exercise, 'truth'));
    assert.ok(score.persons > 50);
    assert.ok(score.answered < score.persons);
  } finally {
    bare.close();
  }
});
