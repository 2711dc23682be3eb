import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { listPersons } from '../../src/workbench/person.ts';
import { type Files, letter, sha256 } from '../http/fixture.ts';
import { browserMissing, openPage, textOf } from '../support/browser.ts';
import { type Bench, openBench } from './desk.ts';

const probe = 'window.__reached=1';
const call = "alert('reached')";

/** Text that would run, load or redraw something if it were ever taken for more than text. */
const payloads: readonly string[] = [
  `<script>${probe}</script>`,
  `<img src=x onerror=${probe}>`,
  `"><img src=x onerror="${call}">`,
  `'><svg onload=${probe}>`,
  `<svg><script>${probe}</script></svg>`,
  `<svg><animate onbegin=${probe} attributeName=x dur=1s>`,
  `<iframe srcdoc="<script>parent.__reached=1</script>"></iframe>`,
  `<iframe src="javascript:parent.__reached=1"></iframe>`,
  `<a href="javascript:${probe}">bell</a>`,
  `<math><a xlink:href="javascript:${probe}">bell`,
  `<body onload=${probe}>`,
  `<input autofocus onfocus=${probe}>`,
  `<details open ontoggle=${probe}>`,
  `<video><source onerror=${probe}></video>`,
  `<audio src=x onerror=${probe}>`,
  `<object data="javascript:${probe}"></object>`,
  `<embed src="javascript:${probe}">`,
  `<link rel=stylesheet href="https://bell.example/x.css">`,
  `<style>@import 'https://bell.example/x.css';</style>`,
  `<base href="https://bell.example/">`,
  `<meta http-equiv=refresh content="0;url=https://bell.example/">`,
  `<form action="https://bell.example/"><button autofocus>`,
  `<img src="https://bell.example/pixel.gif">`,
  `<template><img src=x onerror=${probe}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${probe}>">`,
  `</title><script>${probe}</script>`,
  `</textarea><script>${probe}</script>`,
  `<!--><img src=x onerror=${probe}>-->`,
  `<![CDATA[<script>${probe}</script>]]>`,
  `<x contenteditable onblur=${probe}>bell</x>`,
  `<p style="background:url(https://bell.example/x)">`,
  `javascript:${probe}`,
  `data:text/html,<script>${probe}</script>`,
  `{{constructor.constructor('${probe}')()}}`,
  `\${${probe}}`,
  `';${probe};//`,
  `\\u003cscript\\u003e${probe}\\u003c/script\\u003e`,
  `&lt;script&gt;${probe}&lt;/script&gt;`,
  `%3Cscript%3E${probe}%3C/script%3E`,
  `\u202egnp.lleb\u202c<img src=x onerror=${probe}>`,
  `bell\u200b\u2066<svg/onload=${probe}>\u2069\ufeff`,
  `\u0000\u0008\u001b[31m<script>${probe}</script>`,
];

const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
/** Payloads as names of files: what a disk takes as a name. */
const names = payloads.map((text) => text.replaceAll('/', '\u2215').replaceAll('\u0000', ''));

function hostileFiles(): Files {
  const letters = payloads.map((text, i) => {
    const file = { name: names[i]!, content: `file ${i}\n` };
    const plain = letter({
      from: `${word(text)} <rider${i}@velo.example>`,
      to: `${word(text)} <rider${i + 1}@velo.example>`,
      subject: word(text),
      date: 'Sat, 5 Jan 2019 09:12:40 +0100',
      id: `ride-${i}@velo.example`,
      text,
      file,
    });
    const encoded = `filename*=utf-8''${encodeURIComponent(names[i]!)}`;
    return plain.replace(/filename="(?:\\.|[^"\\])*"/, () => encoded);
  });
  const facts = payloads.map((text) => ['velo', text, `bell ${text}`, text, text, ''].map(cell).join(','));
  const stored = Object.fromEntries(names.map((name, i) => [`stored/${name}`, `${i} `.repeat(200)]));
  const listed = payloads.map((_, i) => sha256(`file ${i}\n`));
  return {
    'club.mbox': letters.join(''),
    'facts.csv': ['service,native_id,fact,reference,officer,entered_at', ...facts, ''].join('\n'),
    [names[1]!]: [...listed, ''].join('\n'),
    ...stored,
  };
}

/** What the page has become, looked at from inside. */
const inspection = `({
  reached: '__reached' in globalThis,
  foreign: document.querySelectorAll('img, video, audio, iframe, object, embed, svg:not(.drawing), base, style').length +
    document.querySelectorAll('.drawing script, .drawing a, .drawing image, .drawing use, .drawing foreignObject, .drawing style').length,
  scripts: document.scripts.length,
  handlers: [...document.querySelectorAll('*')].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith('on'))).length,
  links: [...document.links].filter((link) => link.origin !== location.origin).length,
  hidden: /[\\u0000-\\u0008\\u000e-\\u001f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]/.test(document.body.textContent),
})`;

let bench: Bench;
const skip = browserMissing;

before(async () => {
  if (!skip) bench = await openBench(hostileFiles());
});

after(async () => {
  if (!skip) await bench.close();
});

/** Hostile text where officers write, too: case numbers, reasons, agencies, notes. */
async function decide(page: Page, origin: string): Promise<void> {
  const headers = { Origin: origin };
  const act = async (route: string, data: unknown) => {
    const response = await page.request.post(`${origin}${route}`, { data, headers });
    assert.equal(response.status(), 200, `${route} ${JSON.stringify(data)} ${await response.text()}`);
  };
  const { queue } = await (await page.request.get(`${origin}/api/queue`)).json();
  for (const [i, text] of payloads.entries()) {
    await act('/api/children', { case: text, reason: text });
    if (i > 11) continue;
    await act(`/api/children/${encodeURIComponent(text)}/assign`, { owner: text, step: text, reason: text });
    await act(`/api/persons/${queue[i % queue.length].person}/outcomes`, {
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

test('text of suspects stays text in every view', { skip, timeout: 240_000 }, async () => {
  const { served, fixture, browser } = bench;
  const watched = await openPage(browser, served.url);
  const { page } = watched;
  await page.locator('table.queue').waitFor();
  await decide(page, served.origin);
  const persons = await served.desk.engines.use((engine) => listPersons(engine, '', 500, 0));
  assert.ok(persons.length >= payloads.length * 2, `${persons.length} persons`);
  const { exhibits } = await (await page.request.get(`${served.origin}/api/exhibits`)).json();
  const views = [
    '/board',
    '/queue',
    '/queue?lane=audit',
    `/queue?text=${encodeURIComponent(payloads[1]!)}&picked=${encodeURIComponent(payloads[2]!)}`,
    `/queue?band=${encodeURIComponent('<b>')}&row=${encodeURIComponent(payloads[0]!)}`,
    '/children?state=all',
    ...payloads.slice(0, 12).map((text) => `/children/${encodeURIComponent(text)}`),
    `/children/${encodeURIComponent(payloads[39]!)}`,
    '/pairs',
    `/pairs?a=${encodeURIComponent(payloads[1]!)}&b=${encodeURIComponent(payloads[3]!)}`,
    '/rules',
    '/decisions',
    `/decisions?kind=${encodeURIComponent('fact')}`,
    '/persons?',
    `/persons?text=${encodeURIComponent(payloads[1]!)}`,
    `/source?pointer=${encodeURIComponent(payloads[1]!)}`,
    `/persons/${encodeURIComponent(payloads[2]!)}`,
    '/exhibits',
    '/ledger',
    ...exhibits.map(({ id }: { id: string }) => `/exhibits/${id}`),
    ...persons
      .filter(({ account_list: [account] }, i) => account?.startsWith('mail/') || i % 8 === 0)
      .map(({ person }) => `/persons/${person}`),
  ];
  let shown = '';
  for (const view of views) {
    await page.goto(`${served.origin}${view}`);
    await page.locator('main h1').waitFor();
    await page.getByText('Reading…').waitFor({ state: 'detached' });
    const found = await page.evaluate(inspection);
    const expected = { reached: false, foreign: 0, scripts: 1, handlers: 0, links: 0, hidden: false };
    assert.deepEqual(found, expected, view);
    shown += await textOf(page.locator('main'));
  }
  const pointers = await served.desk.engines.use((engine) =>
    engine.rows<{ pointer: string }>(
      'select pointer_of(exhibit, source_path, source_offset, source_length) as pointer from message limit 50',
    ),
  );
  for (const { pointer } of pointers.filter((_, i) => i % 6 === 0 || i > 38)) {
    await page.goto(`${served.origin}/source?pointer=${encodeURIComponent(pointer)}`);
    await page.getByRole('button', { name: 'Show text' }).click();
    await page.locator('pre.text').waitFor();
    shown += await textOf(page.locator('pre.text'));
  }

  // Had the payloads never reached the page, nothing above would have been tried.
  for (const text of payloads.filter((each) => !/[\u0000-\u001f\u200b-\u2069\ufeff]/.test(each))) {
    assert.ok(shown.includes(text), `shown as text: ${text}`);
  }
  for (const mark of ['⟦RLO⟧', '⟦PDF⟧', '⟦ZWSP⟧', '⟦LRI⟧', '⟦PDI⟧', '⟦BOM⟧', '⟦ESC⟧']) {
    assert.ok(shown.includes(mark), `${mark} is seen`);
  }
  assert.deepEqual(watched.dialogs, []);
  assert.deepEqual(await watched.violations(), []);
  assert.equal(served.desk.policyReports, 0);
  assert.deepEqual(
    watched.requests.filter((url) => !url.startsWith(`${served.origin}/`)),
    [],
  );
  assert.deepEqual(bench.faults, []);
  assert.ok(fixture.operation.readLedger().size > 0);
});

test('text of suspects stays text where a footprint is followed, in drawings too', {
  skip,
  timeout: 240_000,
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
  assert.ok(most.length >= payloads.length, `${most.length} nodes`);
  const around = most
    .filter((_: unknown, i: number) => i % 6 === 0)
    .map(({ node }: { node: string }) => node);
  const views: [string, string][] = [
    ['/network', 'tbody tr'],
    ...around.map((node: string): [string, string] => [
      `/network?of=${encodeURIComponent(node)}&hops=2&pick=${encodeURIComponent(node)}`,
      '.drawing.network .node',
    ]),
    [`/network?of=${encodeURIComponent(payloads[1]!)}`, '.problem'],
    [`/network?of=${around[0]}&to=${around[1]}`, '#ways, .empty'],
    ['/network?tab=whole', '.network-drawing .surface canvas'],
    ['/timeline', '.columns-drawing .column'],
    [`/timeline?kinds=${encodeURIComponent(payloads[3]!)}&at=${encodeURIComponent(payloads[4]!)}`, 'main h1'],
    ['/search?q=bell', '.hits li, .empty'],
    [`/search?q=${encodeURIComponent(payloads[1]!)}`, '.hits, .problem, .empty'],
    ['/search?tab=list', '#selector-list'],
    ['/hand-offs', '.stories, .empty'],
    [`/hand-offs?person=${encodeURIComponent(payloads[2]!)}`, 'main h1'],
    ['/leads', '.leads, .empty'],
    ['/places?country=unknown', 'main h1'],
    ...around.map((node: string): [string, string] => [`/persons/${node}`, '#network .drawing']),
  ];
  let shown = '';
  for (const [view, ready] of views) {
    await page.goto(`${served.origin}${view}`);
    await page.locator(ready).first().waitFor();
    await page.getByText('Reading…').waitFor({ state: 'detached' });
    const found = await page.evaluate(inspection);
    const expected = { reached: false, foreign: 0, scripts: 1, handlers: 0, links: 0, hidden: false };
    assert.deepEqual(found, expected, view);
    shown += await textOf(page.locator('main'));
    if (view !== '/network?tab=whole') continue;
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
  }
  for (const text of payloads.filter((_, i) => i < 20)) {
    assert.ok(shown.includes(text), `shown as text: ${text}`);
  }
  for (const mark of ['⟦RLO⟧', '⟦ZWSP⟧', '⟦LRI⟧']) assert.ok(shown.includes(mark), `${mark} is seen`);
  assert.deepEqual(watched.dialogs, []);
  assert.deepEqual(await watched.violations(), []);
  assert.equal(served.desk.policyReports, 0);
  assert.deepEqual(
    watched.requests.filter((url) => !url.startsWith(`${served.origin}/`)),
    [],
  );
  assert.deepEqual(bench.faults, []);
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
