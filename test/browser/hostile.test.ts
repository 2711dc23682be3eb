import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { setPolicy } from '../../src/workbench/decisions.ts';
import { addSecondReader } from '../../src/workbench/reading.ts';
import { browserMissing, openPage, textOf } from '../support/browser.ts';
import { type Bench, openBench } from './desk.ts';
import { hostileFiles } from './hostile-files.ts';
import { isSeenWhole, payloads } from './payloads.ts';
import { listedPlaces } from './places.ts';

let bench: Bench;
const skip = browserMissing;

before(async () => {
  if (!skip) bench = await openBench(hostileFiles());
});

after(async () => {
  if (!skip) await bench.close();
});

/** What the page has become, looked at from inside. */
const inspection = `({
  reached: '__reached' in globalThis,
  foreign: document.querySelectorAll('img, video, audio, iframe, object, embed, svg:not(.drawing), base, style, math, marquee, portal').length +
    document.querySelectorAll('.drawing script, .drawing a, .drawing image, .drawing use, .drawing foreignObject, .drawing style').length,
  scripts: document.scripts.length,
  handlers: [...document.querySelectorAll('*')].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith('on'))).length,
  links: [...document.links].filter((link) => link.origin !== location.origin).length,
  hidden: /[\\u0000-\\u0008\\u000e-\\u001f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]/.test(document.body.textContent),
})`;
const expected = { reached: false, foreign: 0, scripts: 1, handlers: 0, links: 0, hidden: false };

const usual = { width: 1280, height: 800 };
/** So tall that every row of a long list is in sight, and so is drawn. */
const tall = { width: 1280, height: 24_000 };
const isLongList = (view: string) => /^\/(queue|children|persons|notes)(\?|$)/.test(view);

/** Hostile text where officers write, too: case numbers, reasons, agencies, notes, tags, names of searches. */
async function decide(page: Page, origin: string): Promise<void> {
  const headers = { Origin: origin };
  const act = async (route: string, data: unknown) => {
    const response = await page.request.post(`${origin}${route}`, { data, headers });
    assert.equal(response.status(), 200, `${route} ${JSON.stringify(data)} ${await response.text()}`);
  };
  const get = async (route: string) => (await page.request.get(`${origin}${route}`)).json();
  const { queue } = await get('/api/queue?limit=500');
  const { entries } = await get('/api/timeline?kinds=mail&limit=500');
  const pointers = [...new Set<string>(entries.map(({ pointer }: { pointer: string }) => pointer))];
  assert.ok(pointers.length >= payloads.length, `${pointers.length} records to note`);
  const written = payloads.map((text) => text.replaceAll('\u0000', '')).filter((text) => text.trim() !== '');
  for (const [i, text] of written.entries()) {
    const { person } = queue[i % queue.length];
    await act('/api/children', { case: text, reason: text });
    await act('/api/notes', { pointer: pointers[i], kind: 'comment', text });
    await act('/api/notes', { pointer: pointers[i], kind: 'tag', tag: text.slice(0, 60), text });
    await act(`/api/persons/${person}/notes`, { kind: 'comment', text });
    if (i % 10 > 0) continue;
    await act('/api/searches', { name: text.slice(0, 80), query: 'bell' });
    await act(`/api/children/${encodeURIComponent(text)}/assign`, { owner: text, step: text, reason: text });
    await act(`/api/persons/${person}/outcomes`, {
      kind: 'referral',
      country: 'NL',
      agency: text,
      date: '2026-01-05',
      reason: text,
      tlp: 'RED',
      note: text,
    });
  }
}

/** Looks at views one after the other; whatever was written in exhibits must have stayed text. */
async function lookAt(
  page: Page,
  origin: string,
  views: readonly (readonly [string, string?])[],
): Promise<string> {
  let shown = '';
  for (const [view, ready = 'main h1'] of views) {
    await page.setViewportSize(isLongList(view) ? tall : usual);
    await page.goto(`${origin}${view}`);
    await page.locator(ready).first().waitFor({ state: 'attached' });
    await page.getByText('Reading…').first().waitFor({ state: 'detached' });
    assert.deepEqual(await page.evaluate(inspection), expected, view);
    shown += await textOf(page.locator('main'));
  }
  return shown;
}

/** Had the payloads never reached the page, nothing would have been tried. */
function assertShown(shown: string, wanted: readonly string[], what: string): void {
  const missing = wanted.filter((text) => isSeenWhole(text) && !shown.includes(text));
  assert.deepEqual(missing, [], `shown as text ${what}`);
}

test('the corpus has 200 payloads, each once', () => {
  assert.equal(payloads.length, 200);
  assert.equal(new Set(payloads).size, 200);
  assert.ok(payloads.filter(isSeenWhole).length > 170);
});

test('text of suspects stays text in every view', { skip, timeout: 1_200_000 }, async () => {
  const { served, fixture, browser } = bench;
  const watched = await openPage(browser, served.url);
  const { page } = watched;
  const { origin } = served;
  await page.locator('table.queue').waitFor();
  await decide(page, origin);
  const get = async (route: string) => (await page.request.get(`${origin}${route}`)).json();
  const { exhibits } = await get('/api/exhibits');
  const { persons } = await get('/api/persons?limit=500');
  const { most } = await get('/api/network/summary?limit=500');
  assert.ok(persons.length >= payloads.length, `${persons.length} persons`);
  assert.ok(most.length >= payloads.length, `${most.length} nodes`);
  const samples: Record<string, string[]> = {
    children: payloads.filter((_, i) => i % 20 === 0).map(encodeURIComponent),
    persons: persons
      .filter((_: unknown, i: number) => i % 25 === 0)
      .map((line: { person: string }) => line.person),
    exhibits: exhibits.filter((_: unknown, i: number) => i % 12 === 0).map(({ id }: { id: string }) => id),
  };
  const everyPlace = listedPlaces().flatMap(({ place, page: alone, one }) => [
    ...(alone ? [`/${place}`] : []),
    ...(one ? (samples[place] ?? ['unknown']).map((id) => `/${place}/${id}`) : []),
  ]);
  const asked = encodeURIComponent;
  const shown = await lookAt(page, origin, [
    ...everyPlace.map((view) => [view] as const),
    ['/queue?lane=audit'],
    [`/queue?text=${asked(payloads[6]!)}&picked=${asked(payloads[2]!)}`],
    [`/queue?band=${asked('<b>')}&row=${asked(payloads[0]!)}`],
    ['/children?state=all'],
    [`/pairs?a=${asked(payloads[1]!)}&b=${asked(payloads[3]!)}`],
    [`/decisions?kind=${asked('fact')}`],
    ['/decisions?kind=note'],
    [`/persons?text=${asked(payloads[6]!)}`],
    [`/persons?noted=${asked(`tag:${payloads[6]!}`)}`],
    [`/source?pointer=${asked(payloads[1]!)}`],
    [`/persons/${asked(payloads[2]!)}`],
    [`/notes?noted=${asked('tag:<b>')}`],
    ['/notes?what=record'],
    [`/timeline?kinds=${asked(payloads[3]!)}&at=${asked(payloads[4]!)}`],
    ['/timeline?noted=comment&pages=3', 'tbody tr'],
    ['/timeline?tab=untimed'],
    [`/search?q=${asked(payloads[6]!)}`, '.hits, .problem, .empty'],
    ['/search?q=bell', '.hits li'],
    ['/search?tab=list', '#selector-list'],
    ['/search?tab=saved', 'tbody tr'],
    [`/hand-offs?person=${asked(payloads[2]!)}`],
    ['/places?country=unknown'],
    ['/files?standing=listed'],
    ['/network', 'tbody tr'],
    [`/network?of=${asked(payloads[1]!)}`, '.problem'],
  ]);
  assertShown(shown, payloads, 'somewhere');

  const { entries } = await get('/api/timeline?kinds=post,private%20message,mail,chat&limit=500');
  const written = entries.filter((_: unknown, i: number) => i % 17 === 0);
  for (const { pointer } of written) {
    await page.goto(`${origin}/source?pointer=${encodeURIComponent(pointer)}`);
    await page.getByRole('button', { name: 'Show text' }).click();
    await page.locator('pre.text').waitFor();
    assert.deepEqual(await page.evaluate(inspection), expected, pointer);
  }
  for (const mark of ['⟦RLO⟧', '⟦PDF⟧', '⟦ZWSP⟧', '⟦LRI⟧', '⟦PDI⟧', '⟦BOM⟧', '⟦ESC⟧']) {
    assert.ok(shown.includes(mark), `${mark} is seen`);
  }
  await assertUntouched(watched);
  assert.ok(fixture.operation.readLedger().size > 0);
  await watched.context.close();
});

/** No script ran, no window opened, nothing was stopped because nothing was tried, and nobody else was asked. */
async function assertUntouched(watched: Awaited<ReturnType<typeof openPage>>): Promise<void> {
  assert.deepEqual(watched.dialogs, []);
  assert.deepEqual(await watched.violations(), []);
  assert.equal(bench.served.desk.policyReports, 0);
  assert.deepEqual(
    watched.requests.filter((url) => !url.startsWith(`${bench.served.origin}/`)),
    [],
  );
  assert.deepEqual(bench.faults, []);
}

test('names of accounts stay text in drawings, in the tables beside them and in labels drawn by WebGL', {
  skip,
  timeout: 600_000,
}, async () => {
  const { served, browser } = bench;
  const watched = await openPage(browser, served.url);
  const { page } = watched;
  await page.addInitScript({
    content: `globalThis.__drawn = [];
      const draw = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        globalThis.__drawn.push(String(text));
        return draw.call(this, text, ...rest);
      };`,
  });
  const { most } = await (await page.request.get(`${served.origin}/api/network/summary?limit=500`)).json();
  const around = most
    .filter((_: unknown, i: number) => i % 12 === 0)
    .map(({ node }: { node: string }) => node);
  const shown = await lookAt(page, served.origin, [
    ...around.map((node: string) => [
      `/network?of=${encodeURIComponent(node)}&hops=2&pick=${encodeURIComponent(node)}`,
      '.drawing.network .node',
    ]),
    [`/network?of=${around[0]}&to=${around[1]}`, '#ways, .empty'],
    ...around.slice(0, 6).map((node: string) => [`/persons/${node}`, '#network .drawing']),
    ['/network?tab=whole', '.network-drawing .surface canvas'],
  ]);
  const drawn = await page.evaluate<string[]>('__drawn');
  assert.ok(
    drawn.some((text) => /[<"']/.test(text)),
    `${drawn.length} labels drawn`,
  );
  const unseen = /[\u0000-\u0008\u000e-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
  assert.deepEqual(
    drawn.filter((text) => unseen.test(text)),
    [],
  );
  assert.ok(payloads.filter((text) => isSeenWhole(text) && shown.includes(text)).length > 60);
  await assertUntouched(watched);
  await watched.context.close();
});

test('names of those who confirm stay text where a text is opened by two', { skip }, async () => {
  const { served, browser, fixture } = bench;
  const { operation } = fixture;
  const time = '2026-01-05T10:00:00Z';
  const names = payloads.filter((text) => isSeenWhole(text)).slice(0, 60);
  await operation.exclusively(async () => {
    for (const name of names) addSecondReader(operation, name, time);
    setPolicy(operation, 'persons needed to open a text', '2', { reason: names[0]!, time });
  });
  const watched = await openPage(browser, served.url, tall);
  const { page } = watched;
  const { entries } = await (
    await page.request.get(`${served.origin}/api/timeline?kinds=mail&limit=20`)
  ).json();
  await page.goto(`${served.origin}/source?pointer=${encodeURIComponent(entries.at(-1).pointer)}`);
  await page.getByRole('button', { name: 'Open this text' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open this text' });
  await dialog.waitFor();
  assert.deepEqual(await page.evaluate(inspection), expected);
  assertShown(await textOf(dialog), names, 'in the window');
  await assertUntouched(watched);
  await watched.context.close();
});

test('the traps work: a page that is really attacked is stopped, seen and counted', { skip }, async () => {
  const { served, browser } = bench;
  const watched = await openPage(browser, served.url);
  const { page } = watched;
  await page.locator('main h1').waitFor();
  const before = served.desk.policyReports;
  const thrown = await page.evaluate(`(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.__reached=1>');
      return false;
    } catch {
      return true;
    }
  })()`);
  assert.equal(thrown, true, 'text cannot become markup');
  await page.evaluate(`{
    const image = document.createElement('img');
    image.src = 'https://bell.example/pixel.gif';
    document.body.append(image);
  }`);
  assert.ok((await watched.violations()).length >= 2);
  await assert.doesNotReject(async () => {
    for (let i = 0; i < 50 && served.desk.policyReports < before + 2; i++) await page.waitForTimeout(50);
    assert.ok(served.desk.policyReports >= before + 2, `${served.desk.policyReports - before} reports`);
  });
  assert.equal(await page.evaluate(() => '__reached' in globalThis), false);
});
