import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
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

/** Nothing complained, nothing was stopped, nothing left this machine. */
async function assertQuiet(watched: WatchedPage): Promise<void> {
  assert.deepEqual(watched.complaints, []);
  assert.deepEqual(watched.dialogs, []);
  assert.deepEqual(await watched.violations(), []);
  assert.equal(bench.served.desk.policyReports, 0);
  assert.deepEqual(bench.faults, []);
  assert.ok(watched.requests.length > 5, 'requests were seen');
  const away = watched.requests.filter((url) => !url.startsWith(`${bench.served.origin}/`));
  assert.deepEqual(away, []);
}

function heading(page: Page): Promise<string> {
  return textOf(page.locator('main h1'));
}

test('from the queue to the bytes, and what was done stands in the ledger', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  assert.equal(new URL(page.url()).search, '', 'the key does not stay in the address');
  await page.locator('table.queue').waitFor();
  assert.deepEqual(await page.locator('table.queue tbody td.number').allTextContents(), ['1', '2', '3']);
  assert.match(await textOf(page.locator('tbody tr:nth-child(2)')), /against: listed file/);
  assert.match(await textOf(page.locator('tbody tr:nth-child(1)')), /none known/);

  await page.getByRole('table').getByRole('link', { name: 'Anna Lind' }).click();
  await page.locator('#links').waitFor();
  assert.match(page.url(), /\/persons\/person-[0-9a-f]{12}$/);
  const person = await textOf(page.locator('main'));
  assert.match(person, /investigative score, not a likelihood ratio/);
  assert.match(person, /2 accounts, joined by proposal/);
  assert.ok(!person.includes('drink coffee'), 'messages stand without their text');

  await page.locator('#reasons .source').first().click();
  await page.locator('.hex').waitFor();
  const source = page.url();
  assert.match(await textOf(page.locator('.facts')), /facts\/facts\.csv/);
  assert.match(await textOf(page.locator('.hex')), /6d 61 69 6c 2c/, "the bytes of 'mail,'");
  assert.ok(!(await textOf(page.locator('main'))).includes('CASE-17'), 'the text is closed');
  const opened = () =>
    [...bench.fixture.operation.readLedger().entries()].filter(
      ({ entry }) => entry.action === 'source.reveal',
    ).length;
  const before = opened();
  await page.getByRole('button', { name: 'Show text' }).click();
  await page.locator('pre.text').waitFor();
  assert.match(
    await textOf(page.locator('pre.text')),
    /^mail,anna\.lind@velo\.example,access to children,CASE-17/,
  );
  assert.equal(opened(), before + 1);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByText('Download the bytes').click(),
  ]);
  assert.match(fs.readFileSync(await download.path(), 'utf8'), /^mail,anna\.lind/);

  await page.reload();
  await page.locator('.hex').waitFor();
  assert.equal(await page.locator('pre.text').count(), 0, 'closed again');
  assert.equal(page.url(), source, 'the address can be cited');

  await page.getByRole('link', { name: 'Exhibits', exact: true }).click();
  await page.getByRole('link', { name: 'logs/access.log' }).waitFor();
  assert.match(
    await textOf(page.locator('tr', { hasText: 'logs/access.log' })),
    /4 lines = 3 read \+ 1 skipped/,
  );
  assert.equal(await page.getByText('does not add up').count(), 0);
  assert.match(await textOf(page.locator('#unread')), /stored\/unknown\.bin/);
  await page.getByRole('link', { name: 'logs/access.log' }).click();
  await page.locator('#warnings .source').first().click();
  await page.getByRole('button', { name: 'Show text' }).click();
  assert.equal(await textOf(page.locator('pre.text')), 'a line that is no request');

  await page.getByRole('link', { name: 'Ledger', exact: true }).click();
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.locator('.check .good').waitFor();
  assert.match(await textOf(page.locator('.check')), /Intact: all \d+ acts/);
  assert.match(await textOf(page.locator('tbody tr').first()), /source\.reveal/);
  await assertQuiet(watched);
  await context.close();
});

test('the same with the keyboard alone', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { keyboard } = page;
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  await page.locator('table.queue').waitFor();
  for (const key of ['j', 'j', 'j', 'j', 'k', 'k']) await keyboard.press(key);
  assert.equal(await focused(), 'Anna Lind');
  await keyboard.press('Enter');
  await page.locator('#links').waitFor();
  await keyboard.press('j');
  assert.equal(await focused(), 'source');
  await keyboard.press('Enter');
  await page.locator('.hex').waitFor();
  await keyboard.press('j');
  assert.equal(await focused(), 'Show text');
  await keyboard.press('Enter');
  await page.locator('pre.text').waitFor();

  await keyboard.press('Escape');
  await page.locator('#links').waitFor();
  await until(async () => (await focused()) === 'source');
  await keyboard.press('Escape');
  await page.locator('table.queue').waitFor();
  await until(async () => (await focused()) === 'Anna Lind');

  await keyboard.press('/');
  await keyboard.type('dora?');
  await page.getByText('Nobody in the queue fits these filters').waitFor();
  await keyboard.press('Backspace');
  await page.locator('table.queue').getByText('Dora').waitFor();
  assert.equal(await page.locator('table.queue tbody tr').count(), 1);
  assert.match(page.url(), /text=dora/, 'the filter stands in the address');
  await keyboard.press('Escape');
  await keyboard.press('j');
  assert.equal(await focused(), 'Dora');

  await keyboard.press('?');
  assert.ok(await page.getByRole('dialog').isVisible());
  await keyboard.press('j');
  await keyboard.press('Escape');
  assert.ok(!(await page.getByRole('dialog').isVisible()));
  assert.match(page.url(), /\/(queue)?\?text=dora/, 'closing the dialog is not going back');

  await keyboard.press('g');
  await keyboard.press('e');
  await page.locator('#unread').waitFor();
  await keyboard.press('j');
  await keyboard.press('Enter');
  await page.locator('#warnings').waitFor();
  assert.equal(await heading(page), 'facts/facts.csv');
  await keyboard.press('j');
  await keyboard.press('Enter');
  await page.locator('.hex').waitFor();
  await keyboard.press('g');
  await keyboard.press('l');
  await page.locator('.check').waitFor();
  await keyboard.press('j');
  await keyboard.press('Enter');
  await page.locator('.check .good').waitFor();

  await keyboard.press('?');
  await page.getByLabel('Single keys are on').uncheck();
  await keyboard.press('Escape');
  await keyboard.press('g');
  await keyboard.press('q');
  assert.match(page.url(), /\/ledger$/, 'single keys can be turned off');
  await assertQuiet(watched);
  await context.close();
});

test('a build shows its progress, also after a reload, and an exclusion says what fell', {
  skip,
}, async () => {
  const own = await openBench();
  try {
    const watched = await openPage(own.browser, own.served.url);
    const { page } = watched;
    await page.getByRole('link', { name: 'Exhibits', exact: true }).click();
    await page.getByRole('link', { name: 'lists/marker-list.txt' }).click();
    const button = page.getByRole('button', { name: 'Exclude this exhibit' });
    assert.ok(await button.isDisabled(), 'not without a reason');
    await page.getByLabel('Reason').fill('authority expired');
    await button.click();
    await page.locator('#fell').waitFor({ timeout: 240_000 });
    assert.match(await textOf(page.locator('#fell')), /\b[12] leave/);
    await page.locator('.tag.against', { hasText: 'excluded' }).waitFor();
    await page.getByRole('link', { name: 'Queue', exact: true }).click();
    await page.locator('table.queue').waitFor();
    assert.equal(
      await page.locator('table.queue tbody tr').count(),
      2,
      'those whom officers entered facts about',
    );
    await page.getByRole('button', { name: 'Build' }).click();
    await page.locator('progress').waitFor({ state: 'detached' });

    const { progress } = own.served.desk;
    progress.begin();
    progress.report({ stage: 'reading', what: 'bells.log', done: 2048, total: 4096 });
    await page.locator('progress').waitFor();
    assert.match(await textOf(page.locator('.work')), /reading bells\.log · 2\.0 KiB/);
    assert.ok(await page.getByRole('button', { name: 'Build' }).isDisabled());
    await page.reload();
    await page.locator('progress').waitFor();
    progress.tell({ kind: 'done', generation: '0123456789abcdef' });
    await page.locator('progress').waitFor({ state: 'detached' });
    assert.deepEqual(watched.complaints, []);
  } finally {
    await own.close();
  }
});

test('an empty operation says what to do', { skip }, async () => {
  const own = await openBench(null);
  try {
    const { page, complaints } = await openPage(own.browser, own.served.url);
    await page.getByText('No objective indicators: add a hash list or officers').waitFor();
    await page.getByRole('link', { name: 'Exhibits', exact: true }).first().click();
    await page.getByText('No exhibits yet').waitFor();
    await page.goto(`${own.served.origin}/persons`);
    await page.getByText('Nobody yet').waitFor();
    assert.deepEqual(complaints, []);
  } finally {
    await own.close();
  }
});
