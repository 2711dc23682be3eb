import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openPage } from '../support/browser.ts';
import { openTraining, type Training } from './training.ts';

/**
 * The pictures of README and docs: `WRITE_PICTURES=1 node test/run.ts test/browser/pictures.test.ts`. Made from an exercise, in
 * which nobody exists. Without WRITE_PICTURES only what stands in docs/pictures is looked at.
 */
const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const root = path.join(import.meta.dirname, '..', '..');
const mostBytes = 200_000;
const width = 1280;
/** A view that has much to show is cut lower. */
const heights = [760, 680, 600, 520];
const isWriting = process.env.WRITE_PICTURES === '1';
const skip = browserMissing || !isWriting;

let training: Training;

before(async () => {
  if (!skip) training = await openTraining(300);
});

after(async () => {
  if (!skip) await training.close();
});

/** Some of the work of a first week, so that the views have something to show. */
async function work(page: Page, origin: string): Promise<{ person: string; node: string }> {
  const get = async (route: string) => (await page.request.get(`${origin}${route}`)).json();
  const act = async (route: string, data: unknown) => {
    const response = await page.request.post(`${origin}${route}`, { data, headers: { Origin: origin } });
    assert.equal(response.status(), 200, `${route} ${await response.text()}`);
  };
  const { queue } = await get('/api/queue?limit=50');
  const many = queue.find((entry: { accounts: unknown[] }) => entry.accounts.length > 2) ?? queue[0];
  const of = (i: number) => `/api/persons/${queue[i % queue.length].person}`;
  const reason = 'letter of the unit, file 17';
  await act(`${of(0)}/review`, { outcome: 'referred', reason, tlp: 'AMBER' });
  await act(`${of(2)}/review`, { outcome: 'reviewed', reason });
  const outcome = { agency: 'Unit 1', date: '2026-01-05', reason };
  await act(`${of(0)}/outcomes`, { kind: 'referral', country: 'NL', ...outcome });
  await act(`${of(0)}/outcomes`, { kind: 'arrest', country: 'NL', ...outcome });
  await act(`${of(1)}/outcomes`, { kind: 'referral', country: 'GB', ...outcome });
  await act('/api/children', { case: 'CH-101', country: 'NL', urgency: 'immediate', reason });
  await act('/api/children', { case: 'CH-102', country: 'GB', urgency: 'urgent', reason });
  await act('/api/children', { case: 'CH-103', country: 'AU', reason });
  await act('/api/children/CH-101/assign', { owner: 'Officer NL-7', step: 'visit on Monday', reason });
  await act('/api/children/CH-102/state', { state: 'located', agency: 'Unit 2', reason });
  await act('/api/children/CH-103/state', {
    state: 'safeguarded',
    agency: 'Unit 3',
    date: '2026-01-04',
    reason,
  });
  await act(`/api/persons/${many.person}/notes`, { kind: 'tag', tag: 'spring ride' });
  const { most } = await get('/api/network/summary?limit=40');
  return { person: many.person, node: most[8]?.node ?? most[0].node };
}

test('pictures for the documentation', { skip, timeout: 400_000 }, async () => {
  fs.mkdirSync(folder, { recursive: true });
  const { served, browser } = training;
  const { origin } = served;
  let known: Awaited<ReturnType<typeof work>> | undefined;
  for (const scheme of ['light', 'dark'] as const) {
    const { page, context } = await openPage(browser, served.url, { scheme, width, height: heights[0]! });
    await page.locator('main h1').waitFor();
    known ??= await work(page, origin);
    const views: [name: string, view: string, ready: string, to?: string][] = [
      ['queue', '/queue?row=2', 'table.queue [data-item]'],
      ['person', `/persons/${known.person}`, '.waterfall', '#links'],
      [
        'network',
        `/network?of=${encodeURIComponent(known.node)}&hops=2`,
        '.drawing.network .node',
        '.drawing.network',
      ],
      ['timeline', `/timeline?persons=${known.person}`, '.columns-drawing .column'],
      ['board', '/board', '#countries'],
      ['children', '/children?state=all', '.windowed [data-item]'],
    ];
    // One in dark is enough to show that there is a dark.
    for (const [name, view, ready, to] of scheme === 'light' ? views : views.slice(0, 1)) {
      await page.goto(`${origin}${view}`);
      await page.locator(ready).first().waitFor({ timeout: 30_000 });
      await page
        .getByText(/^Reading( .*)?…$/)
        .first()
        .waitFor({ state: 'detached' });
      await page.evaluate('document.activeElement?.blur()');
      if (to !== undefined) {
        await page.evaluate(
          `document.querySelector(${JSON.stringify(to)}).scrollIntoView({ block: 'start' })`,
        );
      }
      await page.waitForTimeout(400);
      const file = path.join(folder, `${name}${scheme === 'dark' ? '-dark' : ''}.png`);
      for (const height of heights) {
        await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height } });
        if (fs.statSync(file).size < mostBytes) break;
      }
      assert.ok(fs.statSync(file).size < mostBytes, `${file} has ${fs.statSync(file).size} bytes`);
    }
    await context.close();
  }
});

test('every picture that is shown is there, is small, and every one that is there is shown', () => {
  const pages = [
    'README.md',
    ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
  ].filter((name) => name.endsWith('.md'));
  const shown = new Set<string>();
  for (const page of pages) {
    const text = fs.readFileSync(path.join(root, page), 'utf8');
    for (const [, to] of text.matchAll(/(?:\]\(|srcset="|src=")([^)"\s]+\.png)/g))
      shown.add(path.normalize(path.join(path.dirname(page), to!)));
  }
  const there = fs.readdirSync(folder).map((name) => path.join('docs', 'pictures', name));
  assert.deepEqual([...shown].sort(), there.sort());
  for (const file of there) assert.ok(fs.statSync(path.join(root, file)).size < mostBytes, file);
});
