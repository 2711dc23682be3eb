import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { ensureWebBuilt } from '../../src/http/web-assets.ts';
import { browserMissing, openPage, textOf, until, type WatchedPage } from '../support/browser.ts';
import { type Bench, openBench } from './desk.ts';

let bench: Bench;
const skip = browserMissing;

before(async () => {
  if (!skip) bench = await openBench();
});

after(async () => {
  if (!skip) await bench.close();
});

const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent');

/** Nothing complained, nothing was stopped, nothing left this machine. */
async function assertQuiet({ complaints, requests, violations }: WatchedPage): Promise<void> {
  assert.deepEqual(complaints, []);
  assert.deepEqual(await violations(), []);
  assert.deepEqual(bench.faults, []);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(`${bench.served.origin}/`)),
    [],
  );
}

test('from the queue to a decision on a person with the keyboard alone', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { keyboard } = page;
  await page.locator('table.queue').waitFor();
  await keyboard.press('j');
  await until(async () => (await focused(page)) === 'Anna Lind');
  await keyboard.press('x');
  await page.getByText('1 selected').first().waitFor();
  await until(async () => /picked=person-[0-9a-f]{12}/.test(page.url()) && /row=1/.test(page.url()));
  await keyboard.press('x');

  const before = bench.fixture.operation.readLedger().size;
  await keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Review' });
  await dialog.waitFor();
  assert.equal(await dialog.locator('input:checked').count(), 0, 'nothing is chosen beforehand');
  assert.ok(await dialog.getByRole('button', { name: 'Record the review' }).isDisabled());
  await keyboard.press('Space');
  await keyboard.press('ArrowRight');
  await keyboard.press('Tab');
  await keyboard.type('read both mails, handed to the unit');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(bench.fixture.operation.readLedger().size, before + 1);
  await page.getByText('1 of 3 reviewed').waitFor();
  assert.match(await textOf(page.locator('table.queue tbody tr').first()), /referred/);
  await until(async () => (await focused(page)) === 'Anna Lind');

  await keyboard.press('Enter');
  await page.locator('#standing').getByText('read both mails, handed to the unit').waitFor();
  await page.goBack();
  await page.locator('table.queue').waitFor();
  await until(async () => (await focused(page)) === 'Anna Lind');
  await assertQuiet(watched);
  await context.close();
});

test('a view opens from its address as it was left', { skip }, async () => {
  const { page, context } = await openPage(bench.browser, bench.served.url);
  await page.goto(`${bench.served.origin}/queue?text=dora&row=1`);
  await until(async () => (await focused(page)) === 'Dora');
  assert.equal(await page.locator('table.queue tbody tr').count(), 1);
  assert.equal(await page.locator('[data-filter]').inputValue(), 'dora');
  await context.close();
});

test('a queue of thousands draws what is in sight and counts what is not', { skip }, async () => {
  const { page, context } = await openPage(bench.browser, bench.served.url);
  await page.locator('table.queue').waitFor();
  const real = await (await page.request.get(`${bench.served.origin}/api/queue?limit=1`)).json();
  const asked: number[] = [];
  await page.route('**/api/queue?*', (route) => {
    const { searchParams } = new URL(route.request().url());
    const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
    asked.push(offset);
    const queue = Array.from({ length: Math.min(limit, 6000 - offset) }, (_, i) => ({
      ...real.queue[0],
      person: `person-${offset + i}`,
      rank: offset + i + 1,
    }));
    return route.fulfill({ json: { ...real, queue, total: 6000, more: offset + limit < 6000 } });
  });
  await page.reload();
  const table = page.locator('table.queue');
  await table.waitFor();
  assert.equal(await table.getAttribute('aria-rowcount'), '6001');
  const drawn = await table.locator('tbody tr').count();
  assert.ok(drawn > 5 && drawn < 80, `${drawn} rows are drawn`);
  assert.deepEqual(asked, [0], 'one page is asked for');
  await page.evaluate(`document.querySelector('.windowed').scrollTop = 1e9`);
  await page.locator('[aria-rowindex="6001"]').getByText('6000', { exact: true }).waitFor();
  assert.ok(asked.includes(5800) && asked.length < 5, `${asked} were asked for`);
  await page.evaluate(`document.querySelector('.windowed').scrollTop = 0`);
  await page.locator('[aria-rowindex="2"]').waitFor();
  for (let i = 0; i < 30; i++) await page.keyboard.press('j');
  await until(() =>
    page.evaluate<boolean>(`document.activeElement.closest('tr')?.getAttribute('aria-rowindex') === '31'`),
  );
  await context.close();
});

test('a pair is judged by y, its reason and Enter; what Waymark made of it is shown only then', {
  skip,
}, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { keyboard } = page;
  await page.locator('table.queue').waitFor();
  await keyboard.press('g');
  await keyboard.press('r');
  await page.locator('.sides').waitFor();
  const hidden = await textOf(page.locator('main'));
  assert.match(hidden, /hidden until you have judged/);
  assert.doesNotMatch(hidden, /\d bits|investigative score/);
  await keyboard.press('y');
  await keyboard.type('the same name signs both');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await page.locator('.waterfall').waitFor();
  const shown = await textOf(page.locator('.judge'));
  assert.match(shown, /same person.*the same name signs both/s);
  assert.match(shown, /proposed from \d/);
  assert.ok((await page.locator('.waterfall .source').count()) > 0, 'each piece opens its sources');
  await assertQuiet(watched);
  await context.close();
});

test('a child is put on the list and moved on; the open ones are counted in every view', {
  skip,
}, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { keyboard } = page;
  const counted = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Children/ });
  await page.locator('table.queue').waitFor();
  await page.getByText('0 open').waitFor();
  await keyboard.press('g');
  await keyboard.press('c');
  await page.getByText('No child fits these filters').waitFor();
  await keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Put a child on the list' });
  await dialog.getByLabel('Case number').fill('CH-7');
  await dialog.getByLabel('Country').fill('nl');
  await dialog.getByLabel('Reason').fill('named in a letter of the partner');
  await dialog.getByRole('button', { name: 'Put a child on the list' }).click();
  await page.getByRole('heading', { name: 'Child CH-7' }).waitFor();
  await until(async () => (await textOf(counted)).includes('1 open'));
  const facts = await textOf(page.locator('.facts'));
  assert.match(facts, /identity: no person is linked/);
  assert.match(facts, /Netherlands \(NL\)/);

  await page.getByText('Record where the child stands').click();
  const form = page.locator('.acts details[open]');
  await form.getByLabel('safeguarded').check();
  await form.getByLabel('Agency').fill('NL unit');
  await form.getByLabel('Reason').fill('confirmed by the unit');
  await form.getByRole('button', { name: 'Record' }).click();
  await until(async () => (await textOf(counted)).includes('0 open'));
  await page.goto(`${bench.served.origin}/board`);
  const card = page.locator('.cards > div', { hasText: 'Children safeguarded' });
  await card.waitFor();
  await card.getByRole('link').first().click();
  await page.getByText('confirmed by the unit').waitFor();
  assert.match(page.url(), /\/decisions\?numbers=\d+/);
  await assertQuiet(watched);
  await context.close();
});

test('rules are written, checked and tried before they are adopted', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  await page.goto(`${bench.served.origin}/rules`);
  const text = page.getByLabel('Text of the rules');
  await text.waitFor();
  const first = await text.inputValue();
  await text.fill(first.replaceAll('listed file', 'membership'));
  await page.getByRole('button', { name: 'Check and try' }).click();
  await page.locator('#edit .problem').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Adopt these rules' }).count(), 0);

  const wider = first
    .replace('version: 2', 'version: 3')
    .replace(/(- listed file\n) +- access to children\n/, '$1');
  await text.fill(wider);
  await page.getByRole('button', { name: 'Check and try' }).click();
  const preview = page.locator('.preview');
  await preview.waitFor();
  assert.match(await textOf(preview), /0 would come in, 0 would leave, 1 would change band/);
  const adopt = page.getByRole('button', { name: 'Adopt these rules' });
  assert.ok(await adopt.isDisabled(), 'not without a reason');
  await page.locator('#edit').getByLabel('Reason').fill('tried in the briefing');
  await adopt.click();
  await page.getByText('was ranked by other rules').waitFor();
  await assertQuiet(watched);
  await context.close();
});

test('the palette finds views, actions and persons', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { keyboard } = page;
  await page.locator('table.queue').waitFor();
  await keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a view' }).waitFor();
  await keyboard.type('ledg');
  await keyboard.press('Enter');
  await page.locator('.check').waitFor();
  await keyboard.press(':');
  await keyboard.type('carla');
  await page.getByRole('option', { name: /carla@coffee/ }).waitFor();
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: /carla@coffee/, level: 1 }).waitFor();
  await assertQuiet(watched);
  await context.close();
});

test('colours, language, masked words and the count of opened texts stay in this browser', {
  skip,
}, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  await page.locator('table.queue').waitFor();
  const bodies: string[] = [];
  page.on('request', (request) => bodies.push(request.postData() ?? ''));
  await page.getByRole('button', { name: 'Display and reading' }).click();
  const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  assert.notEqual(await ground(), light);
  await page.getByLabel('Words to mask').fill('drink\nstation');
  await page.getByLabel('Suggest a break').fill('1');
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Reihenfolge', level: 1 }).waitFor();
  assert.equal(await page.evaluate('document.documentElement.lang'), 'de');

  const [message] = await bench.served.desk.engines.use((engine) =>
    engine.rows<{ pointer: string }>(
      'select pointer_of(exhibit, source_path, source_offset, source_length) as pointer from message order by time limit 1',
    ),
  );
  await page.goto(`${bench.served.origin}/source?pointer=${encodeURIComponent(message!.pointer)}`);
  await page.getByRole('button', { name: 'Text zeigen' }).click();
  const text = page.locator('pre.text');
  await text.waitFor();
  assert.doesNotMatch(await textOf(text), /drink|station/);
  await text.getByRole('button').first().click();
  await text.getByText('station').waitFor();
  assert.doesNotMatch(await textOf(text), /drink/);
  await page.getByText('heute 1 Text geöffnet').waitFor();
  await page.getByText('Eine Pause könnte guttun').waitFor();
  const sent = bodies.join('\n');
  assert.doesNotMatch(sent, /drink|dark|masked|exposure/);
  await assertQuiet(watched);
  await context.close();
});

test('the first load is small: what is heavy comes when it is gone to', async () => {
  const dist = await ensureWebBuilt();
  const page = fs.readFileSync(path.join(dist, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
  assert.ok(files.length >= 2, `${files.length} files`);
  const bytes = files.reduce((sum, file) => sum + gzipSync(fs.readFileSync(path.join(dist, file))).length, 0);
  assert.ok(bytes <= 400_000, `${bytes} bytes, compressed, before the first view`);
  console.log(`first load: ${bytes} bytes compressed in ${files.length} files`);
});
