import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { clubFiles } from '../http/fixture.ts';
import { browserMissing, openPage, textOf, until } from '../support/browser.ts';
import { type Bench, openBench } from './desk.ts';

let bench: Bench;
const skip = browserMissing;

before(async () => {
  if (!skip) bench = await openBench(null);
});

after(async () => {
  if (!skip) await bench.close();
});

/** What the focused element is called, as somebody who hears the page is told. */
const named = (page: Page) =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement;
    return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
  })()`);

/** Goes on by Tab to what has this name. No step of this file uses a pointer. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let i = 0; i < 120; i++) {
    if (wanted.test((await named(page)).trim())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`nothing called ${wanted} was reached by Tab`);
}

async function stepTo(page: Page, wanted: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('j');
    if (wanted.test((await named(page)).trim())) return;
  }
  throw new Error(`nothing called ${wanted} was reached by j`);
}

async function go(page: Page, letter: string, ready: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(letter);
  await page.locator(ready).first().waitFor({ timeout: 240_000 });
}

test('the whole journey of an officer, with the keyboard alone', { skip, timeout: 900_000 }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page } = watched;
  const { keyboard } = page;
  const { operation } = bench.fixture;
  const acts = () => [...operation.readLedger().entries()].map(({ entry }) => entry.action);
  await page.locator('main h1').waitFor();

  // Handing over: files of this browser, under a named authority.
  await go(page, 'i', '#files');
  // Waited for from here on, so that the browser knows of it before the key comes.
  const asked = page.waitForEvent('filechooser');
  await tabTo(page, /^Choose files$/);
  await keyboard.press('Enter');
  const chooser = await asked;
  await chooser.setFiles(
    Object.entries(clubFiles).map(([name, content]) => ({
      name: name.replace(/^.*\//, ''),
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content as string),
    })),
  );
  await page.getByText('7 files,').waitFor();
  await tabTo(page, /^Reference of the authority$/);
  await keyboard.type('WARRANT-1');
  await tabTo(page, /^How it was handed over$/);
  await keyboard.type('by the unit, sealed bag 7');
  await tabTo(page, /^Hand over$/);
  await keyboard.press('Enter');
  await page.locator('#last').waitFor({ timeout: 240_000 });
  await page.locator('#last').getByText('WARRANT-1').first().waitFor({ timeout: 240_000 });
  assert.match(await textOf(page.locator('#last')), /club\.mbox.*mbox.*WARRANT-1/s);
  assert.equal(await page.getByText('does not add up').count(), 0);

  // Building: by its name.
  await keyboard.press(':');
  await keyboard.type('build');
  await keyboard.press('Enter');
  await page.getByText('3 in the queue').waitFor({ timeout: 240_000 });
  assert.ok(acts().includes('generation.build'));

  // The queue, a person, the bytes behind the first reason, and their text.
  await go(page, 'q', 'table.queue [data-item]');
  await keyboard.press('j');
  await until(async () => (await named(page)) === 'Anna Lind');
  await keyboard.press('Enter');
  await page.locator('#links').waitFor();
  await stepTo(page, /^source of/);
  await keyboard.press('Enter');
  await page.locator('.hex').waitFor();
  assert.equal(await page.locator('pre.text').count(), 0, 'closed at first');
  const revealed = acts().filter((action) => action === 'source.reveal').length;
  await stepTo(page, /^Show text$/);
  await keyboard.press('Enter');
  await page.locator('pre.text').waitFor();
  assert.match(await textOf(page.locator('pre.text')), /access to children,CASE-17/);
  assert.equal(acts().filter((action) => action === 'source.reveal').length, revealed + 1);
  await keyboard.press('Escape');
  await page.locator('#notes').waitFor();

  // A note beside the person, then back to the queue, and a decision.
  await tabTo(page, /^Star person$/);
  await keyboard.press('Enter');
  await page.getByRole('button', { name: 'Take the star off person' }).waitFor();
  await tabTo(page, /^Note on person$/);
  await keyboard.press('Enter');
  const note = page.getByRole('dialog', { name: 'Note on person' });
  await note.waitFor();
  await tabTo(page, /^Tag/);
  await keyboard.type('ask again');
  await keyboard.press('Enter');
  await note.waitFor({ state: 'detached' });
  await page.locator('#notes').getByText('ask again').first().waitFor();
  await go(page, 'q', 'table.queue [data-item]');
  await keyboard.press('j');
  await keyboard.press('r');
  const review = page.getByRole('dialog', { name: 'Review' });
  await review.waitFor();
  await keyboard.press('Space');
  await keyboard.press('ArrowRight');
  await tabTo(page, /^Reason/);
  await keyboard.type('read both mails, handed to the unit');
  await tabTo(page, /^Record the review$/);
  await keyboard.press('Enter');
  await review.waitFor({ state: 'hidden' });
  await page.getByText('1 of 3 reviewed').waitFor();

  // A pair: judged before what Waymark made of it is shown.
  await go(page, 'r', '.sides');
  assert.doesNotMatch(await textOf(page.locator('main')), /\d bits/);
  await keyboard.press('y');
  await keyboard.type('the same name signs both');
  await tabTo(page, /^Record the verdict$/);
  await keyboard.press('Enter');
  await page.locator('.waterfall').waitFor();

  // An exhibit is taken out: first what would fall, then the act, and what fell.
  await go(page, 'e', '#unread');
  await stepTo(page, /^marker-list\.txt$/);
  await keyboard.press('Enter');
  await page.locator('#exclude').waitFor();
  await tabTo(page, /^See what would fall$/);
  await keyboard.press('Enter');
  await page.locator('.preview').waitFor({ timeout: 240_000 });
  assert.ok(!acts().includes('exhibit.exclude'), 'a preview changes nothing');
  await tabTo(page, /^Reason/);
  await keyboard.type('authority expired');
  await tabTo(page, /^Exclude this exhibit$/);
  await keyboard.press('Enter');
  await page.locator('#fell').waitFor({ timeout: 240_000 });
  await go(page, 'q', 'table.queue [data-item]');
  assert.equal(
    await page.locator('table.queue tbody tr').count(),
    2,
    'those whom officers entered facts about are left',
  );

  // The ledger holds all of it, and is whole.
  await go(page, 'l', '.check');
  await stepTo(page, /^Check now$/);
  await keyboard.press('Enter');
  await page.locator('.check .good').waitFor();
  assert.match(await textOf(page.locator('.check')), /Intact: all \d+ acts/);
  const order = [
    'exhibit.receive',
    'generation.build',
    'source.reveal',
    'decision.note',
    'decision.review',
    'decision.link',
    'exhibit.exclude',
  ];
  const first = order.map((action) => acts().indexOf(action));
  assert.ok(
    first.every((at) => at >= 0),
    `${order.filter((_, i) => first[i]! < 0)} stand nowhere: ${[...new Set(acts())]}`,
  );
  assert.deepEqual(
    first,
    [...first].sort((a, b) => a - b),
    'in the order in which they were done',
  );

  assert.deepEqual(watched.complaints, []);
  assert.deepEqual(watched.dialogs, []);
  assert.deepEqual(await watched.violations(), []);
  assert.equal(bench.served.desk.policyReports, 0);
  assert.deepEqual(bench.faults, []);
  assert.ok(watched.requests.length > 20, 'requests were seen');
  assert.deepEqual(
    watched.requests.filter((url) => !url.startsWith(`${bench.served.origin}/`)),
    [],
    'nothing left this machine',
  );
  await watched.context.close();
});
