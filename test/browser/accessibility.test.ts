import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { browserMissing, openPage } from '../support/browser.ts';
import { type Bench, openBench } from './desk.ts';

let bench: Bench;
const skip = browserMissing;

before(async () => {
  if (skip) return;
  bench = await openBench();
  await decide();
});

/** Acts, so that the views of decisions have something to show: a child on the list, and two reviews of one person. */
async function decide(): Promise<void> {
  const { page, context } = await openPage(bench.browser, bench.served.url);
  const act = async (route: string, data: unknown) => {
    const headers = { Origin: bench.served.origin };
    const response = await page.request.post(`${bench.served.origin}${route}`, { data, headers });
    assert.equal(response.status(), 200, route);
  };
  const { queue } = await (await page.request.get(`${bench.served.origin}/api/queue`)).json();
  const person = `/api/persons/${queue[0].person}`;
  await act('/api/children', { case: 'CH-9', country: 'NL', urgency: 'urgent', reason: 'named in a letter' });
  await act(`${person}/review`, {
    outcome: 'referred',
    reason: 'handed to the unit',
    grade: '3x5x2 2BP',
    tlp: 'AMBER',
  });
  await act('/api/decisions/1/undo', { reason: 'another number' });
  await act('/api/children', { case: 'CH-9', reason: 'named in a second letter' });
  await context.close();
}

after(async () => {
  if (!skip) await bench.close();
});

/** Every view, with something that must be there before it is judged. */
async function viewsOf(): Promise<[string, string][]> {
  const { engines } = bench.served.desk;
  const [person] = await engines.use((engine) =>
    engine.rows<{ person: string; pointer: string }>(
      `select q.person, m.pointer from queue q, (select min(pointer_of(exhibit, source_path, source_offset, source_length))
       as pointer from message) m order by q.rank limit 1`,
    ),
  );
  const exhibit = person!.pointer.slice(0, 16);
  return [
    ['/board', '#countries'],
    ['/queue', 'table.queue'],
    ['/queue?lane=audit', '.windowed'],
    ['/queue?text=nobody+at+all', '.empty'],
    ['/children?state=all', '.windowed'],
    ['/children?state=located', '.empty'],
    ['/children/CH-9', '#history'],
    ['/pairs', '.sides'],
    ['/rules', '#indicators'],
    ['/decisions', '.links'],
    ['/persons', 'table'],
    ['/persons?text=nobody+at+all', '.empty'],
    [`/persons/${person!.person}`, '.waterfall'],
    ['/persons/person-0', '.problem'],
    ['/exhibits', '#unread'],
    [`/exhibits/${exhibit}`, '#exclude'],
    [`/source?pointer=${encodeURIComponent(person!.pointer)}`, '.hex'],
    ['/ledger', '.check'],
    ['/no-such-view', 'main h1'],
  ];
}

test('axe finds nothing in any state of a view: dialogs, forms, nothing found, not there', {
  skip,
}, async () => {
  const { page, context } = await openPage(bench.browser, bench.served.url);
  const judge = async (what: string) => {
    const { violations, passes } = await page.evaluate<axe.AxeResults>(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    assert.deepEqual(found, [], what);
    assert.ok(passes.length > 15, `${what}: ${passes.length} rules passed`);
  };
  for (const [view, ready] of await viewsOf()) {
    await page.goto(`${bench.served.origin}${view}`);
    await page.locator(ready).first().waitFor();
    await page.evaluate(axe.source);
    await judge(view);
    if (view.startsWith('/source')) {
      await page.getByRole('button', { name: 'Show text' }).click();
      await page.locator('pre.text').waitFor();
      await judge(`${view}, text shown`);
    }
    if (view === '/rules') {
      await page.getByRole('button', { name: 'Check and try' }).click();
      await page.locator('.preview').waitFor();
      await judge(`${view}, tried`);
    }
    if (view.startsWith('/persons/person-') && ready === '.waterfall') {
      for (const each of await page.locator('.acts summary').all()) await each.click();
      await judge(`${view}, forms open`);
    }
    if (view === '/queue') {
      await page.keyboard.press('j');
      await judge(`${view}, a row chosen`);
      await page.keyboard.press('?');
      await judge(`${view}, keys`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('r');
      await page.getByRole('dialog', { name: 'Review' }).waitFor();
      await judge(`${view}, review`);
      await page.keyboard.press('Escape');
      await page.keyboard.press(':');
      await page.keyboard.type('a');
      await judge(`${view}, palette`);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Display and reading' }).click();
      await judge(`${view}, display`);
    }
  }
  await context.close();
});

test('axe would find something: a button without a name is found', { skip }, async () => {
  const { page, context } = await openPage(bench.browser, bench.served.url);
  await page.locator('table.queue').waitFor();
  await page.evaluate(`document.querySelector('main').append(document.createElement('button'))`);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  const found = violations.map(({ id }) => id);
  assert.ok(found.includes('button-name'));
  await context.close();
});

test('at 320 pixels of width nothing is cut off but tables, which scroll by themselves', {
  skip,
}, async () => {
  const { page, context } = await openPage(bench.browser, bench.served.url, { width: 320, height: 640 });
  for (const [view, ready] of await viewsOf()) {
    await page.goto(`${bench.served.origin}${view}`);
    await page.locator(ready).first().waitFor();
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${view}: ${overflow} pixels too wide`);
  }
  await context.close();
});
