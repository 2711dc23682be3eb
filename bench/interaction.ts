import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { serve } from '../src/http/serve.ts';
import { Operation } from '../src/store/operation.ts';
import { run } from '../src/workbench/run.ts';
import { launchBrowser, openPage } from '../test/support/browser.ts';

const usualMembers = 2000;
/** Times that each is done in a round. */
const times = 20;
/** Rows of the queue that are there without scrolling, however long their reasons. */
const rowsInSight = 5;
/** Opening an operation of 50,000 members takes a while, and longer on a machine that does other work. */
const patienceMs = 600_000;

/** One thing that somebody does in the page, again and again. */
interface Interaction {
  readonly name: string;
  /** Where it is done, and what must be there first; where it stands already, nothing is loaded anew. */
  readonly view: string;
  readonly ready: string;
  /** A key, or a press on the element of this selector. */
  readonly act: (turn: number) => { readonly key: string } | { readonly press: string };
  /** True in the page once what was asked for is shown. A function's source, given the turn. */
  readonly shown: (turn: number) => string;
  /** Done before each turn, unmeasured. */
  readonly before?: (page: Page, turn: number) => Promise<void>;
  /** Milliseconds that the page waits by design (until typing pauses): part of the answer, told beside it. */
  readonly pause?: number;
}

/**
 * How long the workbench lets somebody wait: from the key or press to the next picture that the browser paints (what
 * the page itself owes: promise p95 under 100 ms), and until what was asked for is on the screen, with the server's
 * answer. `WAYMARK_BENCH_OPERATION=<folder>` names an operation to work on (a copy of it: reading is recorded); else an
 * exercise of 2,000 members is made.
 */
export async function interaction(rounds: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-interaction-'));
  const operation = await operationIn(folder);
  const served = await serve(operation, { port: 0 });
  const browser = await launchBrowser();
  try {
    const { page } = await openPage(browser, served.url, { width: 1440, height: 900 });
    page.setDefaultTimeout(patienceMs);
    page.setDefaultNavigationTimeout(patienceMs);
    const get = async (route: string) =>
      (await page.request.get(`${served.origin}${route}`, { timeout: patienceMs })).json();
    const { generation } = await get('/api/operation');
    console.log(
      JSON.stringify({
        accounts: generation.accounts,
        persons: generation.persons,
        queued: generation.queued,
      }),
    );
    const { queue } = await get('/api/queue?limit=50');
    const { most } = await get('/api/network/summary?limit=60');
    const [from] = queue;
    const name = from.accounts[0].handle ?? from.accounts[0].account;
    await page.addInitScript({ content: meter });
    const all = interactions({
      persons: queue.map(({ person }: { person: string }) => person),
      nodes: most.map(({ node }: { node: string }) => node),
      name,
    });
    for (const each of all) {
      if (each.name.startsWith('search')) await indexed(get);
      const painted: number[] = [];
      const answered: number[] = [];
      try {
        for (let turn = 0; turn < times * rounds; turn++) {
          const found = await once(page, served.origin, each, turn);
          painted.push(found.painted);
          answered.push(found.answered);
        }
      } catch (error) {
        // An operation of an earlier version may lack a part: what was measured before is told, and why it ended.
        console.log(JSON.stringify({ interaction: each.name, ended: String(error).split('\n')[0] }));
      }
      if (painted.length > 0) say(each, painted, answered);
    }
  } finally {
    await browser.close();
    await served.close();
    operation.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function operationIn(folder: string): Promise<Operation> {
  const given = process.env.WAYMARK_BENCH_OPERATION;
  const own = path.join(folder, 'operation');
  const opened = (how: typeof Operation.open) => how(own, { actor: 'bench' });
  if (given !== undefined) {
    fs.cpSync(given, own, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
    return opened(Operation.openExisting);
  }
  const { generateExercise } = await import('../src/exercise/generate.ts');
  await generateExercise(path.join(folder, 'exercise'), { members: usualMembers, seed: 7 });
  const operation = opened(Operation.open);
  const evidence = path.join(folder, 'exercise', 'evidence');
  await run(operation, evidence, { authority: null, reference: null }, () => {});
  return operation;
}

/** Waits until the search answers: making its index is no interaction. */
async function indexed(get: (route: string) => Promise<{ state: string }>): Promise<void> {
  for (;;) {
    const { state } = await get('/api/search/index');
    if (state === 'ready') return;
    if (state === 'failed') throw new Error('the search index could not be made');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/**
 * In the page: when the input came (the browser's own time stamp), when the picture after it was painted, and when
 * what was asked for was painted.
 */
const meter = `globalThis.__meter = (shown) => {
  let began = 0;
  const state = { painted: 0, answered: 0 };
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(0);
  }));
  const begin = (event) => {
    if (began > 0) return;
    began = event.timeStamp;
    painted().then((now) => { state.painted = now - began; });
    const look = () => {
      if (shown()) painted().then((now) => { state.answered = now - began; });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  for (const type of ['keydown', 'pointerdown']) addEventListener(type, begin, { capture: true, once: true });
  globalThis.__state = state;
};`;

async function once(
  page: Page,
  origin: string,
  { view, ready, act, shown, before }: Interaction,
  turn: number,
): Promise<{ painted: number; answered: number }> {
  if (!page.url().startsWith(`${origin}${view}`) || turn === 0) await page.goto(`${origin}${view}`);
  await page.locator(ready).first().waitFor({ timeout: patienceMs });
  await before?.(page, turn);
  await page.evaluate(`__meter(() => ${shown(turn)})`);
  const done = act(turn);
  if ('key' in done) await page.keyboard.press(done.key);
  else await page.locator(done.press).first().click({ noWaitAfter: true });
  await holds(page, '__state.painted > 0 && __state.answered > 0');
  return page.evaluate('__state');
}

/** Asked from outside: the page's content policy lets no text become code within it. */
async function holds(page: Page, expression: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await page.evaluate<boolean>(expression))) {
    if (performance.now() > end) throw new Error(`never came to hold: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Known {
  readonly persons: readonly string[];
  readonly nodes: readonly string[];
  readonly name: string;
}

const q = (text: string) => JSON.stringify(text);
const has = (selector: string) => `document.querySelector(${q(selector)}) !== null`;

/** Goes to a view inside the page, as its links do; nothing is loaded anew. */
async function goInside(page: Page, address: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, '', ${q(address)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
}

function interactions({ persons, nodes, name }: Known): Interaction[] {
  const focusedRow = (row: number) =>
    `document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') === '${row + 2}'`;
  const top = async (page: Page) => {
    await page.evaluate(`document.querySelector('.windowed').scrollTop = 0`);
  };
  return [
    {
      name: 'queue: next row, with its details',
      view: '/queue',
      ready: 'table.queue [data-item]',
      act: () => ({ key: 'j' }),
      shown: (turn) => focusedRow(turn),
    },
    {
      name: 'queue: filter by a letter',
      view: '/queue',
      ready: 'table.queue, .empty',
      before: async (page) => {
        await page.locator('[data-filter]').fill('');
        await holds(page, `!location.search.includes('text=')`);
        await page.locator('[data-filter]').focus();
      },
      act: (turn) => ({ key: 'aeiou'[turn % 5]! }),
      shown: (turn) =>
        `location.search.includes('text=${'aeiou'[turn % 5]}') && document.querySelector('main [role=status]')?.textContent !== ''`,
      pause: 200,
    },
    {
      name: 'queue: select a row',
      view: '/queue',
      ready: 'table.queue [data-item]',
      before: async (page, turn) => {
        if (turn === 0) await page.keyboard.press('j');
      },
      act: () => ({ key: 'x' }),
      shown: (turn) => (turn % 2 === 0 ? has('[role=status] strong') : `!(${has('[role=status] strong')})`),
    },
    {
      name: 'persons: next row',
      view: '/persons',
      ready: '.windowed [data-item]',
      act: () => ({ key: 'j' }),
      shown: (turn) => focusedRow(turn),
    },
    {
      name: 'persons: to rows far away, fetched',
      view: '/persons',
      ready: '.windowed [data-item]',
      before: async (page, turn) => {
        if (turn === 0) await top(page);
        await page.evaluate(`addEventListener('keydown', (event) => {
          const box = document.querySelector('.windowed');
          box.scrollTop = (box.scrollHeight * (${(turn * 7) % 19} + 0.5)) / 20;
        }, { once: true })`);
      },
      act: () => ({ key: 'F8' }),
      shown: () => `document.querySelectorAll('.windowed tbody tr:not(.gap)').length > 0 &&
        [...document.querySelectorAll('.windowed tbody tr:not(.gap)')].every((row) => row.querySelector('[data-item]'))`,
    },
    {
      name: 'person: opened from the queue',
      view: '/queue',
      ready: 'table.queue [data-item]',
      before: async (page, turn) => {
        await page
          .locator(`[data-item="${persons[turn % Math.min(rowsInSight, persons.length)]}"]`)
          .first()
          .focus();
      },
      act: () => ({ key: 'Enter' }),
      shown: () => `${has('#reasons')} && ${has('#messages')}`,
    },
    {
      name: 'timeline: only one kind',
      view: '/timeline',
      ready: '.columns-drawing .column',
      act: () => ({ press: 'fieldset.chips .chip >> nth=2' }),
      shown: (turn) =>
        `location.search.includes('kinds=') === ${turn % 2 === 0} && ${has('tbody tr')} && !document.querySelector('main [role=status]')`,
    },
    {
      name: 'timeline: a row chosen, marked in the histogram',
      view: '/timeline',
      ready: '.columns-drawing .column',
      act: (turn) => ({ press: `table tbody tr:has(.source) >> nth=${(turn % 12) + 2}` }),
      shown: () => `${has('tr.chosen')} && ${has('.columns-drawing .column.chosen')}`,
    },
    {
      name: 'network: around somebody',
      view: '/network',
      ready: 'main h1',
      before: async (page, turn) => {
        await goInside(page, '/network');
        await holds(page, `!(${has('.drawing.network')})`);
        await page.evaluate(`addEventListener('keydown', () => {
          history.pushState(null, '', '/network?of=' + encodeURIComponent(${q(nodes[turn % nodes.length]!)}));
          dispatchEvent(new PopStateEvent('popstate'));
        }, { once: true })`);
      },
      act: () => ({ key: 'F8' }),
      shown: () => has('.drawing.network .node'),
    },
    {
      name: 'network: a node picked',
      view: '/network',
      ready: 'main h1',
      before: async (page, turn) => {
        if (turn === 0) {
          await goInside(page, `/network?of=${encodeURIComponent(nodes[0]!)}`);
          await page.locator('.drawing.network .node').first().waitFor();
        }
        await page.evaluate(`addEventListener('keydown', () => {
          const rows = document.querySelectorAll('main table button[data-item], main table [data-item]');
          rows[${turn % 8}]?.click();
        }, { once: true })`);
      },
      act: () => ({ key: 'F8' }),
      shown: () => `${has('main [aria-label="Picked nodes"] , main [aria-label="A picked node"]')}`,
    },
    {
      name: 'palette: opened',
      view: '/queue',
      ready: 'table.queue [data-item]',
      before: async (page) => {
        if (await page.locator('dialog.palette[open]').count()) await page.keyboard.press('Escape');
        await holds(page, `!(${has('dialog.palette[open]')})`);
      },
      act: () => ({ key: ':' }),
      shown: () => has('dialog.palette [role=option]'),
    },
    {
      name: 'search: a query',
      view: '/search',
      ready: '#search-query',
      before: async (page, turn) => {
        await goInside(page, '/search');
        await page
          .locator('#search-query')
          .fill(['garden', 'wheel bell', name, 'coffee*', 'stamp'][turn % 5]!);
        await page.locator('#search-query').focus();
      },
      act: () => ({ key: 'Enter' }),
      shown: () => `location.search.includes('q=') && ${has('.hits li, .empty')}`,
    },
  ];
}

function say({ name, pause }: Interaction, painted: number[], answered: number[]): void {
  const at = (of: number[], share: number) =>
    Math.round([...of].sort((a, b) => a - b)[Math.min(of.length - 1, Math.ceil(of.length * share) - 1)]!);
  console.log(
    JSON.stringify({
      interaction: name,
      times: painted.length,
      painted_ms: { p50: at(painted, 0.5), p95: at(painted, 0.95), most: at(painted, 1) },
      answered_ms: { p50: at(answered, 0.5), p95: at(answered, 0.95), most: at(answered, 1) },
      ...(pause !== undefined && { of_it_pause_ms: pause }),
      load: os.loadavg()[0]!.toFixed(1),
    }),
  );
}
