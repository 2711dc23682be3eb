import { isoUtc } from '../clock.ts';
import { OutFile } from '../output.ts';
import type { Accounts } from '../people/accounts.ts';
import type { HandOff } from '../people/story.ts';
import type { Writer } from '../people/text.ts';
import { Dice, purpose } from '../random.ts';
import { handOffMails, type Mail } from './mailbox.ts';

const p = purpose('chat channel');

/** The exporter's number of the channel of a hand-off. */
export function channelId(handOff: HandOff): string {
  return String(6n * 10n ** 17n + BigInt(handOff.index) * 7907n);
}

/**
 * One direct-message channel, in the shape a public chat exporter gives (one JSON object with `messages`).
 * `each` sees every message written. Returns their number.
 */
export async function writeChat(
  accounts: Accounts,
  writer: Writer,
  handOff: HandOff,
  file: string,
  each: (mail: Mail) => void,
): Promise<number> {
  const dice = new Dice(accounts.world.seed).at(handOff.index, p);
  const mails = handOffMails(accounts, writer, handOff);
  const messages = mails.map((mail, index) => {
    each(mail);
    const id = String(7n * 10n ** 17n + BigInt(handOff.index) * 100_003n + BigInt(index));
    return chatMessage(accounts, mail, id, dice.below(1000));
  });
  const name = accounts.owner(handOff.from).chatName;
  const kind = { type: 'DirectTextChat', categoryId: null, category: 'Private' };
  const chat = {
    guild: { id: '0', name: 'Direct Messages', iconUrl: '' },
    channel: { id: channelId(handOff), ...kind, name, topic: null },
    dateRange: { after: null, before: null },
    messages,
    messageCount: messages.length,
  };
  const out = new OutFile(file);
  out.write(`${JSON.stringify(chat, null, 2)}\n`);
  await out.close();
  return messages.length;
}

function chatMessage(accounts: Accounts, mail: Mail, id: string, milliseconds: number) {
  const author = accounts.world.person(mail.from.person);
  const about = { discriminator: '0000', nickname: author.given, color: null, isBot: false, avatarUrl: '' };
  return {
    id,
    type: 'Default',
    timestamp: `${isoUtc(mail.at).slice(0, 19)}.${String(milliseconds).padStart(3, '0')}+00:00`,
    timestampEdited: null,
    callEndedTimestamp: null,
    isPinned: false,
    content: mail.body,
    author: { id: author.chatId, name: author.chatName, ...about },
    attachments: [],
    embeds: [],
    stickers: [],
    reactions: [],
    mentions: [],
  };
}
