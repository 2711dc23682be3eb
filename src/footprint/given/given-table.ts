import { sha256Hex } from '../../base/hash.ts';
import { canonicalJson } from '../../base/json.ts';
import type { Engine } from '../../store/engine.ts';
import * as sql from '../../store/queries/hand-offs.ts';
import {
  findGivenSelectors,
  findSplitSelectors,
  type GivenSelector,
  type KnownHandles,
  offeredWord,
  searchHint,
} from '../given-selectors.ts';

/** A message that more people read is no private giving. */
export const maxReaders = 8;
/** Messages of one sender that follow each other this closely may hold one selector between them. */
const splitWithinMicros = 30 * 60 * 1_000_000;
/** Messages over which a selector may be split. */
const maxParts = 3;
const insertRows = 10_000;

interface Message {
  readonly key: string;
  readonly service: string;
  readonly channel: string;
  readonly sender: string;
  readonly readers: string;
  readonly time: number | null;
  readonly timeText: string | null;
  readonly timeZone: string | null;
  readonly body: string;
  readonly pointer: string;
}

interface Found {
  readonly messages: readonly Message[];
  readonly given: GivenSelector;
}

/**
 * Makes the table `given_selector`: each selector that one party gave to another in a private message, mail
 * or chat, one row for each reader. Returns the number of rows.
 */
export async function makeGivenSelectors(engine: Engine): Promise<number> {
  await engine.run(sql.createGivenSelectors);
  const handles = await handlesElsewhere(engine);
  const found: Found[] = [];
  const search = new Search((each) => found.push(each), handles);
  await engine.pages(
    sql.privateMessages,
    { most: maxReaders, hint: searchHint, offered: offeredWord },
    ({ columns, rows }) => {
      for (let r = 0; r < rows; r++) {
        const cell = (c: number) => columns[c]![r] as string;
        search.next({
          key: cell(0),
          service: cell(1),
          channel: cell(2),
          sender: cell(3),
          time: columns[4]![r] as number | null,
          timeText: columns[5]![r] as string | null,
          timeZone: columns[6]![r] as string | null,
          body: cell(7),
          pointer: cell(8),
          readers: cell(9),
        });
      }
    },
  );
  search.end();
  return store(engine, found);
}

/** For each service, the handles that other services know and it does not. */
async function handlesElsewhere(engine: Engine): Promise<(service: string) => KnownHandles> {
  const services = new Map<string, string[]>();
  await engine.pages(sql.handlesByService, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [service, handle] = [columns[0]![r] as string, columns[1]![r] as string];
      const held = services.get(handle);
      if (held) held.push(service);
      else services.set(handle, [service]);
    }
  });
  return (service) => ({
    size: services.size,
    has: (handle) => services.get(handle)?.includes(service) === false,
  });
}

/** Goes through the messages; holds the last few of one sender to the same readers. */
class Search {
  private readonly tell: (found: Found) => void;
  private readonly handles: (service: string) => KnownHandles;
  private recent: { readonly message: Message; found: Found[] }[] = [];

  constructor(tell: (found: Found) => void, handles: (service: string) => KnownHandles) {
    this.tell = tell;
    this.handles = handles;
  }

  next(message: Message): void {
    const last = this.recent.at(-1)?.message;
    if (last !== undefined && !follows(last, message)) this.end();
    if (this.recent.length === maxParts) this.release(this.recent.shift()!);
    const options = {
      knownHandles: message.channel === 'mail' ? none : this.handles(message.service),
      expected: expectedIn(message),
    };
    const found: Found[] = findGivenSelectors(message.body, options).map((given) => ({
      messages: [message],
      given,
    }));
    this.recent.push({ message, found });
    for (let parts = 2; parts <= this.recent.length; parts++) {
      const window = this.recent.slice(-parts);
      const split = findSplitSelectors(
        window.map((each) => each.message.body),
        options,
      ).filter(({ first, last: end }) => first === 0 && end === parts - 1);
      if (split.length === 0) continue;
      for (const { given } of split) {
        for (const each of window)
          each.found = each.found.filter((one) => !given.raw.includes(one.given.raw));
        found.push({ messages: window.map((each) => each.message), given });
      }
      this.recent.at(-1)!.found = found.filter(
        (one) => one.messages.length > 1 || !split.some(({ given }) => given.raw.includes(one.given.raw)),
      );
      break;
    }
  }

  end(): void {
    for (const each of this.recent) this.release(each);
    this.recent = [];
  }

  private release(each: { readonly found: readonly Found[] }): void {
    for (const found of each.found) this.tell(found);
  }
}

function follows(a: Message, b: Message): boolean {
  if (a.sender !== b.sender || a.readers !== b.readers || a.channel !== b.channel) return false;
  // Without times, as some chats are exported, the order of the file stands for them.
  if (a.time === null || b.time === null) return a.time === b.time && a.channel === 'chat';
  return b.time - a.time <= splitWithinMicros;
}

/** In a mail, the addresses of its own header are no news. */
function expectedIn({ channel, sender, readers }: Message): ReadonlySet<string> {
  if (channel !== 'mail') return none;
  return new Set(
    [sender, ...readers.split('\u001f')].map((account) => account.slice(account.indexOf('/') + 1)),
  );
}
const none: ReadonlySet<string> = new Set();

async function store(engine: Engine, found: readonly Found[]): Promise<number> {
  const stated = await statedBy(engine, found);
  const rows = found.flatMap(({ messages, given }) => {
    const last = messages.at(-1)!;
    return last.readers.split('\u001f').map((reader) => {
      const holders = stated.get(`${given.kind} ${given.canonical}`);
      // The reader's own address, said back to them, is no giving.
      const theirs = holders?.has(reader) && !holders.has(last.sender);
      const id = sha256Hex(
        [...messages.map((each) => each.key), given.kind, given.canonical, reader].join('\n'),
      );
      return {
        id: `given-${id.slice(0, 12)}`,
        last,
        reader,
        given,
        messages,
        meant: theirs ? 'mention' : given.meant,
      };
    });
  });
  const once = [...new Map(rows.map((row) => [row.id, row])).values()];
  for (let at = 0; at < once.length; at += insertRows) {
    const part = once.slice(at, at + insertRows);
    await engine.run(sql.insertGivenSelectors, {
      given: part.map((row) => row.id),
      message: part.map((row) => row.last.key),
      from: part.map((row) => row.last.sender),
      to: part.map((row) => row.reader),
      service: part.map((row) => row.last.service),
      channel: part.map((row) => row.last.channel),
      kind: part.map((row) => row.given.kind),
      selectorService: part.map((row) => row.given.service ?? ''),
      selector: part.map((row) => row.given.canonical),
      key: part.map((row) => row.given.key),
      raw: part.map((row) => row.given.raw),
      style: part.map((row) => row.given.style),
      meant: part.map((row) => row.meant),
      time: part.map((row) => (row.last.time === null ? '' : String(row.last.time))),
      timeText: part.map((row) => row.last.timeText ?? ''),
      timeZone: part.map((row) => row.last.timeZone ?? ''),
      pointers: part.map((row) => canonicalJson(row.messages.map((each) => each.pointer))),
    });
  }
  return once.length;
}

async function statedBy(engine: Engine, found: readonly Found[]): Promise<Map<string, Set<string>>> {
  const values = [...new Set(found.map(({ given }) => given.canonical))];
  const stated = new Map<string, Set<string>>();
  if (values.length === 0) return stated;
  const rows = await engine.rows<{ selector: string; canonical: string; account: string }>(sql.statedBy, {
    values,
  });
  for (const { selector, canonical, account } of rows) {
    const key = `${selector} ${canonical}`;
    stated.set(key, (stated.get(key) ?? new Set()).add(account));
  }
  return stated;
}
