import assert from 'node:assert/strict';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { Searcher } from '../../src/footprint/search/ask.ts';
import { documentOf } from '../../src/footprint/search/documents.ts';
import type { Answer } from '../../src/footprint/search/search.ts';
import { isPacked } from '../../src/footprint/search/tokens.ts';
import { mostCounted, type PagePlace, SearchIndexWriter } from '../../src/store/search-index.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
const messages = 2 * mostCounted + 300;
const hour = 3_600_000_000;
const first = 1_546_300_800_000_000;
let searcher: Searcher;

/** Every message says "bell", every second "coffee", every tenth has "ride" for a subject, one in 1,000 "moss". */
const isSaid: Readonly<Record<string, (n: number) => boolean>> = {
  bell: () => true,
  coffee: (n) => n % 2 === 0,
  ride: (n) => n % 10 === 0,
  moss: (n) => n % 1000 === 7,
};

before(() => {
  const file = path.join(folder, 'index.sqlite');
  const writer = new SearchIndexWriter(file);
  for (let n = 0; n < messages; n++) {
    const says = (word: string) => (isSaid[word]!(n) ? word : '');
    writer.add(
      documentOf({
        kind: 'message',
        selector: null,
        exhibit: n % 3 === 0 ? 'a'.repeat(16) : 'b'.repeat(16),
        path: '',
        offset: n * 100,
        length: 90,
        service: 'mail',
        account: `mail/member${n % 7}@velo.example`,
        channel: n % 5 === 0 ? 'mail' : 'post',
        time: n < messages - 10 ? first + n * hour : null,
        timeText: null,
        timeZone: null,
        subject: says('ride'),
        body: `bell ${says('coffee')} ${says('moss')}`,
        bodyFormat: 'plain',
        label: null,
        canonical: null,
        times: 1,
      }),
    );
  }
  writer.finish(new Map(), (term) => !isPacked(term));
  searcher = new Searcher(file);
});
after(() => {
  searcher?.close();
  remove();
});

function ask(text: string, exact = false, limit = 50, from: PagePlace | null = null): Answer {
  return searcher.answer({ kind: 'search', text, options: { limit, from, exact } });
}

function sums(answer: Answer): number[] {
  const { kind, exhibit, service, channel, month } = answer.facets;
  return [kind, exhibit, service, channel, month].map(
    ({ values, others, none }) => values.reduce((sum, { count }) => sum + count, 0) + others + none,
  );
}

function all(text: string): number[] {
  const offsets: number[] = [];
  let from: PagePlace | null = null;
  do {
    const page: Answer = ask(text, false, 200, from);
    offsets.push(...page.hits.map(({ document }) => document.offset / 100));
    from = page.next;
  } while (from !== null);
  return offsets;
}

const numbers = (isHit: (n: number) => boolean) =>
  Array.from({ length: messages }, (_, n) => n).filter(isHit);

test('hits are counted up to a limit that is said, and all of them when asked', () => {
  const counted = ask('bell');
  assert.deepEqual([counted.total, counted.totalIsAtLeast, counted.order], [mostCounted, true, 'time']);
  assert.match(counted.note!, new RegExp(`first ${mostCounted} in time`));
  assert.deepEqual(sums(counted), Array(5).fill(mostCounted));
  assert.deepEqual(counted.understood[0]!.terms, [
    { term: 'bell', distance: 0, documents: mostCounted, documentsIsAtLeast: true },
  ]);
  const exact = ask('bell', true);
  assert.deepEqual([exact.total, exact.totalIsAtLeast], [messages, false]);
  assert.deepEqual(sums(exact), Array(5).fill(messages));
  assert.deepEqual(exact.hits, counted.hits);
  assert.doesNotMatch(exact.note!, /counted up to/);
});

test('as many hits as are counted are no more than that', () => {
  const hours = `bell before:${new Date((first + mostCounted * hour) / 1000).toISOString()}`.replace(
    '.000Z',
    'Z',
  );
  assert.deepEqual([ask(hours).total, ask(hours).totalIsAtLeast], [mostCounted, false]);
  assert.equal(ask(hours).order, 'relevance');
});

test('pages reach every hit once, in time, far beyond those that are counted', () => {
  assert.deepEqual(all('bell'), numbers(isSaid.bell!));
  assert.deepEqual(
    all('bell channel:mail').sort((a, b) => a - b),
    numbers((n) => n % 5 === 0),
  );
  assert.deepEqual(all('coffee').length, numbers(isSaid.coffee!).length);
});

test('what matched, and where, is told for each hit of a common and of a rare word', () => {
  const answers = [
    ask('bell ride'),
    ask('moss bell'),
    ask('ride OR moss'),
    ask('rid* coffee'),
    ask('bell', false, 200),
  ];
  for (const { hits } of answers) {
    assert.ok(hits.length > 0);
    for (const { document, where, matched } of hits) {
      const n = document.offset / 100;
      const said = Object.keys(isSaid).filter((word) => isSaid[word]!(n));
      for (const word of matched)
        assert.ok(
          said.some((each) => each.startsWith(word.replace('*', ''))),
          word,
        );
      assert.equal(
        where.includes('subject'),
        matched.some((word) => word.startsWith('rid')),
      );
      assert.equal(
        where.includes('text'),
        matched.some((word) => !word.startsWith('rid')),
      );
    }
  }
  assert.deepEqual(
    ask('moss bell')
      .hits.map(({ document }) => document.offset / 100)
      .sort((a, b) => a - b),
    numbers(isSaid.moss!),
  );
});

test('saved searches and lists count all', () => {
  const counts = searcher.answer({ kind: 'by-exhibit', text: 'bell' });
  assert.equal(
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    messages,
  );
  assert.equal(searcher.answer({ kind: 'mentions', values: ['bell'] })[0]!.hits, messages);
});
