import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { type Served, serve } from '../../src/http/serve.ts';
import { addUser } from '../../src/workbench/users.ts';
import { type Fixture, makeOperation } from '../http/fixture.ts';
import { passwordOf, Site } from '../http/site.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';

const skip = browserMissing;
let fixture: Fixture;
let served: Served;
let browser: Browser;

before(async () => {
  if (skip) return;
  fixture = await makeOperation();
  (await Site.open(fixture.operation)).close();
  const nora = { name: 'nora', full_name: 'Officer \u202eNora', roles: ['analyst'] };
  const add = await addUser(fixture.operation, { ...nora, password: 'a first password for you' });
  await fixture.operation.exclusively(async () => add());
  served = await serve(fixture.operation, { port: 0, users: true });
  browser = await launchBrowser();
});

after(async () => {
  if (skip) return;
  await browser.close();
  await served.close();
  fixture.remove();
});

test('a user logs in by keyboard, sees who they are, and leaves nothing behind on log-out', {
  skip,
}, async () => {
  const page = await browser.newPage();
  assert.ok(!served.url.includes('key='), 'with users there is no key');
  await page.goto(served.url);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
  assert.deepEqual(
    found.violations.map(({ id }) => id),
    [],
  );
  await page.getByLabel('Name').fill('sofia');
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  assert.match((await page.getByRole('alert').textContent())!, /do not let in/);
  await page.getByLabel('Password').fill(passwordOf('sofia'));
  await page.keyboard.press('Enter');
  await page.getByText('Officer sofia').waitFor();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  assert.deepEqual(await page.evaluate('document.cookie'), '', 'no script reads the cookie');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  const after = await page.evaluate("fetch('/api/queue').then(({ status }) => status)");
  assert.equal(after, 401);
  await page.close();
});

test('whoever comes with a first password chooses their own before anything is shown', { skip }, async () => {
  const page = await browser.newPage();
  await page.goto(served.url);
  await page.getByLabel('Name').fill('nora');
  await page.getByLabel('Password').fill('a first password for you');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
  await page.getByLabel('Password until now').fill('a first password for you');
  await page.getByLabel('New password').fill(passwordOf('nora'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  const line = await page.getByRole('status').first().textContent();
  assert.ok(!line!.includes('\u202e'), 'names pass through the one renderer');
  await page.close();
});
