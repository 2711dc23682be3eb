import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { clubFiles } from '../http/fixture.ts';
import { browserMissing, openPage, textOf, type WatchedPage } from '../support/browser.ts';
import { type Bench, openBench } from './desk.ts';

let bench: Bench;
let folder: string;
const skip = browserMissing;

before(async () => {
  if (skip) return;
  const { 'lists/marker-list.txt': _, ...files } = clubFiles;
  bench = await openBench(files);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-exchange-'));
  fs.mkdirSync(path.join(folder, 'handed over', 'lists'), { recursive: true });
  fs.writeFileSync(
    path.join(folder, 'handed over', 'lists', 'marker-list.txt'),
    clubFiles['lists/marker-list.txt']!,
  );
  fs.writeFileSync(path.join(folder, 'handed over', 'garden\u202enotes.txt'), 'water the tomatoes\n');
  fs.writeFileSync(path.join(folder, 'large.bin'), Buffer.alloc(40 * 1024 * 1024, 7));
});

after(async () => {
  if (skip) return;
  await bench.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function assertQuiet({ complaints, requests, violations }: WatchedPage): Promise<void> {
  assert.deepEqual(complaints, []);
  assert.deepEqual(await violations(), []);
  assert.deepEqual(bench.faults, []);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(`${bench.served.origin}/`)),
    [],
  );
}

async function assertAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<axe.AxeResults>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  assert.deepEqual(found, [], what);
  assert.ok(passes.length > 15, `${what}: ${passes.length} rules passed`);
}

const patient = { timeout: 180_000 };

test('a folder is handed over: sent, read, and each exhibit says by which reader and why', {
  skip,
}, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  await page.locator('table.queue').waitFor(patient);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: 'Take in', level: 1 }).waitFor();
  await assertAccessible(page, 'intake');
  const start = page.getByRole('button', { name: 'Hand over' });
  assert.ok(await start.isDisabled(), 'nothing is chosen and no authority is named');
  await page.getByLabel('Choose a folder').setInputFiles(path.join(folder, 'handed over'));
  await page.getByText('2 files,').waitFor();
  const form = page.locator('#files');
  await form.getByLabel('Authority').selectOption('used WARRANT-1');
  await form.getByLabel('How it was handed over').fill('on a stick, at the desk');
  await start.focus();
  await page.keyboard.press('Enter');
  const last = page.locator('#last');
  await last.waitFor(patient);
  await last.getByText('hash-list').waitFor(patient);
  const text = await textOf(last);
  assert.match(
    text,
    /handed over\/lists\/marker-list\.txt.*received.*hash-list.*6 .*= 6 read \+ 0 skipped.*WARRANT-1/s,
  );
  assert.match(text, /garden⟦RLO⟧notes\.txt/, 'what is not seen is shown as a mark');
  await assertAccessible(page, 'handed over');

  await page.reload();
  await last.waitFor(patient);
  await last.getByRole('link', { name: /marker-list/ }).click();
  await page.locator('#readers').waitFor();
  assert.match(await textOf(page.locator('#readers')), /hash-list.*hash-list 0\.\d\d|hash-list 1\.00/s);
  assert.match(
    await textOf(page.locator('#custody')),
    /officer-1.*received.*WARRANT-1.*on a stick, at the desk/s,
  );
  await assertQuiet(watched);
  await context.close();
});

test('what is interrupted waits, goes on where it stopped, or is given up', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  await page.goto(`${bench.served.origin}/intake`);
  let pieces = 0;
  await page.route('**/api/intake/piece?*', async (route) => {
    pieces++;
    // The second piece never arrives.
    if (pieces === 2) return route.abort();
    return route.continue();
  });
  const form = page.locator('#files');
  const hand = async () => {
    await page.getByLabel('Choose files').setInputFiles(path.join(folder, 'large.bin'));
    await page.getByText('1 file, 40 MiB').waitFor();
    await form.getByLabel('Authority').selectOption('used WARRANT-1');
    await page.getByRole('button', { name: 'Hand over' }).click();
  };
  await form.waitFor();
  await hand();
  await page.getByText('0 of 1 file has arrived whole (8.0 MiB of 40 MiB)').waitFor(patient);
  assert.equal(bench.served.desk.intake.uploads.show()?.received, 8 * 1024 * 1024);
  await page.reload();
  await page.getByText('0 of 1 file has arrived whole (8.0 MiB of 40 MiB)').waitFor();
  await assertAccessible(page, 'waiting');
  await hand();
  await page.locator('#last').getByText('large.bin').waitFor(patient);
  assert.equal(pieces, 1 + 1 + 4, 'what had arrived was not sent again');

  fs.writeFileSync(path.join(folder, 'second.bin'), Buffer.alloc(20 * 1024 * 1024, 8));
  pieces = 0;
  await page.getByLabel('Choose files').setInputFiles(path.join(folder, 'second.bin'));
  await form.getByLabel('Authority').selectOption('other');
  await form.getByLabel('Reference of the authority').fill('WARRANT-2');
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.getByText('0 of 1 file has arrived whole').waitFor(patient);
  await page.getByRole('button', { name: 'Give up what has arrived' }).click();
  await page.getByText('Nothing of it was kept.').waitFor();
  assert.equal(bench.served.desk.intake.uploads.show(), null);
  const away = bench.fixture.operation.path('tmp', `upload-${process.pid}`);
  assert.deepEqual(fs.readdirSync(away), []);
  assert.ok(
    watched.complaints.every((text) => /ERR_FAILED|Failed to load/.test(text)),
    watched.complaints.join(),
  );
  await context.close();
});

test('an exclusion is seen before it is done, and its list stays', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { exhibits } = await (await page.request.get(`${bench.served.origin}/api/exhibits`)).json();
  const box = exhibits.find(({ path: name }: { path: string }) => name === 'mail/club.mbox');
  await page.goto(`${bench.served.origin}/exhibits/${box.id}`);
  await page.getByRole('button', { name: 'See what would fall' }).click();
  const preview = page.locator('.preview');
  await preview.waitFor(patient);
  assert.match(await textOf(preview), /Accounts known no more \d/);
  const { exhibits: standing } = await (await page.request.get(`${bench.served.origin}/api/exhibits`)).json();
  assert.equal(standing.length, exhibits.length, 'nothing is excluded by it');
  for (const summary of await preview.locator('summary').all()) await summary.click();
  await preview.getByText('mail/ben@garden.example').first().waitFor();
  await assertAccessible(page, 'preview');
  await page.reload();
  await preview.waitFor();

  const act = page.getByRole('button', { name: 'Exclude this exhibit' });
  assert.ok(await act.isDisabled(), 'not without a reason');
  await page.locator('#reason').fill('ruled inadmissible');
  await act.click();
  await page.getByRole('button', { name: 'Take this exhibit back in' }).waitFor(patient);
  assert.match(await textOf(page.locator('#fell')), /officer-1: excluded\. ruled inadmissible/);
  await assertAccessible(page, 'excluded');
  await page.locator('#reason').fill('the court allowed it');
  await page.getByRole('button', { name: 'Take this exhibit back in' }).click();
  await page.getByRole('button', { name: 'Exclude this exhibit' }).waitFor(patient);
  await page.locator('#fell').getByText('taken back in').waitFor();
  await assertQuiet(watched);
  await context.close();
});

test('a package is looked at, made in a second step, fetched, and checked', { skip }, async () => {
  const watched = await openPage(bench.browser, bench.served.url);
  const { page, context } = watched;
  const { queue } = await (await page.request.get(`${bench.served.origin}/api/queue`)).json();
  await page.goto(`${bench.served.origin}/packages?persons=${queue[0].person}`);
  await page.getByText('None yet.').waitFor();

  // Our own card serves as the partner's: what is sealed for it can be opened here.
  await page.getByText('Our own card').click();
  await page.getByLabel('Name of our unit').fill('Unit North');
  await page.getByRole('button', { name: 'Show the card' }).click();
  const card = page.locator('#partners pre.text');
  await card.waitFor();
  const note = await textOf(page.locator('#partners').getByText('read out this fingerprint'));
  const fingerprint = /([0-9a-f]{4} ){3}[0-9a-f]{4}/.exec(note)![0];
  await page.locator('#partners summary', { hasText: 'Take in a card' }).click();
  await page.getByLabel('Text of the card').fill(await textOf(card));
  await page.getByLabel('Fingerprint as the partner reads it out').fill('0000');
  await page.getByRole('button', { name: 'Take in a card' }).click();
  await page.locator('#partners .problem').waitFor();
  await page.getByLabel('Fingerprint as the partner reads it out').fill(fingerprint);
  await page.getByRole('button', { name: 'Take in a card' }).click();
  await page.locator('#partners th', { hasText: 'Unit North' }).waitFor();

  const make = page.locator('#make');
  await make.getByLabel('Unit North').check();
  await make.getByLabel('Purpose').fill('to locate the rider');
  await make.getByLabel('TLP:AMBER', { exact: true }).check();
  await make.getByRole('button', { name: 'See what it would hold' }).click();
  await make.getByRole('button', { name: 'Make and seal it' }).waitFor(patient);
  assert.match(
    await textOf(make.locator('.preview')),
    /records\/accounts\.csv: \d+ row.*Withheld.*they were not chosen/s,
  );
  await assertAccessible(page, 'package previewed');
  await make.getByLabel('TLP:RED').check();
  assert.equal(
    await make.getByRole('button', { name: 'Make and seal it' }).count(),
    0,
    'what changed is looked at anew',
  );
  await make.getByRole('button', { name: 'See what it would hold' }).click();
  await make.getByRole('button', { name: 'Make and seal it' }).click();
  await make.getByText(/Made: package [0-9a-f]{12}/).waitFor(patient);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Fetch the sealed file' }).click(),
  ]);
  const sealed = path.join(folder, 'north.waymark');
  await download.saveAs(sealed);

  const check = page.locator('#check');
  await check.getByLabel('Unit North').check();
  await check.getByLabel('File').setInputFiles(sealed);
  await check.getByRole('button', { name: 'Check' }).click();
  await check.getByText('Signed by this partner, whole').waitFor(patient);
  await check.getByRole('button', { name: 'Take it in' }).click();
  await check.getByText('Taken in: its files lie in').waitFor(patient);
  await assertAccessible(page, 'package taken in');
  await page.goto(`${bench.served.origin}/persons/${queue[0].person}`);
  await page.locator('#elsewhere').getByText('to locate the rider').first().waitFor(patient);

  const bad = path.join(folder, 'bad.waymark');
  fs.writeFileSync(bad, fs.readFileSync(sealed).subarray(0, 700));
  await page.goto(`${bench.served.origin}/packages`);
  await check.getByLabel('Unit North').check();
  await check.getByLabel('File').setInputFiles(bad);
  await check.getByRole('button', { name: 'Check' }).click();
  await check.locator('.problem').waitFor(patient);
  await context.close();
});

test('the views are German where German is chosen, and fit a narrow screen', { skip }, async () => {
  const narrow = { width: 320, height: 640, scheme: 'dark' } as const;
  const { page, context } = await openPage(bench.browser, bench.served.url, narrow);
  await page.locator('table.queue').waitFor(patient);
  await page.getByRole('button', { name: 'Display and reading' }).click();
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Reihenfolge', level: 1 }).waitFor();
  const { exhibits } = await (await page.request.get(`${bench.served.origin}/api/exhibits`)).json();
  for (const [view, heading] of [
    ['/intake', 'Aufnehmen'],
    ['/packages', 'Pakete'],
    [`/exhibits/${exhibits[0].id}`, 'Ausschließen'],
  ] as const) {
    await page.goto(`${bench.served.origin}${view}`);
    await page.getByRole('heading', { name: heading }).first().waitFor(patient);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${view}: ${overflow} pixels too wide`);
    await assertAccessible(page, `${view}, German, dark`);
  }
  await context.close();
});
