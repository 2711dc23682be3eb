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

interface Summary {
  readonly most: readonly { readonly node: string; readonly neighbours: number }[];
}
interface Around {
  readonly nodes: readonly { readonly node: string; readonly hidden: number; readonly neighbours: number }[];
  readonly edges: readonly { readonly a: string; readonly b: string; readonly ways: readonly unknown[] }[];
}

test('around somebody: drawing, tables and address say the same', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { most } = await asked<Summary>(training, watched, '/api/network/summary?limit=5');
  const of = most[0]!.node;
  const around = await asked<Around>(training, watched, `/api/network/neighbours?of=${of}&most=150`);
  await goTo(training, watched, `/network?of=${of}`, '.drawing.network .node');
  assert.equal(await page.locator('.drawing.network .node').count(), around.nodes.length);
  assert.equal(await page.locator('.drawing.network .edge').count(), around.edges.length);
  assert.equal(await page.locator('#nodes tbody tr').count(), Math.min(50, around.nodes.length));
  const ways = around.edges.flatMap((edge) => edge.ways).length;
  assert.equal(await page.locator('#contacts tbody tr').count(), Math.min(50, ways));

  const grows = around.nodes.findIndex(({ node, hidden }) => node !== of && hidden > 0);
  assert.ok(grows >= 0, 'a neighbour has more neighbours');
  const { hidden } = around.nodes[grows]!;
  const row = page.locator('#nodes tbody tr').nth(grows);
  assert.match(await textOf(row), new RegExp(`\\+${hidden} hidden`));
  await row.getByRole('button', { name: `+${hidden} hidden` }).click();
  await until(async () => (await page.locator('.drawing.network .node').count()) > around.nodes.length);
  const grown = await page.locator('.drawing.network .node').count();
  assert.match(page.url(), /open=/);
  assert.match(await textOf(page.locator('#nodes tbody tr').nth(grows)), /joined by|as records/);
  assert.equal(await page.locator('.drawing.network .node.chosen').count(), 1, 'what is expanded is picked');

  const address = page.url();
  const places = () =>
    page
      .locator('.drawing.network .node')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('transform')));
  const before = await places();
  await page.goto('about:blank');
  await page.goto(address);
  await until(async () => (await page.locator('.drawing.network .node').count()) === grown);
  assert.deepEqual(await places(), before, 'the same address gives the same drawing');
  assert.equal(await page.locator('.drawing.network .node.chosen').count(), 1);
  await assertQuiet(training, watched);
  await context.close();
});

test('a press in the drawing picks in the tables, and the other way round', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url, { height: 1400 });
  const { page, context } = watched;
  const { most } = await asked<Summary>(training, watched, '/api/network/summary?limit=1');
  await goTo(training, watched, `/network?of=${most[0]!.node}`, '.drawing.network .node');
  await page.locator('.drawing.network .node').nth(1).locator('circle, rect').first().click({ force: true });
  await until(async () => (await page.locator('#nodes tr.chosen').count()) === 1);
  assert.ok((await page.locator('#contacts tr.chosen').count()) > 0);
  assert.match(page.url(), /pick=/);
  await page.locator('#nodes tbody tr').nth(2).getByRole('checkbox').check();
  await until(async () => (await page.locator('.drawing.network .node.chosen').count()) === 2);
  await page.getByRole('link', { name: 'Ways between the two' }).click();
  await page.locator('#ways li').first().waitFor();
  assert.match(page.url(), /&to=/);
  const steps = (await textOf(page.locator('#ways li').first())).split(' → ').length - 1;
  assert.match(await textOf(page.locator('.sums')), new RegExp(`of ${steps} steps?`));
  assert.equal((await page.locator('.drawing.network .edge').count()) > 0, true);
  await assertQuiet(training, watched);
  await context.close();
});

test('channel and days narrow the drawing, and stand in the address', { skip }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  const { most } = await asked<Summary>(training, watched, '/api/network/summary?limit=1');
  const of = most[0]!.node;
  await goTo(training, watched, `/network?of=${of}`, '.drawing.network .node');
  await page.getByRole('button', { name: /^private message/ }).click();
  await until(async () => page.url().includes('channel=private'));
  const narrow = await asked<Around>(
    training,
    watched,
    `/api/network/neighbours?of=${of}&most=150&channel=private+message`,
  );
  await until(async () => (await page.locator('.drawing.network .edge').count()) === narrow.edges.length);
  const first = page.getByRole('slider', { name: 'From' });
  await first.focus();
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('.columns-drawing .brush').count(), 1, 'the brush shows the span');
  await page.keyboard.press('Enter');
  await until(async () => /since=\d{4}-\d\d-\d\d/.test(page.url()));
  const since = new URL(page.url()).searchParams.get('since')!;
  const until_ = new URL(page.url()).searchParams.get('until')!;
  const timed = await asked<Around>(
    training,
    watched,
    `/api/network/neighbours?of=${of}&most=150&channel=private+message&from=${since}&to=${until_}`,
  );
  await until(async () => (await page.locator('.drawing.network .edge').count()) === timed.edges.length);
  await assertQuiet(training, watched);
  await context.close();
});

test('the whole network: every node and contact in the tables, moved by hand and by keyboard', {
  skip,
}, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { page, context } = watched;
  await goTo(training, watched, '/network?tab=whole', '.network-drawing .surface canvas');
  const overview = await asked<{ totals: { shown_nodes: number; shown_edges: number } }>(
    training,
    watched,
    '/api/network/overview',
  );
  const rows = (id: string) => page.locator(`${id} table`).getAttribute('aria-rowcount');
  assert.equal(await rows('#nodes'), String(overview.totals.shown_nodes + 1));
  assert.equal(await rows('#contacts'), String(overview.totals.shown_edges + 1));
  assert.match(await textOf(page.locator('.communities')), /No rule reads them/);
  const box = (await page.locator('.network-drawing .window').boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 380, box.y + 240, { steps: 4 });
  const moved = await page.evaluate<string>(
    `document.querySelector('.network-drawing .moved').style.transform`,
  );
  assert.match(moved, /translate\(80px, 40px\)/, 'the picture follows the hand');
  await page.mouse.up();
  await until(async () => page.url().includes('camera='));
  const first = new URL(page.url()).searchParams.get('camera')!;
  await page.locator('.network-drawing .window').focus();
  await page.keyboard.press('ArrowLeft');
  await until(async () => new URL(page.url()).searchParams.get('camera') !== first);
  await page.keyboard.press('0');
  await until(async () => !page.url().includes('camera='));

  await page.locator('#nodes tbody tr').nth(2).click();
  await until(async () => page.url().includes('pick='));
  assert.match(await textOf(page.locator('.drawer')), /Page rank/);
  assert.equal(await page.locator('.moved > .ring').isVisible(), true);
  const contacts = Number(await rows('#contacts')) - 1;
  assert.ok(
    contacts > 0 && contacts < overview.totals.shown_edges,
    `${contacts} contacts of the picked node`,
  );
  await page.reload();
  await page.locator('.drawer h3').waitFor();
  await assertQuiet(training, watched);
  await context.close();
});

test('axe finds nothing in the network', { skip, timeout: 240_000 }, async () => {
  const watched = await openPage(training.browser, training.served.url);
  const { most } = await asked<Summary>(training, watched, '/api/network/summary?limit=3');
  await watched.context.close();
  const [a, b] = [most[0]!.node, most[2]!.node];
  await assertAccessible(training, [
    [`/network?of=${a}&pick=${a}`, '.drawing.network'],
    [`/network?of=${a}&to=${b}`, '#ways li, .empty'],
    ['/network?tab=whole', '.network-drawing .surface canvas'],
  ]);
});
