import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Searcher } from '../src/footprint/search/ask.ts';
import { documentOf } from '../src/footprint/search/documents.ts';
import { isPacked } from '../src/footprint/search/tokens.ts';
import { SearchIndexWriter } from '../src/store/search-index.ts';
import { freshFolder } from './support/evidence.ts';

/**
 * Our index against SQLite FTS5 with its own unicode61 tokenizer over the same invented messages in eight scripts, and
 * the time of queries by kind. Promises: building takes at most twice as long; 95 of 100 queries of each kind take less
 * than 100 ms. 200,000 messages, or 2,000,000 with --full.
 */
export async function searching(): Promise<void> {
  const messages = process.argv.includes('--full') ? 2_000_000 : 200_000;
  const folder = freshFolder('search');
  const ours = path.join(folder, 'ours.sqlite');
  const theirs = path.join(folder, 'theirs.sqlite');
  // The texts are made before the clock starts, a part at a time, so that memory stays small.
  const spent = { ours: 0, theirs: 0 };
  const writer = new SearchIndexWriter(ours);
  const peer = new Peer(theirs);
  let bytes = 0;
  for (let from = 0; from < messages; from += partMessages) {
    const rows = [...invented(from, Math.min(messages, from + partMessages))];
    for (const { body } of rows) bytes += Buffer.byteLength(body);
    spent.ours += timed(() => {
      for (const row of rows) writer.add(documentOf(row));
    });
    spent.theirs += timed(() => peer.add(rows));
  }
  spent.ours += timed(() => writer.finish(new Map(), (term) => !isPacked(term)));
  spent.theirs += timed(() => peer.finish());
  const sizes = { ours: fs.statSync(ours).size, theirs: fs.statSync(theirs).size };
  print(
    ['', 'seconds', 'messages/s', 'MB', 'x unicode61'],
    [
      ['ours', spent.ours, messages / spent.ours, sizes.ours / 1e6, spent.ours / spent.theirs],
      ['FTS5 unicode61', spent.theirs, messages / spent.theirs, sizes.theirs / 1e6, 1],
    ],
  );
  const searcher = new Searcher(ours);
  const figures = Object.entries(queries()).map(([kind, texts]) => {
    const times = texts.map((text) => {
      const question = { kind: 'search' as const, text, options: { limit: 50, from: null, exact: false } };
      return 1000 * timed(() => searcher.answer(question));
    });
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
    return { kind, queries: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  });
  searcher.close();
  print(
    ['queries (ms)', 'n', 'p50', 'p95', 'p99'],
    figures.map(({ kind, queries: n, p50, p95, p99 }) => [kind, n, p50, p95, p99]),
  );
  const facts = {
    bench: 'search',
    messages,
    textBytes: bytes,
    seconds: spent,
    bytes: sizes,
    ratio: spent.ours / spent.theirs,
  };
  process.stdout.write(`${JSON.stringify({ ...facts, figures })}\n`);
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Plain FTS5: the same texts, its own tokenizer, no more. */
class Peer {
  private readonly db: DatabaseSync;
  private next = 1;

  constructor(file: string) {
    this.db = new DatabaseSync(file);
    this.db.exec(`pragma journal_mode = memory; pragma synchronous = off; pragma page_size = 8192; pragma cache_size = -65536;
                  create virtual table t using fts5(subject, body, content='', tokenize='unicode61'); begin`);
  }

  add(rows: readonly { readonly subject: string; readonly body: string }[]): void {
    const insert = this.db.prepare('insert into t (rowid, subject, body) values (?, ?, ?)');
    for (const { subject, body } of rows) insert.run(this.next++, subject, body);
  }

  finish(): void {
    this.db.exec('commit');
    this.db.close();
  }
}

const partMessages = 20_000;
const vocabulary = 40_000;
/** Letters of invented words; the last three are written without spaces. */
const alphabets = [
  'etaoinshrdlucmfwypvbgk',
  'aeioubcdfglmnprstväöüß',
  'aeioslnrcdtpmuáéíóñçêã',
  'оеаинтсрвлкмдпуяыьгзбчйхж',
  'αοιετσνηυρπκμλςωδγχθφβξζψ',
  'اليمنتربوهدعسفحكقجشصطخضذث',
  '自転車庭花園茶豆書店道山川水火木金土日月年時分人大小中上下左右前後新古高安長短白黒赤青',
  'กขคงจชซดตถทนบปผพฟมยรลวสหอะาิีึืุูเแโใไ่้',
].map((letters) => [...letters]);
/** Messages of a hundred in each alphabet. */
const shares = [45, 10, 10, 12, 5, 6, 8, 4];

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A word by its rank, always the same; common words are short. */
function wordOf(alphabet: number, rank: number): string {
  const letters = alphabets[alphabet]!;
  const next = random(alphabet * 1_000_003 + rank);
  const packed = alphabet >= 6;
  const length = packed ? 1 + Math.floor(next() * 3) : 2 + Math.floor(next() * 3 + Math.log2(rank + 2) / 3);
  let word = '';
  for (let i = 0; i < length; i++) word += letters[Math.floor(next() * next() * letters.length)]!;
  return word;
}

const words = new Map<number, string>();
function word(alphabet: number, rank: number): string {
  const key = alphabet * vocabulary + rank;
  let known = words.get(key);
  if (known === undefined) {
    known = wordOf(alphabet, rank);
    words.set(key, known);
  }
  return known;
}

/** Ranks as words of a language have them: few common, many rare. */
function rankOf(share: number): number {
  return Math.floor(vocabulary ** share) - 1;
}

function alphabetOf(share: number): number {
  let left = share * 100;
  for (let i = 0; i < shares.length; i++) {
    left -= shares[i]!;
    if (left < 0) return i;
  }
  return 0;
}

function sentence(next: () => number, alphabet: number, length: number): string {
  const parts = Array.from({ length }, () => word(alphabet, rankOf(next())));
  return parts.join(alphabet >= 6 ? '' : ' ');
}

function* invented(from: number, to: number) {
  for (let i = from; i < to; i++) {
    const next = random(0x5eed + i);
    const alphabet = alphabetOf(next());
    const account = Math.floor(next() * next() * 20_000);
    yield {
      kind: 'message' as const,
      selector: null,
      exhibit: (0x1000000000000000n + BigInt(i % 40)).toString(16),
      path: '',
      offset: i * 300,
      length: 280,
      service: i % 5 === 0 ? 'mail' : 'phpbb:garden.example',
      account: `phpbb:garden.example/${account}`,
      channel: i % 5 === 0 ? 'mail' : i % 3 === 0 ? 'private message' : 'post',
      time: 1_500_000_000_000_000 + i * 30_000_000,
      timeText: '',
      timeZone: 'epoch',
      subject: i % 4 === 0 ? sentence(next, alphabet, 3) : '',
      body: sentence(next, alphabet, 6 + Math.floor(next() * 22)),
      bodyFormat: 'plain',
      label: null,
      canonical: null,
      times: 1,
    };
  }
}

const queriesOfKind = 200;

/** Words drawn as texts have them (so that common ones are asked for often), always the same. */
function queries(): Record<string, string[]> {
  const next = random(77);
  const make = (one: (alphabet: number) => string) =>
    Array.from({ length: queriesOfKind }, () => one(alphabetOf(next())));
  const spelled = (one: (alphabet: number) => string) => make((alphabet) => one(alphabet % 6));
  const long = (alphabet: number, least: number) => {
    for (;;) {
      const found = word(alphabet, rankOf(0.3 + 0.7 * next()));
      if ([...found].length >= least) return found;
    }
  };
  return {
    word: make((a) => word(a, rankOf(next()))),
    'two words': make((a) => `${word(a, rankOf(next()))} ${word(a, rankOf(next()))}`),
    phrase: make((a) => `"${word(a, rankOf(next()))} ${word(a, rankOf(next()))}"`),
    prefix: spelled((a) => `${[...long(a, 4)].slice(0, 3).join('')}*`),
    'fuzzy, one edit': spelled((a) => `${swapped(long(a, 5))}~1`),
    'fuzzy, two edits': spelled((a) => `${swapped(long(a, 6))}~2`),
    'word and fields': make((a) => `${word(a, rankOf(next()))} channel:post after:2018 before:2019`),
    'or, not': make(
      (a) => `(${word(a, rankOf(next()))} OR ${word(a, rankOf(next()))}) -${word(a, rankOf(next()))}`,
    ),
  };
}

function swapped(text: string): string {
  const letters = [...text];
  return [letters[0], letters[2], letters[1], ...letters.slice(3)].join('');
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

function print(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = [
    heading,
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? shown(cell) : cell))),
  ];
  const widths = heading.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 2 : 0);
}
