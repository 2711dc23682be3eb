import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { randomFrom } from '../src/footprint/graph/random.ts';
import { serve } from '../src/http/serve.ts';
import { makeOperation } from '../test/http/fixture.ts';
import { launchBrowser, openPage } from '../test/support/browser.ts';
import { freshFolder } from './support/evidence.ts';

const size = { nodes: 50_000, edges: 200_000 };
const panSeconds = 3;

/**
 * Frames while the whole network (50,000 nodes, 200,000 contacts) is moved by hand in the browser, beside sigma with its
 * own panning, with all lines and with lines hidden while moving. Promise: 30 frames a second or more. Headless Chromium
 * draws in software here: a machine with a graphics processor is faster in all of them.
 */
export async function networkView(rounds: number): Promise<void> {
  const overview = invented();
  const fixture = await makeOperation();
  const served = await serve(fixture.operation, { port: 0 });
  const peer = await servePeer(JSON.stringify(overview));
  const browser = await launchBrowser();
  try {
    for (let round = 0; round < rounds; round++) {
      const { page, context } = await openPage(browser, served.url, { width: 1400, height: 1000 });
      await page.route('**/api/network/overview*', (route) => route.fulfill({ json: overview }));
      let began = performance.now();
      await page.goto(`${served.origin}/network?tab=whole`);
      await page.locator('.network-drawing .surface canvas').first().waitFor({ timeout: 120_000 });
      await twoFrames(page);
      say(
        'waymark',
        round,
        performance.now() - began,
        await pan(page, page.locator('.network-drawing .window')),
      );
      await context.close();
      for (const edges of ['shown', 'hidden']) {
        const other = await openPage(browser, `${peer.origin}/?edges=${edges}`, {
          width: 1400,
          height: 1000,
        });
        began = performance.now();
        await other.page.locator('#window[data-ready]').waitFor({ timeout: 120_000 });
        await twoFrames(other.page);
        const name = edges === 'shown' ? 'sigma' : 'sigma, lines hidden while moving';
        say(name, round, performance.now() - began, await pan(other.page, other.page.locator('#window')));
        await other.context.close();
      }
    }
  } finally {
    await browser.close();
    await served.close();
    peer.close();
    fixture.remove();
  }
}

interface Frames {
  readonly perSecond: number;
  /** Milliseconds between frames: in the middle, at the 95th of 100, and the longest after the hand let go. */
  readonly p50: number;
  readonly p95: number;
  readonly drawnAnew: number;
}

/** Drags to and fro for some seconds with a real pointer while the page notes when it draws. */
async function pan(page: Page, window: Locator): Promise<Frames> {
  const box = (await window.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.evaluate(`{
    window.__frames = [];
    const note = (at) => { window.__frames.push(at); requestAnimationFrame(note); };
    requestAnimationFrame(note);
  }`);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const from = await page.evaluate<number>('performance.now()');
  const until = performance.now() + panSeconds * 1000;
  for (let step = 0; performance.now() < until; step++) {
    await page.mouse.move(x + 90 * Math.sin(step / 12), y + 40 * Math.sin(step / 17));
  }
  const to = await page.evaluate<number>('performance.now()');
  await page.mouse.up();
  await page.waitForTimeout(4000);
  const frames = await page.evaluate<number[]>('window.__frames');
  const gaps = (all: readonly number[]) =>
    all
      .slice(1)
      .map((at, index) => at - all[index]!)
      .sort((a, b) => a - b);
  const during = frames.filter((at) => at >= from && at <= to);
  const moving = gaps(during);
  const share = (of: number) =>
    moving[Math.min(moving.length - 1, Math.floor(moving.length * of))] ?? Number.NaN;
  return {
    perSecond: (during.length * 1000) / (to - from),
    p50: share(0.5),
    p95: share(0.95),
    drawnAnew: gaps(frames.filter((at) => at > to)).at(-1) ?? Number.NaN,
  };
}

async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
}

function say(contender: string, round: number, openedMs: number, frames: Frames): void {
  const rounded = Object.fromEntries(
    Object.entries(frames).map(([name, value]) => [name, Math.round(value * 10) / 10]),
  );
  const line = {
    bench: 'network-view',
    contender,
    round,
    ...size,
    openedMs: Math.round(openedMs),
    ...rounded,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** An invented overview: places in a disc, contacts mostly near, fixed seed. */
function invented() {
  const random = randomFrom(20261124);
  const { nodes: n, edges: m } = size;
  const x: number[] = [];
  const y: number[] = [];
  for (let index = 0; index < n; index++) {
    const [angle, far] = [random() * 2 * Math.PI, Math.sqrt(random())];
    x.push(far * Math.cos(angle) * 1000);
    y.push(far * Math.sin(angle) * 1000);
  }
  const a: number[] = [];
  const b: number[] = [];
  while (a.length < m) {
    const one = Math.floor(random() * n);
    let [near, nearest] = [-1, Number.POSITIVE_INFINITY];
    for (let tries = 0; tries < 20; tries++) {
      const other = Math.floor(random() * n);
      const far = (x[one]! - x[other]!) ** 2 + (y[one]! - y[other]!) ** 2;
      if (other !== one && far < nearest) [near, nearest] = [other, far];
    }
    a.push(Math.min(one, near));
    b.push(Math.max(one, near));
  }
  const of = <T>(length: number, value: T) => Array.from({ length }, () => value);
  const none = { without_contact: 0, hidden_nodes: 0, hidden_edges: 0 };
  return {
    state: 'ready',
    over: 'persons',
    totals: { nodes: n, edges: m, shown_nodes: n, shown_edges: m, ...none },
    nodes: {
      id: x.map((_, index) => `person-${index}`),
      label: x.map((_, index) => `rider ${index}`),
      x,
      y,
      neighbours: of(n, 8),
      messages: of(n, 20),
      core: of(n, 4),
      page_rank: of(n, 1 / n),
      between: of(n, 0),
      community: x.map((_, index) => index % 40),
      band: of(n, null),
      certainty: of(n, 'stated'),
    },
    edges: {
      a,
      b,
      messages: of(m, 3),
      reciprocity: of(m, 0.4),
      certainty: a.map((_, index) => (index % 4 === 0 ? 2 : 0)),
    },
    communities: [{ community: 0, nodes: n, messages_inside: m }],
    methods: { place: 'invented', community: 'invented', between: 'none', page_rank: 'none', core: 'none' },
    note: 'An invented network.',
  };
}

/** Builds the peer's page and gives it to this machine. */
async function servePeer(overview: string) {
  const { build } = await import('vite');
  const outDir = freshFolder('network-peer');
  const root = path.join(import.meta.dirname, 'support', 'network-peer');
  await build({
    root,
    logLevel: 'error',
    configFile: false,
    build: { outDir, emptyOutDir: true, target: 'es2022' },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = path.join(outDir, pathname === '/' ? 'index.html' : path.basename(pathname));
    const asset = path.join(outDir, 'assets', path.basename(pathname));
    const found = [file, asset].find((each) => fs.existsSync(each) && fs.statSync(each).isFile());
    if (pathname === '/overview.json')
      return response.setHeader('content-type', 'application/json').end(overview);
    if (!found) return response.writeHead(404).end();
    response.setHeader('content-type', found.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.end(fs.readFileSync(found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
