import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import axe from 'axe-core';
import { generateExercise } from '../../src/exercise/generate.ts';
import { serve } from '../../src/http/serve.ts';
import { Operation } from '../../src/store/operation.ts';
import { run } from '../../src/workbench/run.ts';
import { launchBrowser, openPage, type WatchedPage } from '../support/browser.ts';
import type { Bench } from './desk.ts';

export type Training = Omit<Bench, 'fixture'> & { readonly operation: Operation };

/** The operation of a small exercise, its server and a browser: with contacts, hand-offs, places and clocks. */
export async function openTraining(members = 60): Promise<Training> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-training-'));
  await generateExercise(path.join(folder, 'exercise'), { members, seed: 7 });
  let seconds = 0;
  const operation = Operation.open(path.join(folder, 'operation'), {
    actor: 'officer-1',
    now: () => new Date(Date.UTC(2026, 0, 5, 9, 0, seconds++)).toISOString(),
  });
  const evidence = path.join(folder, 'exercise', 'evidence');
  await run(operation, evidence, { authority: 'WARRANT-1', reference: null }, () => {});
  const faults: string[] = [];
  const served = await serve(operation, { port: 0, onFault: (text) => void faults.push(text) });
  const browser = await launchBrowser();
  const close = async () => {
    await browser.close();
    await served.close();
    operation.close();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  return { operation, served, browser, faults, close };
}

/** An answer of the server, asked for with the session of the page. */
export async function asked<T>({ served }: Training, { page }: WatchedPage, route: string): Promise<T> {
  const response = await page.request.get(`${served.origin}${route}`);
  assert.equal(response.status(), 200, route);
  return (await response.json()) as T;
}

/** Goes to a view and waits for what must be there. */
export async function goTo({ served }: Training, { page }: WatchedPage, view: string, ready: string) {
  await page.goto(`${served.origin}${view}`);
  await page.locator(ready).first().waitFor({ timeout: 20_000 });
}

/** What the graphics driver of a machine without a graphics processor says when a picture is read from it. */
const driverTalk = /GPU stall due to ReadPixels/;

/** Nothing complained, nothing was stopped, nothing left this machine. */
export async function assertQuiet(training: Training, watched: WatchedPage): Promise<void> {
  assert.deepEqual(
    watched.complaints.filter((text) => !driverTalk.test(text)),
    [],
  );
  assert.deepEqual(watched.dialogs, []);
  assert.deepEqual(await watched.violations(), []);
  assert.equal(training.served.desk.policyReports, 0);
  assert.deepEqual(training.faults, []);
  assert.ok(watched.requests.length > 5, 'requests were seen');
  const away = watched.requests.filter((url) => !url.startsWith(`${training.served.origin}/`));
  assert.deepEqual(away, []);
}

/** Axe finds nothing in these views, light and dark, and none is wider than a screen of 320 pixels. */
export async function assertAccessible(
  training: Training,
  views: readonly (readonly [view: string, ready: string])[],
): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    const watched = await openPage(training.browser, training.served.url, { scheme });
    for (const [view, ready] of views) {
      await goTo(training, watched, view, ready);
      await watched.page.evaluate(axe.source);
      const { violations, passes } = await watched.page.evaluate<axe.AxeResults>(
        `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
      );
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      assert.deepEqual(found, [], `${view} (${scheme})`);
      assert.ok(passes.length > 15, `${view}: ${passes.length} rules passed`);
    }
    await assertQuiet(training, watched);
    await watched.context.close();
  }
  const narrow = await openPage(training.browser, training.served.url, { width: 320, height: 640 });
  for (const [view, ready] of views) {
    await goTo(training, narrow, view, ready);
    const overflow = await narrow.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${view}: ${overflow} pixels too wide`);
  }
  await narrow.context.close();
}
