import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { WaymarkError } from '../../src/base/errors.ts';
import { parseQuery } from '../../src/footprint/search/query.ts';
import type { Operation } from '../../src/store/operation.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { excludeExhibit } from '../../src/workbench/exclude.ts';
import { listSavedSearches, markSearchSeen, saveSearch } from '../../src/workbench/saved-searches.ts';
import {
  listSearches,
  recordSearch,
  revealHits,
  type SearchView,
  searchFor,
  withSearcher,
} from '../../src/workbench/search.ts';
import type { Asked } from '../../src/workbench/search-desk.ts';
import { searchIndexId } from '../../src/workbench/search-index.ts';
import { searchSelectors } from '../../src/workbench/search-selectors.ts';
import { wholeSight } from '../../src/workbench/sight.ts';
import { type Fixture, letter, makeOperation, sha256 } from '../http/fixture.ts';

let number = 0;
function note(from: string, subject: string, text: string, date = 'Sat, 5 Jan 2019 09:12:40 +0100'): string {
  const encoded = `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`;
  const name = /^(.*) <(.*)>$/.exec(from)!;
  const sender = `=?UTF-8?B?${Buffer.from(name[1]!).toString('base64')}?= <${name[2]}>`;
  return letter({
    from: sender,
    to: 'club@velo.example',
    subject: encoded,
    date,
    id: `n-${++number}@velo.example`,
    text,
  });
}

const files = {
  'mail/first.mbox': [
    note(
      'Anna Lind <anna.lind@velo.example>',
      'Sunday ride',
      'We meet at the station and drink coffee afterwards.',
    ),
    note(
      'Юрий Петров <yp@sad.example>',
      'Велосипед',
      'Мой велосипед стоит в саду, ёлка растёт.',
      'Sun, 6 Jan 2019 10:00:00 +0300',
    ),
    note(
      'Γιώργος <g@kipos.example>',
      'Κήπος',
      'Το ποδήλατο είναι στον κήπο.',
      'Mon, 7 Jan 2019 10:00:00 +0200',
    ),
    note('محمد <m@bustan.example>', 'دراجة', 'عندي دَرَّاجَة جديدة في الحديقة', 'Tue, 8 Jan 2019 10:00:00 +0200'),
    note(
      '田中 <t@niwa.example>',
      '自転車',
      '新しい自転車で庭へ行きました。',
      'Wed, 9 Jan 2019 10:00:00 +0900',
    ),
    note(
      'Ben <ben@garden.example>',
      'Tomatoes',
      'The seedlings stand on the window sill. My mail is ben@garden.example.',
      'Thu, 7 Feb 2019 20:00:00 +0000',
    ),
  ].join(''),
  'mail/second.mbox': [
    note(
      'Carla <carla@coffee.example>',
      'Beans',
      'Coffee roasted on Tuesday; coffee is my garden.',
      'Fri, 8 Mar 2019 08:00:00 +0000',
    ),
    note(
      'Dora <dora@hill.example>',
      'Bells',
      'The new bell rings well. No drinks at all.',
      'Sat, 9 Mar 2019 08:00:00 +0000',
    ),
  ].join(''),
  'lists/listed.txt': ['route', 'bell', 'lamp', 'pump', 'chain', 'saddle', '']
    .map((each) => (each === '' ? '' : sha256(each)))
    .join('\n'),
};

let fixture: Fixture;
let operation: Operation;

before(async () => {
  fixture = await makeOperation(files);
  operation = fixture.operation;
});
after(() => fixture.remove());

function asking<T>(work: (asked: Asked) => Promise<T>): Promise<T> {
  return withSearcher(operation, () => {}, work);
}

async function find(query: string, limit = 50, page = ''): Promise<SearchView> {
  return asking((asked) => searchFor(operation, asked, null, { query, limit, page, exact: false }));
}

/** Accounts of the messages that a query finds. */
async function senders(query: string): Promise<string[]> {
  const { hits } = await find(query);
  return hits.filter(({ kind }) => kind === 'message').map(({ account }) => account!.replace('mail/', ''));
}

test('words, phrases, starts, misspellings, OR, not', async () => {
  assert.deepEqual((await senders('coffee')).sort(), ['anna.lind@velo.example', 'carla@coffee.example']);
  assert.deepEqual(await senders('coffee garden'), ['carla@coffee.example']);
  assert.deepEqual(await senders('"garden coffee"'), []);
  assert.deepEqual(await senders('"drink coffee"'), ['anna.lind@velo.example']);
  assert.deepEqual(await senders('coffee -garden'), ['anna.lind@velo.example']);
  assert.deepEqual((await senders('seedl* OR bell')).sort(), ['ben@garden.example', 'dora@hill.example']);
  assert.deepEqual(await senders('(bell OR coffee) -drink*'), ['carla@coffee.example']);
  const fuzzy = await find('seedlinsg~');
  assert.deepEqual(fuzzy.understood[0]!.terms, [
    { term: 'seedlings', distance: 1, documents: 1, documentsIsAtLeast: false },
  ]);
  assert.deepEqual(fuzzy.hits[0]!.matched, ['seedlings']);
  assert.deepEqual(await senders('sailing~1'), []);
});

test('other scripts: Cyrillic, Greek, Arabic, Han and Kana', async () => {
  assert.deepEqual(await senders('ВЕЛОСИПЕД елка'), ['yp@sad.example']);
  assert.deepEqual(await senders('велосепет~2'), ['yp@sad.example']);
  assert.deepEqual(await senders('ΠΟΔΗΛΑΤΟ'), ['g@kipos.example']);
  assert.deepEqual(await senders('دراجه'), ['m@bustan.example']);
  assert.deepEqual(await senders('転車'), ['t@niwa.example']);
  assert.deepEqual(await senders('庭'), ['t@niwa.example'], 'one character');
  assert.deepEqual(await senders('車庭'), []);
});

test('names written in another script are found, and it is said how', async () => {
  const { hits } = await find('Yuri Petrov');
  assert.equal(hits.length, 1);
  assert.equal(hits[0]!.kind, 'name');
  assert.equal(hits[0]!.shown, 'Юрий Петров');
  assert.deepEqual(hits[0]!.matched, ['yuri (transliterated)', 'petrov (transliterated)']);
  assert.deepEqual(hits[0]!.where, ['name']);
  assert.equal((await find('Mohamed')).hits[0]!.shown, 'محمد');
  assert.equal((await find('Giorgos')).hits[0]!.shown, 'Γιώργος');
  assert.equal((await find('Yuri in:subject')).total, 0);
});

test('fields restrict, facets add up, where and pointers are told, text is not', async () => {
  const all = await find('channel:mail kind:message');
  assert.equal(all.total, 8);
  assert.equal(all.order, 'time');
  const times = all.hits.map(({ time }) => time!);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  for (const facet of Object.values(all.facets)) {
    if (facet === null) continue;
    const sum = facet.values.reduce((total, { count }) => total + count, 0) + facet.others + facet.none;
    assert.equal(sum, all.total);
  }
  assert.deepEqual(
    all.facets.month.values.map(({ value, count }) => [value, count]),
    [
      ['2019-01', 5],
      ['2019-02', 1],
      ['2019-03', 2],
    ],
  );
  assert.deepEqual(
    all.facets.exhibit.values.map(({ count }) => count),
    [6, 2],
  );
  assert.deepEqual(await senders('in:subject bells'), ['dora@hill.example']);
  assert.deepEqual(await senders('in:text bells'), []);
  assert.deepEqual(await senders('kind:message after:2019-02 before:2019-03'), ['ben@garden.example']);
  assert.deepEqual(await senders('from:dora@hill.example kind:message'), ['dora@hill.example']);
  assert.equal((await find('coffee -channel:mail kind:message')).total, 0);
  const nobody = await find('coffee service:elsewhere');
  assert.equal(nobody.total, 0);
  assert.match(nobody.note!, /service:elsewhere/);
  const [hit] = (await find('in:subject велосипед')).hits;
  assert.deepEqual(hit!.where, ['subject']);
  assert.match(hit!.pointer, /^[0-9a-f]{16}@\d+\+\d+$/);
  assert.equal(hit!.time_text, 'Sun, 6 Jan 2019 10:00:00 +0300');
  assert.equal(hit!.body_bytes, Buffer.byteLength('Мой велосипед стоит в саду, ёлка растёт.\n'));
  assert.doesNotMatch(JSON.stringify(hit), /саду/);
});

test('pages hold every hit once, and a page of another search is refused', async () => {
  const whole = (await find('mail OR coffee OR bell OR example')).hits.map(
    ({ pointer, shown }) => `${pointer} ${shown}`,
  );
  const paged: string[] = [];
  let page = '';
  do {
    const part = await find('mail OR coffee OR bell OR example', 3, page);
    paged.push(...part.hits.map(({ pointer, shown }) => `${pointer} ${shown}`));
    page = part.next ?? '';
    if (page !== '') await assert.rejects(find('bell', 3, page), { code: 'usage' });
  } while (page !== '');
  assert.ok(whole.length > 6);
  assert.deepEqual(paged, whole);
  for (const bad of ['x', 'W10', 'bnVsbA']) await assert.rejects(find('bell', 3, bad), { code: 'usage' });
});

test('any text is answered or refused as usage, and never reaches the engine as its own words', async () => {
  const signs = [
    '"',
    '*',
    '~',
    '(',
    ')',
    '-',
    'OR',
    'NOT',
    'AND',
    'NEAR',
    ' ',
    ':',
    '^',
    '{',
    '}',
    '+',
    'in:',
    'from:',
    'after:',
    'a',
    'é',
    '車',
    '\0',
    "'",
    ';',
    '\ud800',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc
      .array(fc.constantFrom(...signs, 'coffee', 'garden~', '2019'), { maxLength: 12 })
      .map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...signs, 'coffee', 'bell*'), { maxLength: 12 }).map((parts) => parts.join(' ')),
  );
  let answered = 0;
  await asking(async (asked) => {
    await fc.assert(
      fc.asyncProperty(text, async (query) => {
        try {
          const { total, hits } = await searchFor(operation, asked, null, {
            query,
            limit: 5,
            page: '',
            exact: false,
          });
          assert.equal(hits.length, Math.min(5, total));
          answered++;
        } catch (error) {
          assert.ok(error instanceof WaymarkError && error.code === 'usage', String(error));
          assert.ok(error.remedy);
        }
      }),
      { numRuns: 1500, seed: 8 },
    );
  });
  assert.ok(answered > 300, `only ${answered} were answered`);
  for (const query of [
    '"open',
    'a (b',
    'a) b',
    'OR',
    'a OR',
    '-a',
    'a*',
    'ab~',
    'abc~3',
    'in:nowhere a',
    'after:2019-13 a',
    'after:2019-02-30 a',
    '(from:x) a',
    'a country:DE',
    '!!',
    'in:',
  ])
    await assert.rejects(find(query), { code: 'usage' }, query);
  assert.throws(() => parseQuery('a '.repeat(70)), { code: 'usage' });
  assert.throws(() => parseQuery('('.repeat(1000)), { code: 'usage' });
});

test('a list of selectors: every line is accounted for', async () => {
  const list = [
    'value,kind',
    'BEN@Garden.Example,email',
    'dora@hill.example,',
    'dora@hill.example,email',
    sha256('route'),
    'nobody@nowhere.example,',
    '999.1.1.1,ip',
    'x,shoe size',
    '',
    '"Юрий Петров",name',
  ].join('\n');
  const engine = await openGeneration(operation);
  try {
    const view = await asking((asked) => searchSelectors(asked, engine, list));
    const { lines, blank, duplicates, notUnderstood, withHits, withoutHits } = view;
    assert.equal(lines, 10);
    assert.equal(blank + duplicates + notUnderstood + withHits + withoutHits, lines);
    assert.deepEqual(
      view.rejected.map(({ line }) => line),
      [7, 8],
    );
    assert.deepEqual(
      view.missed.map(({ given }) => given),
      ['nobody@nowhere.example'],
    );
    const byLine = new Map(view.found.map((each) => [each.line, each]));
    const ben = byLine.get(2)!;
    assert.equal(ben.canonical, 'ben@garden.example');
    assert.ok(ben.byKind.some(({ where, hits }) => where === 'message text' && hits === 1));
    assert.equal(
      ben.hits,
      ben.byKind.reduce((sum, { hits }) => sum + hits, 0),
    );
    assert.match(ben.accounts.find(({ where }) => where === 'sighting')!.person!, /^person-/);
    assert.deepEqual(byLine.get(5)!.byKind, [{ where: 'listed hash', selector: 'sha256', hits: 1 }]);
    assert.equal(byLine.get(10)!.accounts[0]!.account, 'mail/yp@sad.example');
  } finally {
    engine.close();
  }
});

test('searching and revealing are recorded; the ledger holds no words', async () => {
  const engine = await openGeneration(operation);
  try {
    const view = await asking((asked) =>
      searchFor(operation, asked, engine, {
        query: 'велосипед kind:message',
        limit: 5,
        page: '',
        exact: false,
      }),
    );
    assert.match(view.hits[0]!.person!, /^person-/);
    const record = (act: () => void) => operation.exclusively(async () => act());
    const run = {
      kind: 'search' as const,
      query: view.query,
      hits: view.total,
      hitsIsAtLeast: view.totalIsAtLeast,
      index: view.index.id,
      time: '2026-01-05T09:00:00Z',
    };
    await record(() => recordSearch(operation, run));
    const [snippet] = await revealHits(operation, engine, view.hits, record);
    assert.match(snippet!.text, /велосипед стоит в саду/);
    const ledger = operation.readLedger();
    const entries = [...ledger.entries(0, ledger.size)].map(({ entry }) => entry);
    const searched = entries.find(({ action }) => action === 'search.run')!;
    assert.match(String(searched.facts.digest), /^[0-9a-f]{64}$/);
    assert.notEqual(searched.facts.digest, sha256(view.query));
    assert.equal(entries.filter(({ action }) => action === 'source.reveal').length, 1);
    assert.doesNotMatch(JSON.stringify(entries), /велосипед/);
    assert.equal(listSearches(operation).at(-1)!.query, 'велосипед kind:message');
  } finally {
    engine.close();
  }
});

test('an index made anew gives the same answers; one that was changed is not used', async () => {
  const queries = ['coffee OR bell OR example', 'велосипед', '庭', 'Yuri', 'seedlnigs~'];
  const answers = async () => Promise.all(queries.map((query) => find(query)));
  const first = await answers();
  const file = operation.path('search', `${searchIndexId(operation)}.sqlite`);
  fs.rmSync(operation.path('search'), { recursive: true });
  assert.deepEqual(await answers(), first);
  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  fs.writeFileSync(file, bytes);
  assert.deepEqual(await answers(), first);
  assert.notDeepEqual(fs.readFileSync(file), bytes);
});

test('killed while it is made, the index is made by the next search', async () => {
  const expected = await find('coffee');
  const child = path.join(import.meta.dirname, '..', '..', 'src', 'workbench', 'search-child.ts');
  for (const when of ['at once', 'first report', 'second report']) {
    fs.rmSync(operation.path('search'), { recursive: true, force: true });
    const process = fork(child, [operation.folder, 'tester'], {
      serialization: 'advanced',
      stdio: 'ignore',
    } as never);
    process.send(wholeSight);
    await killedAt(process, when);
    assert.equal(fs.existsSync(operation.path('search', `${searchIndexId(operation)}.json`)), false, when);
    assert.deepEqual(await find('coffee'), expected, when);
    assert.deepEqual(
      fs.readdirSync(operation.path('search')).filter((name) => name.endsWith('.tmp')),
      [],
    );
  }
});

function killedAt(child: ChildProcess, when: string): Promise<void> {
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    let reports = 0;
    if (when === 'at once') child.kill('SIGKILL');
    else
      child.on('message', () => {
        if (++reports === (when === 'first report' ? 1 : 2)) child.kill('SIGKILL');
      });
  });
}

test('saved searches tell what is new by exhibit, and what fell; an excluded exhibit is not searched', async () => {
  const record = (act: () => void) => operation.exclusively(async () => act());
  await record(() => saveSearch(operation, 'drinks', 'coffee kind:message', '2026-01-05T09:00:00Z'));
  await assert.rejects(
    record(() => saveSearch(operation, 'bad', '"', '2026-01-05T09:00:00Z')),
    { code: 'usage' },
  );
  const listed = () => asking((asked) => listSavedSearches(operation, asked));
  assert.deepEqual(
    (await listed()).map(({ name, total, new: fresh, newByExhibit }) => [
      name,
      total,
      fresh,
      newByExhibit.map(({ hits }) => hits),
    ]),
    [['drinks', 2, 2, [1, 1]]],
  );
  await asking((asked) => markSearchSeen(operation, asked, 'drinks', '2026-01-06T09:00:00Z', record));
  assert.deepEqual(
    (await listed()).map((each) => [each.new, each.gone, each.seen]),
    [[0, 0, '2026-01-06T09:00:00Z']],
  );
  const before = await find('coffee kind:message');
  const second = before.facets.exhibit.values.find(({ label }) => label!.endsWith('second.mbox'))!.value;
  await excludeExhibit(operation, second, 'wrong parcel', () => {});
  const left = await find('coffee kind:message');
  assert.notEqual(left.index.id, before.index.id);
  assert.deepEqual(
    left.hits.map(({ account }) => account),
    ['mail/anna.lind@velo.example'],
  );
  assert.deepEqual(
    (await listed()).map((each) => [each.total, each.new, each.gone]),
    [[1, 0, 1]],
  );
  assert.deepEqual(
    fs.readdirSync(operation.path('search')).sort(),
    [`${left.index.id}.json`, `${left.index.id}.sqlite`],
    'the index of the earlier lake is gone',
  );
});
