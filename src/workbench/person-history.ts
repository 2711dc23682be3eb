import { WaymarkError } from '../base/errors.ts';
import type { Evidence } from '../persons/evidence.ts';
import type { Engine } from '../store/engine.ts';
import { assertIntact, generationPath, openEngine } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/person-history.ts';

/** Accounts that came from a person, or went to one. */
export interface Part {
  readonly person: string;
  readonly accounts: readonly string[];
}

/** Something that may have brought a change about: what differs between the two generations and touches it. */
export interface Cause {
  readonly kind: 'decision' | 'evidence' | 'exhibit' | 'method';
  readonly text: string;
  readonly pointers: readonly string[];
}

/** What became of a person from one generation to the next one in force. */
export interface PersonEvent {
  readonly before: string;
  readonly after: string;
  /** When the later generation came into force, as the ledger has it. */
  readonly time: string;
  /** Its id before and after: they differ where its first account changed. */
  readonly personBefore: string | null;
  readonly personAfter: string;
  readonly kinds: readonly ('formed' | 'merged' | 'split' | 'accounts added' | 'accounts gone' | 'renamed')[];
  readonly mergedFrom: readonly Part[];
  readonly splitInto: readonly Part[];
  /** Accounts that no person held before, and those that none holds after. */
  readonly added: readonly string[];
  readonly gone: readonly string[];
  readonly causes: readonly Cause[];
}

export interface PersonHistory {
  readonly person: string;
  /** Newest first. */
  readonly events: readonly PersonEvent[];
  /** Changes of generation that were looked at, of all there were. */
  readonly compared: number;
  readonly generations: number;
}

/** Changes of generation looked at, newest first; more are counted, not compared. */
const mostSteps = 100;
/** Causes named for one event. */
const mostCauses = 20;

interface InForce {
  readonly id: string;
  readonly time: string;
}

/**
 * How a person came to be: every merge, split and change of its accounts between generations in force, with what
 * differs between them. Worked out from the stored generations; nothing of it is stored. `person` may be an id of
 * the generation in force or of an earlier one: followed back from the latest generation that knows it, always to
 * the person before that shares most accounts. Throws WaymarkError 'not-found'.
 */
export async function personHistory(operation: Operation, person: string): Promise<PersonHistory> {
  const chain = generationsInForce(operation);
  const engine = await openEngine(operation);
  try {
    const files = new Files(operation);
    let at = chain.length - 1;
    while (at >= 0 && (await accountsIn(engine, files, chain[at]!.id, person)).length === 0) at--;
    if (at < 0) {
      throw new WaymarkError('not-found', `no generation has a person "${person}"`, {
        remedy: 'Look the person up by handle or account.',
      });
    }
    const events: PersonEvent[] = [];
    let followed: string | null = person;
    let compared = 0;
    for (; at > 0 && followed !== null && compared < mostSteps; at--, compared++) {
      const event: PersonEvent = await compare(
        engine,
        operation,
        files,
        chain[at - 1]!,
        chain[at]!,
        followed,
      );
      if (event.kinds.length > 0) events.push(event);
      followed = event.personBefore;
    }
    return { person, events, compared, generations: chain.length };
  } finally {
    engine.close();
  }
}

/** The generations as they came into force, each change of generation once, oldest first. */
function generationsInForce(operation: Operation): InForce[] {
  const kept = new Set(operation.state.all<{ id: string }>('select id from generation').map((row) => row.id));
  const chain: InForce[] = [];
  const ledger = operation.readLedger();
  for (const { entry } of ledger.entries(0, ledger.size)) {
    if (entry.action !== 'generation.build' && entry.action !== 'generation.switch') continue;
    const id = entry.objects[0]!;
    if (kept.has(id) && chain.at(-1)?.id !== id) chain.push({ id, time: entry.time });
  }
  return chain;
}

/** Paths of derived tables, each checked against its hash before it is read. */
class Files {
  private readonly operation: Operation;
  constructor(operation: Operation) {
    this.operation = operation;
  }

  async of(generation: string, table: 'person' | 'link'): Promise<string> {
    const stored = generationPath(generation, table);
    const row = this.operation.state.one<{ sha256: string }>(
      'select sha256 from generation_file where generation = $generation and path = $stored',
      { generation, stored },
    );
    if (!row) throw new WaymarkError('integrity', 'a generation has no such table', { where: stored });
    const file = this.operation.path(stored);
    await assertIntact(file, row.sha256);
    return file;
  }
}

async function accountsIn(
  engine: Engine,
  files: Files,
  generation: string,
  person: string,
): Promise<string[]> {
  const file = await files.of(generation, 'person');
  const rows = await engine.rows<{ account: string }>(sql.accountsOf(file), { person });
  return rows.map((row) => row.account);
}

async function holding(
  engine: Engine,
  files: Files,
  generation: string,
  accounts: readonly string[],
): Promise<Map<string, string[]>> {
  const file = await files.of(generation, 'person');
  const rows = await engine.rows<{ person: string; account: string }>(sql.personsHolding(file), {
    accounts: [...accounts],
  });
  const persons = new Map<string, string[]>();
  for (const row of rows) {
    const held = persons.get(row.person);
    if (held) held.push(row.account);
    else persons.set(row.person, [row.account]);
  }
  return persons;
}

async function compare(
  engine: Engine,
  operation: Operation,
  files: Files,
  before: InForce,
  after: InForce,
  person: string,
): Promise<PersonEvent> {
  const accounts = await accountsIn(engine, files, after.id, person);
  const inside = new Set(accounts);
  const sources = await holding(engine, files, before.id, accounts);
  const shared = (list: readonly string[]) => list.filter((account) => inside.has(account));
  const main = [...sources].sort(
    ([p, x], [q, y]) => shared(y).length - shared(x).length || (p < q ? -1 : 1),
  )[0];
  const mergedFrom = [...sources]
    .filter(([source]) => source !== main?.[0])
    .map(([source, list]) => ({ person: source, accounts: shared(list) }));
  const wasSomewhere = new Set([...sources.values()].flat());
  const added = accounts.filter((account) => !wasSomewhere.has(account));
  const left = (main?.[1] ?? []).filter((account) => !inside.has(account));
  const heirs =
    left.length === 0 ? new Map<string, string[]>() : await holding(engine, files, after.id, left);
  const splitInto = [...heirs].map(([heir, list]) => ({
    person: heir,
    accounts: list.filter((account) => left.includes(account)),
  }));
  const held = new Set(splitInto.flatMap((part) => part.accounts));
  const gone = left.filter((account) => !held.has(account));
  const personBefore = main?.[0] ?? null;
  const kinds: PersonEvent['kinds'][number][] = [];
  if (personBefore === null) kinds.push('formed');
  else {
    if (mergedFrom.length > 0) kinds.push('merged');
    if (splitInto.length > 0) kinds.push('split');
    if (added.length > 0) kinds.push('accounts added');
    if (gone.length > 0) kinds.push('accounts gone');
    if (personBefore !== person) kinds.push('renamed');
  }
  const event = { before: before.id, after: after.id, time: after.time, personBefore, personAfter: person };
  const moved = { mergedFrom, splitInto, added, gone };
  const causes =
    kinds.length === 0 || personBefore === null
      ? []
      : await causesOf(engine, operation, files, event, [...inside, ...left], (account) =>
          placeOf(account, moved),
        );
  return { ...event, kinds, ...moved, causes };
}

/** The part that an account belongs to: what divides accounts that came together or went apart. */
function placeOf(
  account: string,
  { mergedFrom, splitInto, added, gone }: Pick<PersonEvent, 'mergedFrom' | 'splitInto' | 'added' | 'gone'>,
): string {
  for (const part of [...mergedFrom, ...splitInto]) if (part.accounts.includes(account)) return part.person;
  return added.includes(account) || gone.includes(account) ? account : '';
}

interface Inputs {
  readonly waymark: string;
  readonly sources: string;
  readonly lake: readonly (readonly [string, string])[];
  readonly links: readonly { readonly subject: readonly string[]; readonly value: string }[];
  readonly linking: unknown;
}

interface LinkRow {
  readonly a: string;
  readonly b: string;
  readonly bits: number;
  readonly decision: string | null;
  readonly evidence: string;
}

/** What differs between two generations and touches pairs of accounts that came together or went apart. */
async function causesOf(
  engine: Engine,
  operation: Operation,
  files: Files,
  { before, after }: Pick<PersonEvent, 'before' | 'after'>,
  accounts: readonly string[],
  placeOfAccount: (account: string) => string,
): Promise<Cause[]> {
  const [then, now] = [before, after].map((id) => inputsOf(operation, id)) as [Inputs, Inputs];
  const causes: Cause[] = [...decisionsBetween(then, now, new Set(accounts))];
  for (const [exhibit, came] of exhibitsBetween(then, now)) {
    const text = came ? `exhibit ${exhibit} was added` : `exhibit ${exhibit} was taken out`;
    causes.push({ kind: 'exhibit', text, pointers: [] });
  }
  if (then.waymark !== now.waymark || then.sources !== now.sources || !isEqual(then.linking, now.linking))
    causes.push({ kind: 'method', text: 'the program or its linking settings changed', pointers: [] });
  const linksOf = async (generation: string) => {
    const file = await files.of(generation, 'link');
    const rows = await engine.rows<LinkRow>(sql.linksBetween(file), { accounts: [...new Set(accounts)] });
    return new Map(rows.map((row) => [`${row.a}\n${row.b}`, row]));
  };
  const [old, present] = [await linksOf(before), await linksOf(after)];
  for (const key of new Set([...present.keys(), ...old.keys()])) {
    const [was, is] = [old.get(key), present.get(key)];
    const { a, b } = (is ?? was)!;
    if (placeOfAccount(a) === placeOfAccount(b) || was?.evidence === is?.evidence) continue;
    causes.push(...evidenceBetween(a, b, was, is));
  }
  return causes.slice(0, mostCauses);
}

function evidenceBetween(a: string, b: string, was: LinkRow | undefined, is: LinkRow | undefined): Cause[] {
  const [old, present] = [was, is].map((row) => (row ? (JSON.parse(row.evidence) as Evidence[]) : [])) as [
    Evidence[],
    Evidence[],
  ];
  const missing = (from: readonly Evidence[], in_: readonly Evidence[]) =>
    from.filter((each) => !in_.some((other) => other.text === each.text));
  const tell = (each: Evidence, what: string): Cause => ({
    kind: 'evidence',
    text: `${what} between ${a} and ${b}: ${each.text} (${each.bits.toFixed(1)} bits)`,
    pointers: each.pointers,
  });
  return [
    ...missing(present, old).map((each) => tell(each, 'new')),
    ...missing(old, present).map((each) => tell(each, 'no longer')),
  ];
}

function* decisionsBetween(then: Inputs, now: Inputs, accounts: ReadonlySet<string>): Generator<Cause> {
  const [old, present] = [then, now].map(
    ({ links }) => new Map(links.map(({ subject, value }) => [subject.join('\n'), value])),
  ) as [Map<string, string>, Map<string, string>];
  for (const key of [...new Set([...old.keys(), ...present.keys()])].sort()) {
    const [was, is] = [old.get(key), present.get(key)];
    const [a, b] = key.split('\n') as [string, string];
    if (was === is || (!accounts.has(a) && !accounts.has(b))) continue;
    const text =
      is === undefined
        ? `the decision that ${a} and ${b} are "${was}" was taken back`
        : `${a} and ${b} were decided to be "${is}"${was === undefined ? '' : `, before "${was}"`}`;
    yield { kind: 'decision', text, pointers: [] };
  }
}

/** Exhibits that stand in one of two generations alone: true where they came. */
function exhibitsBetween(then: Inputs, now: Inputs): [string, boolean][] {
  const [old, present] = [then, now].map(
    ({ lake }) => new Set(lake.map(([file]) => /exhibit=([^/]+)/.exec(file)?.[1] ?? file)),
  ) as [Set<string>, Set<string>];
  return [
    ...[...present]
      .filter((each) => !old.has(each))
      .sort()
      .map((each): [string, boolean] => [each, true]),
    ...[...old]
      .filter((each) => !present.has(each))
      .sort()
      .map((each): [string, boolean] => [each, false]),
  ];
}

function inputsOf(operation: Operation, generation: string): Inputs {
  const row = operation.state.one<{ inputs: string }>(
    'select inputs from generation where id = $generation',
    {
      generation,
    },
  );
  return JSON.parse(row!.inputs) as Inputs;
}

function isEqual(x: unknown, y: unknown): boolean {
  return JSON.stringify(x) === JSON.stringify(y);
}
