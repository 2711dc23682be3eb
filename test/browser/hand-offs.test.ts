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

interface HandOffs {
  readonly hand_offs: readonly {
    readonly hand_off: string;
    readonly from_person: string;
    readonly chain: readonly unknown[];
    readonly reasons_for: readonly unknown[];
    readonly reasons_against: readonly unknown[];
  }[];
  readonly counts: { readonly firm: number; readonly likely: number; readonly possible: number };
}

test('a hand-off is told as it happened, with its sources and what speaks against it', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { hand_offs, counts } = await asked<HandOffs>(training, watched, '/api/hand-offs');
  assert.ok(hand_offs.length > 2);
  await goTo(training, watched, '/hand-offs', '.stories > li');
  assert.equal(await page.locator('.stories > li').count(), hand_offs.length);
  assert.match(
    await textOf(page.locator('.sums')),
    new RegExp(`firm ${counts.firm}.*likely ${counts.likely}`),
  );
  assert.equal(await page.locator('main .band').count(), 0, 'no priority is shown here');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const first = page.locator('.stories > li').first();
  await first.locator('.chain').waitFor();
  assert.equal(await first.locator('.chain > li').count(), hand_offs[0]!.chain.length);
  assert.equal(
    await first.locator('.chain .source').count(),
    hand_offs[0]!.chain.length,
    'each step has its source',
  );
  const told = hand_offs[0]!.reasons_for.length + hand_offs[0]!.reasons_against.length;
  assert.equal(await first.locator('.reasons > li').count(), told);
  await until(async () => page.url().includes(`at=${hand_offs[0]!.hand_off}`));
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('details[open] .chain').waitFor();

  const person = hand_offs[0]!.from_person;
  await goTo(training, watched, `/persons/${person}`, '#hand-offs .stories');
  await page.locator('#place .told, #place .unknown').first().waitFor();
  await page.locator('#timeline > .scroll tbody tr').first().waitFor();
  await page.locator('#network .drawing').waitFor();
  await assertQuiet(training, watched);
  await context.close();
});

test('a lead is a draft to copy; one that cannot be asked says so instead', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: training.served.origin });
  const { leads, total } = await asked<{ leads: { cannot: string | null }[]; total: number }>(
    training,
    watched,
    '/api/leads?limit=25',
  );
  await goTo(training, watched, '/leads', '.leads > li');
  assert.match(await textOf(page.locator('main')), new RegExp(`${total} leads in this generation`));
  const cannot = leads.filter((lead) => lead.cannot !== null).length;
  assert.equal(await page.locator('.leads > li.cannot').count(), cannot);
  assert.equal(await page.locator('.leads pre.draft').count(), leads.length - cannot);
  const draft = await textOf(page.locator('pre.draft').first());
  assert.match(draft, /^DRAFT of a request\. To be checked, completed and sent by a human\./);
  assert.match(draft, /What is asked:/);
  await page.getByRole('button', { name: 'Copy the draft' }).first().click();
  await page.getByText('Copied.').waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), draft);
  const before = page.url();
  await page.getByRole('button', { name: /^From 26 on/ }).click();
  await until(async () => page.url() !== before);
  assert.match(page.url(), /offset=25/);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('header').first().isVisible(), false);
  await assertQuiet(training, watched);
  await context.close();
});

test('places: what is not known is counted like a country, and each opens its persons', {
  skip,
}, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { countries, not_known, persons } = await asked<{
    countries: { country: string; name: string; persons: number }[];
    not_known: number;
    persons: number;
  }>(training, watched, '/api/jurisdictions');
  assert.equal(
    countries.reduce((sum, each) => sum + each.persons, not_known),
    persons,
  );
  await goTo(training, watched, '/places', '.drawing.world');
  // Each country has its row and its tile; "not known" has a row.
  await until(async () => (await page.locator('.map-and-table tbody tr').count()) === countries.length + 1);
  await until(async () => (await page.locator('.world .tile:not(.shade-0)').count()) === countries.length);
  await page.locator('.world .tile:not(.shade-0)').first().click();
  await until(async () => /country=[A-Z]{2}/.test(page.url()));
  const chosen = countries.find(({ country }) => page.url().endsWith(`country=${country}`))!;
  const listed = Math.min(100, chosen.persons);
  await until(async () => (await page.locator('#persons tbody tr').count()) === listed);
  await page.getByRole('link', { name: 'not known' }).click();
  await until(async () => page.url().endsWith('country=unknown'));
  await page.locator('#persons').getByText('Country not known').waitFor();
  await page.goto(`${training.served.origin}/places?country=${chosen.country}`);
  await page.locator('.world .tile.chosen').waitFor();
  await assertQuiet(training, watched);
  await context.close();
});

test('files: counts that add up, by what lists say, and never a picture', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { total, standings } = await asked<{
    total: number;
    standings: { standing: string; files: number }[];
  }>(training, watched, '/api/files');
  const { queue } = await asked<{ queue: { reasons: { indicator: string }[] }[] }>(
    training,
    watched,
    '/api/queue',
  );
  assert.equal(
    standings.reduce((sum, each) => sum + each.files, 0),
    total,
  );
  const listed = standings.find(({ standing }) => standing === 'listed')!.files;
  assert.ok(
    listed > 0 && queue.some(({ reasons }) => reasons.some(({ indicator }) => indicator === 'listed file')),
  );
  await goTo(training, watched, '/files', 'tbody tr');
  assert.equal(await page.locator('tbody tr').count(), Math.min(100, total));
  await page.getByRole('button', { name: /^on a list \d/ }).click();
  await until(async () => page.url().endsWith('standing=listed'));
  await until(async () => (await page.locator('tbody tr').count()) === Math.min(100, listed));
  assert.equal(
    await page.getByRole('link', { name: 'list entry of the file' }).count(),
    Math.min(100, listed),
  );
  assert.equal(await page.locator('main img, main video, main picture').count(), 0);
  await page.reload();
  await page.locator('.chip[aria-pressed=true]').waitFor();
  await assertQuiet(training, watched);
  await context.close();
});

test('axe finds nothing in a story that is open, a place and the hand-offs of a person', {
  skip,
  timeout: 240_000,
}, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { hand_offs } = await asked<HandOffs>(training, watched, '/api/hand-offs');
  await watched.context.close();
  await assertAccessible(training, [
    [`/hand-offs?at=${hand_offs[0]!.hand_off}`, 'details[open] .chain'],
    ['/places?country=unknown', '#persons'],
    [`/persons/${hand_offs[0]!.from_person}`, '#hand-offs .stories'],
  ]);
});
