import type { z } from '@hono/zod-openapi';
import type { errorSchema } from '../../src/http/contract/fields.ts';
import type { progressSchema } from '../../src/http/contract/operation.ts';
import type { AnswerOf, Contract, EndpointName } from '../../src/http/contract.ts';
import { askedText } from './parts.ts';
import type { Evidence } from './ui/evidence.ts';
import type { Stated } from './ui/opening.tsx';

/**
 * The only file that speaks to the server. Its types come from the server's contract; text from exhibits
 * arrives as `Evidence`, which only the one renderer can show.
 */
type Shown<T> = T extends string & z.core.$brand<'evidence'>
  ? Evidence
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Shown<Item>[]
      : { readonly [Key in keyof T]: Shown<T[Key]> };

export type Answer<Name extends EndpointName> = Shown<AnswerOf<Name>>;
export type WorkEvent = Shown<z.output<typeof progressSchema>>;
export type ErrorFacts = Shown<z.output<typeof errorSchema>>['error'];

/** What the server says went wrong. */
export class ApiError extends Error {
  readonly facts: ErrorFacts;
  readonly status: number;

  constructor(facts: ErrorFacts, status: number) {
    super(facts.code);
    this.facts = facts;
    this.status = status;
  }
}

type PathOf<Name extends EndpointName> = Contract[Name]['path'];
type Values = Readonly<Record<string, string | number>>;
/** What an act takes, as a form gives it; accounts and pointers may be evidence: they are sent, not shown. */
export type Body<Name extends EndpointName> = Contract[Name] extends {
  readonly body: infer S extends z.ZodType;
}
  ? Sent<z.input<S>>
  : never;
type Sent<T> = T extends string | undefined
  ? T | (string extends T ? Evidence : never)
  : { readonly [Key in keyof T]: Sent<T[Key]> };

/** What may be asked of a list: every part of the query as text or number; empty parts are left out. */
export type Asking<Name extends EndpointName> = Contract[Name] extends {
  readonly query: infer S extends z.ZodObject;
}
  ? { readonly [Key in keyof z.input<S>]?: string | number }
  : never;

interface Asked {
  readonly params?: Values;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

function address(path: string, { params = {}, query }: Asked): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  if (!query) return filled;
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value).toWellFormed()]],
  );
  return `${filled}?${new URLSearchParams(pairs)}`;
}

const turnedAwayListeners = new Set<() => void>();

/** Calls back when the server answers that nobody is logged in any more. Returns how to stop. */
export function turnedAway(tell: () => void): () => void {
  turnedAwayListeners.add(tell);
  return () => turnedAwayListeners.delete(tell);
}

const confirmListeners = new Set<() => void>();

/** Calls back when the server wants the password once more before an act. Returns how to stop. */
export function passwordWanted(tell: () => void): () => void {
  confirmListeners.add(tell);
  return () => confirmListeners.delete(tell);
}

type Withheld = Readonly<Record<string, number>>;
let withheld: Withheld = {};
const withheldListeners = new Set<() => void>();

/** How much of the operation is withheld from whoever is logged in, as the last answer said. */
export const withheldNow = {
  get: (): Withheld => withheld,
  follow: (tell: () => void): (() => void) => {
    withheldListeners.add(tell);
    return () => withheldListeners.delete(tell);
  },
  set: (header: string | null): void => {
    if (header === null || header === JSON.stringify(withheld)) return;
    withheld = JSON.parse(header) as Withheld;
    for (const tell of [...withheldListeners]) tell();
  },
};

async function call<Name extends EndpointName>(
  method: 'GET' | 'POST',
  path: PathOf<Name>,
  asked: Asked = {},
): Promise<Answer<Name>> {
  const response = await fetch(address(path, asked), {
    method,
    credentials: 'same-origin',
    redirect: 'error',
    ...(asked.body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(asked.body) }),
  }).catch(() => {
    throw new ApiError(unreachable, 0);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.status === 401) for (const tell of [...turnedAwayListeners]) tell();
  if (response.headers.has('Waymark-Confirm')) for (const tell of [...confirmListeners]) tell();
  withheldNow.set(response.headers.get('Waymark-Withheld'));
  if (response.ok) return answer as Answer<Name>;
  const facts = (answer as { error?: ErrorFacts } | null)?.error;
  throw new ApiError(facts ?? unreachable, response.status);
}

/** Sends bytes as they are; the browser reads them from the disk as they go. */
async function send<Name extends EndpointName>(
  path: PathOf<Name>,
  query: Asked['query'],
  bytes: Blob,
): Promise<Answer<Name>> {
  const response = await fetch(address(path, query ? { query } : {}), {
    method: 'POST',
    credentials: 'same-origin',
    redirect: 'error',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: bytes,
  }).catch(() => {
    throw new ApiError(unreachable, 0);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer<Name>;
  throw new ApiError((answer as { error?: ErrorFacts } | null)?.error ?? unreachable, response.status);
}

const unreachable = {
  code: 'internal',
  message: 'Waymark does not answer',
  where: null,
  remedy: 'Look at the terminal that runs it; start it again and open the address it prints.',
} as unknown as ErrorFacts;

/** Filters of the queue; what is not given has the server's default. */
export interface QueueQuery {
  readonly limit: number;
  readonly offset: number;
  readonly band: string;
  readonly review: string;
  readonly text: string;
  readonly cleared: string;
}

export const api = {
  session: () => call<'showSession'>('GET', '/api/session'),
  logIn: (body: Body<'beginSession'>) => call<'beginSession'>('POST', '/api/session', { body }),
  changePassword: (body: Body<'changePassword'>) =>
    call<'changePassword'>('POST', '/api/session/password', { body }),
  confirm: (body: Body<'confirmSession'>) => call<'confirmSession'>('POST', '/api/session/confirm', { body }),
  logOut: () => call<'endSession'>('POST', '/api/session/end'),
  operation: () => call<'showOperation'>('GET', '/api/operation'),
  exhibits: () => call<'listExhibits'>('GET', '/api/exhibits'),
  warnings: (id: string) => call<'listWarnings'>('GET', '/api/exhibits/{id}/warnings', { params: { id } }),
  exclude: (id: string, reason: string) =>
    call<'excludeExhibit'>('POST', '/api/exhibits/{id}/exclude', { params: { id }, body: { reason } }),
  include: (id: string, reason: string) =>
    call<'includeExhibit'>('POST', '/api/exhibits/{id}/include', { params: { id }, body: { reason } }),
  previewExclusion: (id: string, act: 'exclude' | 'include') =>
    call<'previewExclusion'>('POST', '/api/exhibits/{id}/preview', { params: { id }, body: { act } }),
  exclusions: (id: string) =>
    call<'listExclusions'>('GET', '/api/exhibits/{id}/exclusions', { params: { id } }),
  origin: (id: string) => call<'showOrigin'>('GET', '/api/exhibits/{id}/origin', { params: { id } }),
  intake: () => call<'showIntake'>('GET', '/api/intake'),
  beginUpload: (files: number, bytes: number) =>
    call<'beginUpload'>('POST', '/api/intake/begin', { body: { files, bytes } }),
  sendPiece: (query: Asking<'sendPiece'>, bytes: Blob) =>
    send<'sendPiece'>('/api/intake/piece', query, bytes),
  giveUpUpload: (upload: string) => call<'giveUpUpload'>('POST', '/api/intake/give-up', { body: { upload } }),
  takeInUpload: (body: Body<'takeInUpload'>) => call<'takeInUpload'>('POST', '/api/intake/take-in', { body }),
  takeInPath: (body: Body<'takeInPath'>) => call<'takeInPath'>('POST', '/api/intake/path', { body }),
  packages: () => call<'listPackages'>('GET', '/api/packages'),
  previewPackage: (body: PackageRequest) =>
    call<'previewPackage'>('POST', '/api/packages/preview', { body: withNames(body) }),
  createPackage: (body: PackageRequest, seen: string) =>
    call<'createPackage'>('POST', '/api/packages', { body: { ...withNames(body), seen } }),
  checkPackage: (from: Evidence, file: Blob) =>
    send<'checkPackage'>('/api/packages/check', { from: askedText(from) }, file),
  receivePackage: (from: Evidence, file: Blob) =>
    send<'receivePackage'>('/api/packages/receive', { from: askedText(from) }, file),
  partners: () => call<'listPartners'>('GET', '/api/partners'),
  addPartner: (card: string, fingerprint: string) =>
    call<'addPartner'>('POST', '/api/partners', { body: { card, fingerprint } }),
  ownCard: (name: string) => call<'showOwnCard'>('POST', '/api/partners/own', { body: { name } }),
  elsewhere: (person: string) =>
    call<'showElsewhere'>('GET', '/api/persons/{person}/elsewhere', { params: { person } }),
  queue: (query: Partial<QueueQuery> = {}) => call<'showQueue'>('GET', '/api/queue', { query }),
  audit: (size: number) => call<'showAudit'>('GET', '/api/queue/audit', { query: { size } }),
  review: (person: string, body: Body<'reviewPerson'>) =>
    call<'reviewPerson'>('POST', '/api/persons/{person}/review', { params: { person }, body }),
  standing: (person: string) =>
    call<'showStanding'>('GET', '/api/persons/{person}/standing', { params: { person } }),
  classify: (person: string, body: Body<'classifyPerson'>) =>
    call<'classifyPerson'>('POST', '/api/persons/{person}/category', { params: { person }, body }),
  outcome: (person: string, body: Body<'recordOutcome'>) =>
    call<'recordOutcome'>('POST', '/api/persons/{person}/outcomes', { params: { person }, body }),
  fact: (body: Body<'recordFact'>) => call<'recordFact'>('POST', '/api/facts', { body }),
  risk: (body: Body<'recordRisk'>) => call<'recordRisk'>('POST', '/api/risk-assessments', { body }),
  link: (body: Body<'decideLink'>) => call<'decideLink'>('POST', '/api/links', { body }),
  grade: (body: Body<'gradeThing'>) => call<'gradeThing'>('POST', '/api/grades', { body }),
  decisions: (kind: string, limit: number, offset: number) =>
    call<'listDecisions'>('GET', '/api/decisions', { query: { kind, limit, offset } }),
  undo: (sequence: number, reason: string) =>
    call<'undoDecision'>('POST', '/api/decisions/{sequence}/undo', {
      params: { sequence },
      body: { reason },
    }),
  children: (state: string, country: string, limit: number, offset: number) =>
    call<'listChildren'>('GET', '/api/children', { query: { state, country, limit, offset } }),
  childrenOf: (person: string) =>
    call<'listChildren'>('GET', '/api/children', { query: { person, limit: 500 } }),
  child: (number: string) => call<'showChild'>('GET', '/api/children/{case}', { params: { case: number } }),
  addChild: (body: Body<'addChild'>) => call<'addChild'>('POST', '/api/children', { body }),
  childState: (number: string, body: Body<'setChildState'>) =>
    call<'setChildState'>('POST', '/api/children/{case}/state', { params: { case: number }, body }),
  childUrgency: (number: string, body: Body<'setChildUrgency'>) =>
    call<'setChildUrgency'>('POST', '/api/children/{case}/urgency', { params: { case: number }, body }),
  assignChild: (number: string, body: Body<'assignChild'>) =>
    call<'assignChild'>('POST', '/api/children/{case}/assign', { params: { case: number }, body }),
  rules: () => call<'showRules'>('GET', '/api/rules'),
  checkRules: (text: string) => call<'checkRules'>('POST', '/api/rules/check', { body: { text } }),
  previewRules: (text: string) => call<'previewRules'>('POST', '/api/rules/preview', { body: { text } }),
  adoptRules: (text: string, reason: string) =>
    call<'adoptRules'>('POST', '/api/rules/adopt', { body: { text, reason } }),
  board: () => call<'showBoard'>('GET', '/api/board'),
  outcomes: () => call<'listOutcomes'>('GET', '/api/outcomes'),
  persons: (text: string, limit: number, offset: number, more: Asking<'listPersons'> = {}) =>
    call<'listPersons'>('GET', '/api/persons', { query: { ...more, text, limit, offset } }),
  notes: (query: Asking<'listNotes'>) => call<'listNotes'>('GET', '/api/notes', { query }),
  personNotes: (person: string) =>
    call<'showPersonNotes'>('GET', '/api/persons/{person}/notes', { params: { person } }),
  notePerson: (person: string, body: Body<'notePerson'>) =>
    call<'notePerson'>('POST', '/api/persons/{person}/notes', { params: { person }, body }),
  noteRecord: (pointer: Evidence, body: Omit<Body<'noteRecord'>, 'pointer'>) =>
    call<'noteRecord'>('POST', '/api/notes', { body: { ...body, pointer: askedText(pointer) } }),
  person: (person: string) => call<'showPerson'>('GET', '/api/persons/{person}', { params: { person } }),
  pairsToJudge: (limit: number) => call<'listReview'>('GET', '/api/review', { query: { limit } }),
  pair: (a: string, b: string) => call<'showPair'>('GET', '/api/pairs', { query: { a, b } }),
  pairOf: (a: Evidence, b: Evidence) =>
    call<'showPair'>('GET', '/api/pairs', { query: { a: askedText(a), b: askedText(b) } }),
  certificate: (person: string) =>
    call<'showCertificate'>('GET', '/api/persons/{person}/links', { params: { person } }),
  handOffs: (person: string, limit: number, offset: number) =>
    call<'listHandOffs'>('GET', '/api/hand-offs', { query: { person, limit, offset } }),
  personHandOffs: (person: string) =>
    call<'showPersonHandOffs'>('GET', '/api/persons/{person}/hand-offs', { params: { person } }),
  leads: (person: string, limit: number, offset: number) =>
    call<'listLeads'>('GET', '/api/leads', { query: { person, limit, offset } }),
  personHistory: (person: string) =>
    call<'showPersonHistory'>('GET', '/api/persons/{person}/history', { params: { person } }),
  generics: (limit: number, offset: number) =>
    call<'listGenerics'>('GET', '/api/generics', { query: { limit, offset } }),
  search: (q: string, limit: number, page: string, exact: 'yes' | 'no') =>
    call<'search'>('GET', '/api/search', { query: { q, limit, page, exact } }),
  searchIndex: () => call<'showSearchIndex'>('GET', '/api/search/index'),
  searchSelectors: (text: string) =>
    call<'searchSelectors'>('POST', '/api/search/selectors', { body: { text } }),
  savedSearches: () => call<'listSavedSearches'>('GET', '/api/searches'),
  saveSearch: (name: string, query: string) =>
    call<'saveSearch'>('POST', '/api/searches', { body: { name, query } }),
  markSearchSeen: (name: Evidence) =>
    call<'markSearchSeen'>('POST', '/api/searches/seen', { body: { name: askedText(name) } }),
  removeSavedSearch: (name: Evidence) =>
    call<'removeSavedSearch'>('POST', '/api/searches/remove', { body: { name: askedText(name) } }),
  neighbours: (query: Asking<'showNeighbours'>) =>
    call<'showNeighbours'>('GET', '/api/network/neighbours', { query }),
  path: (query: Asking<'showPath'>) => call<'showPath'>('GET', '/api/network/path', { query }),
  networkSummary: (query: Asking<'showNetworkSummary'>) =>
    call<'showNetworkSummary'>('GET', '/api/network/summary', { query }),
  networkOverview: (query: Asking<'showNetworkOverview'>) =>
    call<'showNetworkOverview'>('GET', '/api/network/overview', { query }),
  timeline: (query: Asking<'showTimeline'>) => call<'showTimeline'>('GET', '/api/timeline', { query }),
  untimed: (query: Asking<'listUntimed'>) => call<'listUntimed'>('GET', '/api/timeline/untimed', { query }),
  histogram: (query: Asking<'showHistogram'>) =>
    call<'showHistogram'>('GET', '/api/timeline/histogram', { query }),
  clockSkew: () => call<'listClockSkew'>('GET', '/api/timeline/skew'),
  habits: (person: string) =>
    call<'showHabits'>('GET', '/api/persons/{person}/habits', { params: { person } }),
  place: (person: string) => call<'showPlace'>('GET', '/api/persons/{person}/place', { params: { person } }),
  jurisdictions: () => call<'listJurisdictions'>('GET', '/api/jurisdictions'),
  personsOf: (country: string, limit: number, offset: number) =>
    call<'listPersonsByCountry'>('GET', '/api/jurisdictions/persons', { query: { country, limit, offset } }),
  files: (query: Asking<'listFiles'>) => call<'listFiles'>('GET', '/api/files', { query }),
  source: (pointer: string) => call<'showSource'>('GET', '/api/source', { query: { pointer } }),
  reading: () => call<'showReading'>('GET', '/api/reading'),
  /** Opens a text: with a reason and a second person where the operation asks for them. */
  reveal: (pointer: string, stated: Stated) =>
    call<'revealSource'>('POST', '/api/source/reveal', { body: { pointer, ...stated } }),
  /** Bytes that a reader decided to see: the act is recorded first, then they are given. */
  revealed: async (pointer: Evidence, stated: Stated) => {
    const text = askedText(pointer);
    await call<'revealSource'>('POST', '/api/source/reveal', { body: { pointer: text, ...stated } });
    return call<'showSource'>('GET', '/api/source', { query: { pointer: text } });
  },
  ledger: (limit: number) => call<'showLedger'>('GET', '/api/ledger', { query: { limit } }),
  checkLedger: () => call<'checkLedger'>('POST', '/api/ledger/check'),
  build: () => call<'startBuild'>('POST', '/api/build'),
};

/** What a package is to hold and for whom; names of partners are what their cards say. */
export interface PackageRequest {
  readonly persons: readonly string[];
  readonly to: readonly Evidence[];
  readonly purpose: string;
  readonly tlp: string;
  readonly parts: readonly string[];
}

function withNames(request: PackageRequest) {
  return { ...request, to: request.to.map(askedText) };
}

/** By what a file that is sent is known again: its path, size, and when it was changed last. */
export function sentKey(path: string, bytes: number, modified: number): string {
  return `${bytes} ${modified} ${path.toWellFormed()}`;
}

/** How much of each file has arrived, by its key. */
export function arrivedIn({ arriving }: Answer<'beginUpload'>): ReadonlyMap<string, number> {
  return new Map(
    arriving.map(({ path, bytes, modified, received }) => [
      sentKey(askedText(path), bytes, modified),
      received,
    ]),
  );
}

/** Address of a sealed package; followed by the browser itself. */
export function packageAddress(id: string): string {
  const path: PathOf<'downloadPackage'> = '/api/packages/file';
  return address(path, { query: { id } });
}

/** Address of a download; followed by the browser itself. */
export function downloadAddress(pointer: string): string {
  const path: PathOf<'downloadSource'> = '/api/source/raw';
  return address(path, { query: { pointer } });
}

/** Follows the work of the server; the browser reconnects by itself. Returns how to stop. */
export function followWork(tell: (event: WorkEvent) => void): () => void {
  const path: PathOf<'followProgress'> = '/api/progress';
  const events = new EventSource(path);
  events.addEventListener('work', (message: MessageEvent<string>) => tell(JSON.parse(message.data)));
  return () => events.close();
}
