import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { z } from '@hono/zod-openapi';
import { placeEndpoints } from '../../src/http/contract/place.ts';
import { timelineEndpoints } from '../../src/http/contract/timeline.ts';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;

before(async () => {
  fixture = await makeOperation();
  client = new TestClient(fixture.operation);
});

after(() => {
  assert.deepEqual(client.faults, [], 'no request made Waymark itself fail');
  client.close();
  fixture.remove();
});

/** The answer, held to the schema to the last field. */
async function answer(path: string, schema: z.ZodType) {
  const response = await client.get(path);
  assert.equal(response.status, 200, path);
  const body = await json(response);
  assert.deepEqual(schema.parse(body), body, path);
  return body;
}

test('the timeline goes on page by page, and its histogram counts the same', async () => {
  const { showTimeline, listUntimed, showHistogram } = timelineEndpoints;
  const whole = await answer('/api/timeline?limit=500', showTimeline.gives);
  const entries = [];
  let next = '';
  do {
    const page = await answer(`/api/timeline?limit=3${next}`, showTimeline.gives);
    entries.push(...page.entries);
    next = page.next === null ? '' : `&after=${page.next}`;
  } while (next !== '');
  assert.ok(entries.length > 3);
  assert.deepEqual(entries, whole.entries);
  const histogram = await answer('/api/timeline/histogram?by=week&split=exhibit', showHistogram.gives);
  assert.equal(histogram.total, entries.length);
  const untimed = await answer('/api/timeline/untimed', listUntimed.gives);
  assert.equal(untimed.total, whole.untimed);
});

test('every person has habits and a place, if only "cannot tell" and "not known"', async () => {
  const { persons } = await json(await client.get('/api/persons?limit=500'));
  assert.ok(persons.length > 0);
  for (const { person } of persons) {
    const habits = await answer(`/api/persons/${person}/habits`, timelineEndpoints.showHabits.gives);
    assert.equal(
      habits.hours.reduce((sum: number, count: number) => sum + count, 0),
      habits.events,
    );
    const place = await answer(`/api/persons/${person}/place`, placeEndpoints.showPlace.gives);
    assert.equal(place.person, person);
    assert.ok(place.why.length > 0);
  }
  const counts = await answer('/api/jurisdictions', placeEndpoints.listJurisdictions.gives);
  assert.equal(counts.persons, persons.length);
  const unknown = await answer(
    '/api/jurisdictions/persons?country=unknown',
    placeEndpoints.listPersonsByCountry.gives,
  );
  assert.equal(unknown.persons.length, counts.not_known);
});

test('clocks are compared, and what is asked wrongly is refused', async () => {
  await answer('/api/timeline/skew', timelineEndpoints.listClockSkew.gives);
  for (const [path, status] of [
    ['/api/timeline?persons=person-nobody', 404],
    ['/api/timeline?after=nonsense', 400],
    ['/api/timeline?from=yesterday', 400],
    ['/api/timeline?from=2019-02-31', 400],
    ['/api/timeline?exhibit=..%2F..', 400],
    ['/api/timeline?limit=501', 400],
    ['/api/timeline/histogram?by=fortnight', 400],
    [`/api/timeline?persons=${Array.from({ length: 51 }, (_, n) => `p${n}`).join(',')}`, 413],
    ['/api/persons/person-nobody/habits', 404],
    ['/api/persons/person-nobody/place', 404],
    ['/api/jurisdictions/persons?country=QQ', 400],
    ['/api/jurisdictions/persons?country=Holland', 400],
  ] as const)
    assert.equal((await client.get(path)).status, status, path);
});
