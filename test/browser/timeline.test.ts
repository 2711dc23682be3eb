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

interface Counts {
  readonly total: number;
  readonly buckets: readonly { readonly name: string; readonly events: number }[];
}

test('kinds, sources, brush and selection: all of it in the address', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  await goTo(training, watched, '/timeline', '.columns-drawing .column');
  const counts = await asked<Counts>(training, watched, '/api/timeline/histogram?by=month&split=kind');
  const chips = page.locator('fieldset.chips').first().locator('.chip .count');
  const shown = (await chips.allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  assert.equal(
    shown.reduce((sum, each) => sum + each, 0),
    counts.total,
    'the chips add up',
  );
  await page.getByRole('button', { name: /^private message/ }).click();
  await until(async () => page.url().includes('kinds=private'));
  const kind = page.locator('tbody tr th').filter({ hasText: /private message/ });
  await until(async () => (await kind.count()) === (await page.locator('tr[class] th').count()));

  const before = await page.locator('.columns-drawing .column').count();
  const box = (await page.locator('.columns-drawing').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 3 });
  await page.mouse.up();
  await until(async () => /from=.*to=/.test(page.url()));
  await page.getByText('Whole time').waitFor();
  assert.ok(before > 1);
  const row = page
    .locator('table tbody tr')
    .filter({ has: page.locator('.source') })
    .nth(1);
  await row.locator('.source').focus();
  await until(async () => /at=.*time=\d+/.test(page.url()));
  await page.locator('.columns-drawing .column.chosen').waitFor();
  const address = page.url();
  const pointed = await textOf(page.locator('tr.chosen'));
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('tr.chosen').waitFor();
  assert.equal(await textOf(page.locator('tr.chosen')), pointed);
  await page.locator('.columns-drawing .column.chosen').waitFor();
  assert.equal(await page.locator('.chip[aria-pressed=true]').count(), 1);

  const ledger = training.operation.readLedger().size;
  await page.getByRole('button', { name: 'Show text of the event' }).click();
  await page.locator('pre.text').waitFor();
  assert.equal(training.operation.readLedger().size, ledger + 1, 'reading is recorded');
  await assertQuiet(training, watched);
  await context.close();
});

test('the brush by keyboard, and a person added and taken out', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { persons } = await asked<{ persons: { person: string; handles: string[] }[] }>(
    training,
    watched,
    '/api/persons',
  );
  await goTo(training, watched, '/timeline', '.columns-drawing .column');
  await page.keyboard.press('/');
  await page.keyboard.type(persons[0]!.person);
  await page.keyboard.press('Enter');
  await page.locator('.matches button').first().click();
  await until(async () => page.url().includes(`persons=${persons[0]!.person}`));
  await page.locator('.person-chips .chip').waitFor();
  const last = page.getByRole('slider', { name: 'to' });
  await last.waitFor();
  const columns = await page.locator('.columns-drawing .column').count();
  await last.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await until(async () => /from=.*to=/.test(page.url()));
  await until(async () => (await page.locator('.columns-drawing .column').count()) !== columns);
  await page.getByRole('button', { name: `Take out ${persons[0]!.person}` }).click();
  await until(async () => !page.url().includes('persons='));
  await assertQuiet(training, watched);
  await context.close();
});

test('events without a time, and clocks that are shown and never applied', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { total } = await asked<{ total: number }>(training, watched, '/api/timeline/untimed');
  await goTo(training, watched, '/timeline?tab=untimed', 'tbody tr');
  assert.ok(total > 0);
  assert.match(await textOf(page.locator('main')), new RegExp(`${total} events? whose time`));
  assert.match(await textOf(page.locator('tbody tr').first()), /UTC not fixed|not stated/);
  const { skews } = await asked<{ skews: unknown[] }>(training, watched, '/api/timeline/skew');
  await goTo(training, watched, '/timeline?tab=clocks', 'tbody tr');
  assert.equal(await page.locator('tbody tr').count(), Math.min(50, skews.length));
  assert.match(await textOf(page.locator('main')), /never applied/);
  await assertQuiet(training, watched);
  await context.close();
});

test('axe finds nothing in the timeline', { skip, timeout: 240_000 }, async () => {
  await assertAccessible(training, [
    ['/timeline?tab=untimed', 'tbody tr'],
    ['/timeline?tab=clocks', 'tbody tr'],
  ]);
});
