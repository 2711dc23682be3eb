import * as path from 'node:path';
import { service } from './board/board-parts.ts';
import { isoUtc } from './clock.ts';
import { writeCsv } from './csv-file.ts';
import { handOffMails, type Mail } from './handed-over/mailbox.ts';
import type { Report } from './handed-over/reports.ts';
import type { ReturnError, Subscriber } from './handed-over/returns.ts';
import type { Accounts } from './people/accounts.ts';
import type { Contacts } from './people/contacts.ts';
import type { Story } from './people/story.ts';
import type { Writer } from './people/text.ts';

type Cells = readonly (string | number)[];

export type TruthParts = {
  readonly accounts: Accounts;
  readonly contacts: Contacts;
  readonly story: Story;
  readonly writer: Writer;
  /** Messages in the exhibits outside the board, by `contactKey`. */
  readonly spoken: ReadonlyMap<string, number>;
  readonly returnErrors: readonly ReturnError[];
  readonly subscribers: readonly Subscriber[];
  readonly reports: readonly Report[];
};

export function personName(person: number): string {
  return `P${String(person + 1).padStart(7, '0')}`;
}

/** The answers, as CSV. Kept outside the evidence folder: open them only after the exercise. */
export async function writeTruth(parts: TruthParts, folder: string): Promise<void> {
  const write = (name: string, header: string, rows: Iterable<Cells>) =>
    writeCsv(path.join(folder, name), header, rows);
  await write('persons.csv', 'service,native_id,person', personRows(parts));
  await write('jurisdictions.csv', 'person,country,utc_offset_minutes', countryRows(parts));
  await write('pairs.csv', 'service,a,b,kind,same_person', pairRows(parts));
  await write('contacts.csv', 'from,to,channel,count,in_evidence', contactRows(parts));
  await write('hand_offs.csv', handOffHeader, handOffRows(parts));
  await write('targets.csv', 'person,service,native_id,indicator,reference,at', targetRows(parts));
  await write('children.csv', 'case_number,country,person', childRows(parts));
  await write('return_errors.csv', 'file,line,error,given,right', errorRows(parts));
  await write('subscribers.csv', 'subscriber,provider,person', subscriberRows(parts));
}

/** Every account that the exhibits show, with the human behind it. */
function* personRows({ accounts, story, reports }: TruthParts): Generator<Cells> {
  const { world } = accounts;
  for (const account of accounts.byUserId) {
    yield [service, accounts.userId[account]!, personName(world.accountPerson[account]!)];
  }
  const talkers = new Set(story.seized);
  for (const { from, to } of story.handOffs) {
    talkers.add(world.accountPerson[from]!);
    talkers.add(world.accountPerson[to]!);
  }
  for (const talker of talkers) {
    const person = world.person(talker);
    yield ['mail', person.privateMail, personName(talker)];
    yield ['discord', person.chatId, personName(talker)];
  }
  for (const { account, person } of reports) {
    if (person >= 0) yield ['hosting.example', account, personName(person)];
  }
}

function* countryRows({ accounts: { world } }: TruthParts): Generator<Cells> {
  for (let person = 0; person < world.people; person++) {
    const { code, winterMinutes } = world.country(person);
    yield [personName(person), code, winterMinutes];
  }
}

/** Pairs worth looking at: all accounts of one human, all accounts of one household, look-alikes. */
function* pairRows({ accounts }: TruthParts): Generator<Cells> {
  const { world, userId } = { world: accounts.world, userId: accounts.userId };
  for (let b = 1; b < accounts.count; b++) {
    const person = world.accountPerson[b]!;
    for (let a = b - 1; a >= 0; a--) {
      const other = world.accountPerson[a]!;
      if (world.personHousehold[other] !== world.personHousehold[person]) break;
      const kind = other === person ? accounts.kind(b) : 'same household';
      yield [service, userId[a]!, userId[b]!, kind, other === person ? 'yes' : 'no'];
    }
  }
  for (const { a, b, kind } of accounts.lookAlikes) yield [service, userId[a]!, userId[b]!, kind, 'no'];
}

/** `count` is what was said in the world, `in_evidence` what of it can be found in the exhibits. */
function* contactRows(parts: TruthParts): Generator<Cells> {
  const { accounts, contacts, spoken } = parts;
  for (const [from, to, count] of contacts.pairs()) {
    const ends = [from, to].map((account) => `${service}/${accounts.userId[account]}`);
    yield [...ends, 'private message', count, count];
  }
  const rest = new Map(spoken);
  for (const [key, count] of handOffContacts(parts)) {
    yield [...key.split('\t'), count, spoken.get(key) ?? 0];
    rest.delete(key);
  }
  for (const [key, count] of rest) yield [...key.split('\t'), count, count];
}

/** Messages on other channels that followed hand-offs, by `contactKey`. */
function handOffContacts({ accounts, story, writer }: TruthParts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const handOff of story.handOffs) {
    for (const mail of handOffMails(accounts, writer, handOff)) {
      const key = contactKey(accounts, mail, handOff.channel);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** From, to and channel of a message outside the board, divided by tabs. */
export function contactKey(accounts: Accounts, mail: Mail, channel: 'mail' | 'chat'): string {
  const name = (party: Mail['from']) =>
    channel === 'mail' ? `mail/${party.address}` : `discord/${accounts.world.person(party.person).chatId}`;
  return `${name(mail.from)}\t${name(mail.to)}\t${channel}`;
}

const handOffHeader =
  'hand_off,from,to,channel,style,selector,private_messages,first_message,first_at,delay_seconds,messages,in_evidence';

/** `private_messages`: the numbers of those that carry the selector, then of the answer; of a silent one all. */
function* handOffRows({ accounts, story, writer }: TruthParts): Generator<Cells> {
  const { world, userId } = { world: accounts.world, userId: accounts.userId };
  const seized = new Set(story.seized);
  for (const handOff of story.handOffs) {
    const { from, to, channel, style, selector, delay } = handOff;
    const mails = handOffMails(accounts, writer, handOff);
    const first = mails[0];
    const seen = seized.has(world.accountPerson[from]!) || seized.has(world.accountPerson[to]!);
    const head = [`H${handOff.index + 1}`, userId[from]!, userId[to]!, channel, style, selector];
    const start = [first && channel === 'mail' ? first.id : '', first ? isoUtc(first.at) : ''];
    yield [...head, handOff.messageIds.join(' '), ...start, delay, mails.length, seen ? 'yes' : 'no'];
  }
}

/** One line an indicator: the target's own conduct, with where it stands in the evidence. */
function* targetRows({ accounts, story }: TruthParts): Generator<Cells> {
  for (const { person, indicators } of story.targets) {
    for (const { account, kind, reference, at } of indicators) {
      yield [personName(person), service, accounts.userId[account]!, kind, reference, isoUtc(at)];
    }
  }
}

function* childRows({ story }: TruthParts): Generator<Cells> {
  for (const { caseNumber, country, person } of story.children)
    yield [caseNumber, country, personName(person)];
}

function* errorRows({ returnErrors }: TruthParts): Generator<Cells> {
  for (const { file, line, error, given, right } of returnErrors) yield [file, line, error, given, right];
}

function* subscriberRows({ subscribers }: TruthParts): Generator<Cells> {
  for (const { reference, provider, person } of subscribers) yield [reference, provider, personName(person)];
}
