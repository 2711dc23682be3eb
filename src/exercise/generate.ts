import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { AccessLogs } from './board/access-logs.ts';
import { Activity } from './board/activity.ts';
import { Board } from './board/board.ts';
import { nextIds, writeStillTables } from './board/board-tables.ts';
import { BoardDump } from './board/dump.ts';
import { daySeconds, worldDays, worldStart } from './clock.ts';
import type { Agency } from './countries.ts';
import { dumpFaults, type FaultKind, faultKinds, settleFaults } from './faults.ts';
import { channelId, writeChat } from './handed-over/chat.ts';
import { writeFacts, writeHashLists } from './handed-over/lists.ts';
import type { Mail } from './handed-over/mailbox.ts';
import { writeMbox } from './handed-over/mbox.ts';
import { registryDay, writeRegistry } from './handed-over/registry.ts';
import { type Report, writeReports } from './handed-over/reports.ts';
import { type ReturnError, type Subscriber, writeReturns } from './handed-over/returns.ts';
import { Accounts } from './people/accounts.ts';
import { Contacts } from './people/contacts.ts';
import { Lines } from './people/lines.ts';
import { Sightings } from './people/sightings.ts';
import { Story } from './people/story.ts';
import { Writer } from './people/text.ts';
import { World } from './people/world.ts';
import { seedOf } from './random.ts';
import { contactKey, writeTruth } from './truth.ts';

export type ExerciseOptions = {
  /** Accounts on the board, 40 to 1,000,000. */
  readonly members: number;
  /** Any text or number; the same seed gives the same bytes. */
  readonly seed: string | number;
  readonly faults?: readonly FaultKind[];
  /** Called with a stage's name and how much of it is done (0 to 1). */
  readonly onProgress?: (stage: string, done: number) => void;
};

/** What was written. */
export type ExerciseSummary = {
  readonly accounts: number;
  readonly people: number;
  readonly targets: number;
  readonly children: number;
  readonly handOffs: number;
  readonly topics: number;
  readonly posts: number;
  readonly privateMessages: number;
  readonly attachments: number;
  readonly logLines: number;
  readonly mails: number;
  readonly chatMessages: number;
  readonly reports: number;
  readonly dumpBytes: number;
  readonly logBytes: number;
};

const agencies: readonly Agency[] = ['nl', 'uk', 'au'];
const mailsPerMember = 4;

/**
 * Writes an invented operation: `<folder>/evidence/agency-*` as agencies would hand it over, and the answers
 * under `<folder>/truth`. The folder must be empty or absent. Memory grows with the members (about 10 kB
 * each, measured), not with what they write. Throws WaymarkError `usage` for a number of members out of
 * range, an unknown fault, or a folder that holds something.
 */
export async function generateExercise(folder: string, options: ExerciseOptions): Promise<ExerciseSummary> {
  check(folder, options);
  const tell = options.onProgress ?? (() => {});
  const faults = new Set(options.faults ?? []);
  tell('people', 0);
  const cast = makeCast(options);
  tell('people', 1);
  const server = path.join(evidenceOf(folder, 'nl'), 'server');
  const board = await runBoard(cast, server, faults, tell);
  const channels = await writeChannels(cast, board.board, folder, options.members, tell);
  tell('lists and returns', 0);
  const handedIn = await writeHandedIn(cast, folder, options.members, faults);
  tell('truth', 0);
  const truth = path.join(folder, 'truth');
  await writeTruth({ ...cast, ...handedIn, spoken: channels.spoken }, truth);
  const records = settleFaults(faults, folder, { board: board.board, ...cast });
  writeJson(path.join(truth, 'faults.json'), records);
  const summary: ExerciseSummary = {
    ...countsOf(cast, board.board),
    logLines: board.logs.lines,
    mails: channels.mails,
    chatMessages: channels.chatMessages,
    reports: handedIn.reports.length,
    dumpBytes: board.dumpBytes,
    logBytes: board.logs.bytes,
  };
  const { members, seed } = options;
  writeJson(path.join(truth, 'summary.json'), {
    members,
    seed: String(seed),
    faults: [...faults],
    ...summary,
  });
  tell('truth', 1);
  return summary;
}

/** Everyone and everything that is settled before the first day. */
type Cast = {
  readonly world: World;
  readonly lines: Lines;
  readonly accounts: Accounts;
  readonly contacts: Contacts;
  readonly story: Story;
  readonly writer: Writer;
  readonly sightings: Sightings;
};
type Tell = (stage: string, done: number) => void;

function makeCast({ seed, members }: ExerciseOptions): Cast {
  const world = new World(seedOf(seed), members);
  const lines = new Lines(world);
  const accounts = new Accounts(world);
  const contacts = new Contacts(accounts);
  const story = new Story(accounts, contacts);
  const sightings = new Sightings(accounts, story);
  return { world, lines, accounts, contacts, story, writer: new Writer(world.seed), sightings };
}

function evidenceOf(folder: string, agency: Agency): string {
  return path.join(folder, 'evidence', `agency-${agency}`);
}

function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function countsOf({ accounts, world, story }: Cast, board: Board) {
  return {
    accounts: accounts.count,
    people: world.people,
    targets: story.targets.length,
    children: story.children.length,
    handOffs: story.handOffs.length,
    topics: board.topics.lastId,
    posts: board.posts.lastId,
    privateMessages: board.messages.lastId,
    attachments: board.attachments.lastId,
  };
}

/** Lives through the board's days and writes dump, stored files and access logs. */
async function runBoard(
  cast: Cast,
  server: string,
  faults: ReadonlySet<FaultKind>,
  tell: Tell,
): Promise<{ board: Board; logs: AccessLogs; dumpBytes: number }> {
  const { accounts, lines, contacts, story } = cast;
  const { skew, otherEncoding } = dumpFaults(faults);
  fs.mkdirSync(server, { recursive: true });
  const dump = new BoardDump(path.join(server, 'board.sql.gz'));
  const logs = new AccessLogs(path.join(server, 'log', 'nginx'), skew);
  const filesFolder = path.join(server, 'files');
  const board = new Board({ ...cast, dump, logs, filesFolder, noticesFor: accountsOf(cast), otherEncoding });
  const activity = new Activity(accounts, lines, story);
  for (let day = 0; day < worldDays; day++) {
    const start = worldStart + day * daySeconds;
    for (const event of activity.day(day, board.deletionsDue(start, start + daySeconds))) {
      if (logs.due(event.at)) await logs.rotate(event.at);
      board.take(event);
      if (dump.full) await dump.drain();
    }
    board.topics.endDay(day);
    tell('board and logs', (day + 1) / worldDays);
  }
  board.topics.finish();
  await logs.close();
  await writeStillTables(dump, accounts, lines, contacts, board);
  return { board, logs, dumpBytes: await dump.close(nextIds(board, accounts)) };
}

/** The accounts of everybody whose mailbox was seized. */
function accountsOf({ world, story }: Cast): Set<number> {
  const accounts = new Set<number>();
  for (const person of story.seized) {
    for (let a = world.firstAccount[person]!; a < world.firstAccount[person + 1]!; a++) accounts.add(a);
  }
  return accounts;
}

/** Mailboxes and chats of the people whose devices were seized, at the agency of their country. */
async function writeChannels(cast: Cast, board: Board, folder: string, members: number, tell: Tell) {
  const { world, accounts, story, writer } = cast;
  const spoken = new Map<string, number>();
  const count = (mail: Mail, channel: 'mail' | 'chat') => {
    const key = contactKey(accounts, mail, channel);
    spoken.set(key, (spoken.get(key) ?? 0) + 1);
  };
  const seized = new Set(story.seized);
  const total = Math.round((members * mailsPerMember) / story.seized.length);
  let mails = 0;
  for (const [index, person] of story.seized.entries()) {
    const name = world.person(person).privateMail.replace('@', '_at_');
    const file = path.join(evidenceOf(folder, world.country(person).agency), 'mail', `${name}.mbox`);
    const parts = { ...cast, notices: board.messages.notices };
    mails += await writeMbox(parts, person, total, file, (mail) => {
      // A mail between two seized mailboxes lies in both; it counts once, where it was sent.
      if (mail.from.person === person || !seized.has(mail.from.person)) count(mail, 'mail');
    });
    tell('mail and chat', (index + 1) / story.seized.length);
  }
  let chatMessages = 0;
  for (const handOff of story.handOffs) {
    if (handOff.channel !== 'chat') continue;
    const owner = [handOff.from, handOff.to]
      .map((a) => world.accountPerson[a]!)
      .find((each) => seized.has(each));
    if (owner === undefined) continue;
    const name = `Direct Messages - ${world.person(owner).chatName} [${channelId(handOff)}].json`;
    const file = path.join(evidenceOf(folder, world.country(owner).agency), 'chat', name);
    chatMessages += await writeChat(accounts, writer, handOff, file, (mail) => count(mail, 'chat'));
  }
  return { mails, chatMessages, spoken };
}

/** Hash lists, subscriber returns, provider reports and officers' facts. */
async function writeHandedIn(cast: Cast, folder: string, members: number, faults: ReadonlySet<FaultKind>) {
  const { world, accounts, story } = cast;
  await writeHashLists(world.seed, story, members, path.join(evidenceOf(folder, 'uk'), 'lists'));
  const registry = path.join(folder, 'evidence', 'registry', `delegated-exercise-${registryDay}`);
  await writeRegistry(world, cast.lines, registry);
  const parts = { ...cast, sightings: cast.sightings.all(), wrongZone: faults.has('wrong zone') };
  const returnErrors: ReturnError[] = [];
  const subscribers: Subscriber[] = [];
  const reports: Report[] = [];
  for (const agency of agencies) {
    const home = evidenceOf(folder, agency);
    const returns = await writeReturns(parts, agency, path.join(home, 'returns'));
    returnErrors.push(...returns.errors);
    subscribers.push(...returns.subscribers.values());
    reports.push(...(await writeReports(cast, agency, path.join(home, 'reports'))));
    await writeFacts(accounts, story, agency, path.join(home, 'officer-facts.csv'));
  }
  return { returnErrors, subscribers, reports };
}

function check(folder: string, { members, faults }: ExerciseOptions): void {
  if (!Number.isInteger(members) || members < 40 || members > 1_000_000) {
    throw new WaymarkError('usage', 'an exercise needs between 40 and 1,000,000 members');
  }
  const unknown = (faults ?? []).find((fault) => !faultKinds.includes(fault));
  if (unknown) {
    const remedy = `Choose from: ${faultKinds.join(', ')}.`;
    throw new WaymarkError('usage', `"${unknown}" is no fault the exercise knows`, { remedy });
  }
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
    throw new WaymarkError('usage', 'the folder for the exercise is not empty', { where: folder });
  }
}
