import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browserMissing, openPage, textOf, until } from '../support/browser.ts';
import { asked, assertAccessible, assertQuiet, goTo, openTraining, type Training } from './training.ts';

let training: Training;
const skip = browserMissing;

before(async () => {
  if (!skip) training = await openTraining();
});

after(async () => {
  if (!skip) await training.close();
});

test('from any view to a hit by the keyboard, narrowed by a facet, read by a deliberate act', {
  skip,
}, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  await goTo(training, watched, '/board', 'main h1');
  await page.keyboard.press('/');
  await page.locator('#search-query').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('garden kind:message');
  const before = training.operation.readLedger().size;
  await page.keyboard.press('Enter');
  await page.locator('.hits li').first().waitFor();
  assert.match(page.url(), /\/search\?q=garden/);
  assert.equal(training.operation.readLedger().size, before + 1, 'a search is an act, once');
  const total = Number((await textOf(page.locator('.sums strong'))).replace(/\D/g, ''));
  assert.ok(total > 10, `${total} hits`);
  assert.equal(await page.locator('.hits li').count(), Math.min(50, total));
  assert.equal(await page.locator('pre.text').count(), 0, 'text stands closed');
  assert.match(await textOf(page.locator('.hits mark').first()), /garden/i);
  const channel = page.getByRole('region', { name: 'Channel' });
  const counts = (await channel.locator('.count').allTextContents()).map((text) =>
    Number(text.replaceAll(',', '')),
  );
  assert.equal(
    counts.reduce((sum, each) => sum + each, 0),
    total,
    'the facet adds up',
  );

  await channel.getByRole('button').first().click();
  await until(async () => (await channel.locator('.facet[aria-pressed=true]').count()) === 1);
  const narrowed = Number((await textOf(page.locator('.sums strong'))).replace(/\D/g, ''));
  assert.equal(narrowed, counts[0]);
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('.hits li').first().waitFor();
  assert.equal(Number((await textOf(page.locator('.sums strong'))).replace(/\D/g, '')), narrowed);
  assert.equal(await page.locator('#search-query').inputValue(), new URL(address).searchParams.get('q'));

  await page.getByRole('button', { name: 'Show more hits' }).click();
  await until(async () => (await page.locator('.hits li').count()) > 50);
  assert.match(page.url(), /pages=2/);
  const read = training.operation.readLedger().size;
  await page.getByRole('button', { name: 'Show text of the message' }).first().click();
  await page.locator('pre.text').waitFor();
  assert.equal(training.operation.readLedger().size, read + 1, 'reading is recorded');
  assert.match(await textOf(page.locator('pre.text')), /garden/i);
  await assertQuiet(training, watched);
  await context.close();
});

test('a query that is not understood says why; one without hits says what that means', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  await goTo(training, watched, '/search?q=%22open', '.problem, .empty, .hits');
  await goTo(training, watched, '/search?q=zzzyyyxxx', '.empty');
  assert.match(await textOf(page.locator('.empty')), /does not mean that nothing exists/);
  await context.close();
});

test('a list of selectors: every line is counted once', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { hits } = await asked<{ hits: { shown: string | null }[] }>(
    training,
    watched,
    '/api/search?q=kind:selector+mail&limit=1',
  ).catch(() => ({ hits: [] }));
  await goTo(training, watched, '/search?tab=list', '#selector-list');
  const known = hits[0]?.shown ?? '198.18.0.42';
  await page.locator('#selector-list').fill(`${known}\n${known}\n\nnobody.at.all@nowhere.example\n`);
  await page.getByRole('button', { name: 'Look them up' }).click();
  await page.locator('.sums').waitFor();
  assert.equal(await page.getByText('does not add up').count(), 0);
  assert.match(await textOf(page.locator('.sums')), /4 lines = .*1 twice/);
  assert.match(await textOf(page.locator('main')), /nobody\.at\.all@nowhere\.example/);
  const file = { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(`value,kind\n${known},\n`) };
  await page.locator('input[type=file]').setInputFiles(file);
  await until(async () => (await page.locator('#selector-list').inputValue()).startsWith('value,kind'));
  await assertQuiet(training, watched);
  await context.close();
});

test('a saved search is kept, run, seen and removed', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  await goTo(training, watched, '/search?q=garden', '.hits li');
  await page.getByRole('button', { name: 'Save this search' }).click();
  await page.getByLabel('Name').fill('gardens');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('link', { name: 'Saved searches' }).click();
  await page.getByRole('link', { name: 'gardens' }).waitFor();
  assert.match(await textOf(page.locator('tbody tr')), /garden/);
  await page.getByRole('button', { name: 'Mark the saved search as seen' }).click();
  await until(async () => /\d{4}-\d\d-\d\d \d\d:\d\d/.test(await textOf(page.locator('tbody tr'))));
  await page.getByRole('button', { name: 'Remove the saved search' }).click();
  await page.getByText('None yet').waitFor();
  await assertQuiet(training, watched);
  await context.close();
});

test('axe finds nothing in the search', { skip, timeout: 240_000 }, async () => {
  await assertAccessible(training, [
    ['/search?q=garden', '.hits li'],
    ['/search?q=zzzyyyxxx', '.empty'],
    ['/search?tab=list', '#selector-list'],
    ['/search?tab=saved', '.empty'],
  ]);
});
