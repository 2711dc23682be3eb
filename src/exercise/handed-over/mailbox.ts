import { boardName, serverName } from '../board/board-parts.ts';
import type { Notice } from '../board/private-messages.ts';
import { rfcDate, worldEnd, worldStart } from '../clock.ts';
import { zoneMinutes } from '../countries.ts';
import type { Accounts } from '../people/accounts.ts';
import type { Lines } from '../people/lines.ts';
import { type HandOff, type Story, sharedLanguage } from '../people/story.ts';
import type { Writer } from '../people/text.ts';
import { mailHosts } from '../people/words/handles.ts';
import type { Person } from '../people/world.ts';
import { Dice, purpose } from '../random.ts';

const p = { mail: purpose('mail'), life: purpose('life mail'), thread: purpose('mail thread') };

/** One mail, as both its sender's and its recipient's mailbox know it. */
export type Mail = {
  readonly at: number;
  readonly id: string;
  readonly inReplyTo: string;
  readonly references: string;
  readonly from: Party;
  readonly to: Party;
  readonly subject: string;
  readonly body: string;
  readonly picture: number;
};
type Party = {
  readonly name: string;
  readonly address: string;
  readonly zone: number;
  readonly person: number;
};

export function partyOf(person: Person): Party {
  return {
    name: `${person.given} ${person.family}`,
    address: person.privateMail,
    zone: person.country,
    person: person.id,
  };
}

/** The mails two people exchange after a hand-off: the one who was given the address begins. */
export function handOffMails(accounts: Accounts, writer: Writer, handOff: HandOff): Mail[] {
  const dice = new Dice(accounts.world.seed).at(handOff.index, p.thread);
  const people = [accounts.owner(handOff.to), accounts.owner(handOff.from)] as const;
  const language = sharedLanguage(accounts, handOff);
  const subject = writer.title(people[0].id, language, handOff.at);
  const mails: Mail[] = [];
  let at = handOff.at + handOff.delay;
  let sender = 0;
  for (let n = 0; n < handOff.messages && at < worldEnd; n++) {
    const from = partyOf(people[sender as 0 | 1]);
    const to = partyOf(people[(1 - sender) as 0 | 1]);
    const last = mails.at(-1);
    const id = `${at.toString(36)}.${dice.hex(12)}@${from.address.split('@')[1]}`;
    const body = writer.body(from.person, language, at, people[sender as 0 | 1].given);
    const references = last ? `${last.references} <${last.id}>`.trim() : '';
    const text = last && dice.chance(0.4) ? `${body}\n\n${quoted(last, from)}` : body;
    mails.push({
      at,
      id,
      inReplyTo: last ? `<${last.id}>` : '',
      references,
      from,
      to,
      subject: last ? `Re: ${subject}` : subject,
      body: text,
      picture: -1,
    });
    at += 300 + Math.round(dice.unit() ** 3 * 400_000);
    if (dice.chance(0.8)) sender = 1 - sender;
  }
  return mails;
}

function quoted(mail: Mail, reader: Party): string {
  const head = `On ${rfcDate(mail.at, zoneMinutes(reader.zone, mail.at))}, ${mail.from.name} wrote:`;
  const lines = mail.body.split('\n').slice(0, 5);
  return [head, ...lines.map((line) => `> ${line}`)].join('\n');
}

export type MailParts = {
  readonly accounts: Accounts;
  readonly lines: Lines;
  readonly writer: Writer;
  readonly story: Story;
  /** By account, the notices the board mailed. */
  readonly notices: ReadonlyMap<number, readonly Notice[]>;
};

/** What a mailbox holds, oldest first: hand-off threads, board notices, everyday mail, own mails with a listed file. */
export function mailboxOf(parts: MailParts, person: number, total: number): Mail[] {
  const { accounts, writer, story } = parts;
  const { world } = accounts;
  const mails: Mail[] = [];
  for (const handOff of story.handOffs) {
    if (handOff.channel !== 'mail') continue;
    if (world.accountPerson[handOff.from] !== person && world.accountPerson[handOff.to] !== person) continue;
    mails.push(...handOffMails(accounts, writer, handOff));
  }
  for (let account = world.firstAccount[person]!; account < world.firstAccount[person + 1]!; account++) {
    if (accounts.email(account).replace(/\+.*@/, '@') !== world.person(person).privateMail) continue;
    for (const notice of parts.notices.get(account) ?? []) mails.push(noticeMail(accounts, notice));
  }
  mails.push(...listedMails(parts, person));
  const everyday = Math.max(12, total - mails.length);
  for (let n = 0; n < everyday; n++) mails.push(everydayMail(parts, person, n));
  return mails.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function noticeMail(accounts: Accounts, notice: Notice): Mail {
  const owner = accounts.owner(notice.account);
  const handle = accounts.handles[notice.account]!;
  const body = [
    `Hello ${handle},`,
    '',
    `You have received a new private message from "${accounts.handles[notice.from]}" to your account on "${boardName}".`,
    '',
    `http://${serverName}/ucp.php?i=pm&mode=view&p=${notice.message}`,
  ].join('\n');
  const from: Party = {
    name: boardName,
    address: `harbourmaster@${serverName}`,
    zone: 0,
    person: -1,
  };
  const id = `pm${notice.message}.${notice.at.toString(36)}@${serverName}`;
  const subject = 'New private message has arrived';
  const to = { ...partyOf(owner), address: accounts.email(notice.account) };
  return { at: notice.at + 2, id, inReplyTo: '', references: '', from, to, subject, body, picture: -1 };
}

function listedMails(parts: MailParts, person: number): Mail[] {
  const { accounts, writer, story } = parts;
  const target = story.targets.find((each) => each.person === person);
  const own = target?.indicators.filter((each) => each.kind === 'listed file mailed') ?? [];
  return own.map((indicator, n) => {
    const sender = accounts.world.person(person);
    const dice = new Dice(accounts.world.seed).at(person, p.mail, n);
    const from = partyOf(sender);
    const to = stranger(dice, sender.country);
    const id = `f${indicator.at.toString(36)}.${dice.hex(10)}@${from.address.split('@')[1]}`;
    indicator.reference = `mail ${id}`;
    const body = writer.body(person, 'en', indicator.at, sender.given);
    return {
      at: indicator.at,
      id,
      inReplyTo: '',
      references: '',
      from,
      to,
      subject: 'As promised',
      body,
      picture: indicator.picture,
    };
  });
}

/** Somebody who has nothing to do with the board. */
function stranger(dice: Dice, zone: number): Party {
  const name = dice.pick([
    'Robin Lark',
    'Sam Alder',
    'Kim Rowan',
    'Jo Hazel',
    'Alex Fenn',
    'Chris Dale',
    'Pat Moor',
  ]);
  return {
    name,
    address: `${name.toLowerCase().replace(' ', '.')}${dice.below(900)}@${dice.pick(mailHosts)}`,
    zone,
    person: -1,
  };
}

function everydayMail(parts: MailParts, person: number, n: number): Mail {
  const { accounts, writer } = parts;
  const dice = new Dice(accounts.world.seed).at(person, p.life, n);
  const owner = accounts.world.person(person);
  const friend = stranger(
    new Dice(accounts.world.seed).at(person, p.life, 1_000_000 + dice.below(14)),
    owner.country,
  );
  const at = worldStart + dice.below(worldEnd - worldStart);
  const outgoing = dice.chance(0.35);
  const from = outgoing ? partyOf(owner) : friend;
  const language = dice.chance(0.6) ? accounts.world.language(person) : 'en';
  const id = `${dice.hex(16)}@${from.address.split('@')[1]}`;
  const writerId = outgoing ? person : accounts.world.people + 17 + (n % 14);
  const subject = writer.title(writerId, language, n);
  const body = writer.body(writerId, language, n, from.name.split(' ')[0]!);
  const text = dice.chance(0.05) ? `${body}\n\nFrom the shed window one can see it grow.` : body;
  return {
    at,
    id,
    inReplyTo: '',
    references: '',
    from,
    to: outgoing ? friend : partyOf(owner),
    subject,
    body: text,
    picture: -1,
  };
}
