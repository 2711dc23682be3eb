import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browserMissing, openPage } from '../support/browser.ts';
import { listedPlaces } from './places.ts';
import { asked, assertAccessible, assertQuiet, goTo, openTraining, type Training } from './training.ts';

/**
 * What holds for every view that the page lists, also for one that is added tomorrow: the list is read from the
 * page's source. A view that shows one thing of many needs an example of it here.
 */
let training: Training;
const skip = browserMissing;
const places = listedPlaces();

before(async () => {
  if (skip) return;
  training = await openTraining();
  await decide();
});

after(async () => {
  if (!skip) await training.close();
});

/** Something for every view to show: a child, a review, notes, a saved search. */
async function decide(): Promise<void> {
  const { page, context } = await openPage(training.browser, training.served.url);
  const { origin } = training.served;
  const act = async (route: string, data: unknown) => {
    const response = await page.request.post(`${origin}${route}`, { data, headers: { Origin: origin } });
    assert.equal(response.status(), 200, `${route} ${await response.text()}`);
  };
  const { queue } = await (await page.request.get(`${origin}/api/queue`)).json();
  const { entries } = await (await page.request.get(`${origin}/api/timeline?limit=5`)).json();
  const person = `/api/persons/${queue[0].person}`;
  await act('/api/children', { case: 'CH-9', country: 'NL', urgency: 'urgent', reason: 'named in a letter' });
  await act(`${person}/review`, { outcome: 'reviewed', reason: 'read', tlp: 'AMBER' });
  await act(`${person}/notes`, { kind: 'star' });
  await act(`${person}/notes`, { kind: 'tag', tag: 'spring' });
  for (const { pointer } of entries)
    await act('/api/notes', { pointer, kind: 'comment', text: 'see the garden plan' });
  await act('/api/searches', { name: 'bells', query: 'bell' });
  await context.close();
}

interface Sample {
  /** What stands behind the place in an address that shows one thing of it. */
  readonly id?: string;
  /** What a view without filters needs in its address to show something. */
  readonly query?: string;
  /** What must be there before it is judged; its heading otherwise. */
  readonly ready?: string;
  readonly readyOne?: string;
}

async function samples(): Promise<Record<string, Sample>> {
  const watched = await openPage(training.browser, training.served.url);
  const { queue } = await asked<{ queue: { person: string }[] }>(training, watched, '/api/queue');
  const { exhibits } = await asked<{ exhibits: { id: string }[] }>(training, watched, '/api/exhibits');
  const { entries } = await asked<{ entries: { pointer: string }[] }>(training, watched, '/api/timeline');
  await watched.context.close();
  return {
    board: { ready: '#countries' },
    queue: { ready: 'table.queue [data-item]' },
    children: { id: 'CH-9', ready: '.windowed', readyOne: '#history' },
    persons: { id: queue[0]!.person, ready: '.windowed [data-item]', readyOne: '#timeline .columns' },
    pairs: { ready: '.sides' },
    network: { ready: 'tbody tr' },
    timeline: { ready: '.columns-drawing .column' },
    places: { ready: '.drawing.world' },
    search: { query: '?q=garden', ready: '.hits li' },
    'hand-offs': { ready: '.stories' },
    leads: { ready: 'pre.draft, .empty' },
    notes: { ready: '.windowed [data-item]' },
    files: { ready: 'tbody tr' },
    exhibits: { id: exhibits[0]!.id, ready: 'tbody tr' },
    source: { query: `?pointer=${encodeURIComponent(entries[0]!.pointer)}`, ready: '.hex' },
    rules: { ready: '#indicators' },
    decisions: { ready: '.links' },
    ledger: { ready: '.check' },
  };
}

/** The addresses of all views, each with what must be there. */
async function views(): Promise<[view: string, ready: string][]> {
  const known = await samples();
  return places.flatMap(({ place, page, one }) => {
    const { id, query = '', ready = 'main h1', readyOne = 'main h1' } = known[place] ?? {};
    if (one) assert.ok(id !== undefined, `an example of ${place} is needed here`);
    return [
      ...(page ? [[`/${place}${query}`, ready] as [string, string]] : []),
      ...(one ? [[`/${place}/${id}`, readyOne] as [string, string]] : []),
    ];
  });
}

test('the list of views is read whole', { skip }, async () => {
  assert.ok(places.length >= 18, `${places.length} views`);
  assert.equal(new Set(places.map(({ place }) => place)).size, places.length);
  assert.ok(places.every(({ page, one }) => page || one));
});

test('axe finds nothing in any view, light and dark, and none is wider than 320 pixels', {
  skip,
  timeout: 1_200_000,
}, async () => {
  await assertAccessible(training, await views());
});

test('every view opens from its address, complains of nothing and asks nobody else', {
  skip,
  timeout: 600_000,
}, async () => {
  const watched = await openPage(training.browser, training.served.url);
  await watched.page.evaluate(`localStorage.setItem('waymark-settings', '{"language":"de"}')`);
  for (const [view, ready] of await views()) {
    await goTo(training, watched, view, ready);
    assert.equal(await watched.page.evaluate('document.documentElement.lang'), 'de', view);
    assert.notEqual(await watched.page.title(), '', view);
    const left = await watched.page.evaluate<string[]>(
      `[...document.body.textContent.matchAll(/\\{\\w+\\}/g)].map(([text]) => text)`,
    );
    assert.deepEqual(left, [], `${view}: every blank is filled in`);
  }
  await assertQuiet(training, watched);
  await watched.context.close();
});

test('on paper: a person and the board without buttons, with their sources', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page } = watched;
  await page.emulateMedia({ media: 'print' });
  const { queue } = await asked<{ queue: { person: string }[] }>(training, watched, '/api/queue');
  for (const [view, ready] of [
    ['/board', '#countries'],
    [`/persons/${queue[0]!.person}`, '#timeline .columns'],
  ] as const) {
    await page.goto(`${training.served.origin}${view}`);
    await page.locator(ready).first().waitFor({ state: 'attached', timeout: 20_000 });
    assert.equal(await page.locator('main button:visible').count(), 0, `${view}: no button`);
    assert.equal(await page.locator('.rail:visible').count(), 0, `${view}: no list of views`);
  }
  const first = page.locator('#reasons .on-paper').first();
  assert.ok(await first.isVisible(), 'a source can be cited from paper');
  assert.match((await first.textContent()) ?? '', /^ *[0-9a-f]{16}.*@\d+\+\d+$/);
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
  await page.emulateMedia({ media: 'screen' });
  assert.ok(!(await first.isVisible()));
  await watched.context.close();
});
