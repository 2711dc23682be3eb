import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { accountOf } from '../../evidence/tables.ts';
import { bomLength } from '../byte-window.ts';
import { JsonObjects } from '../json-objects.ts';
import { service } from './chat-export/authors.ts';
import { ChatMessages, maxParticipants } from './chat-export/chat-messages.ts';
import { type Channel, channelOf, idOf, memberOf, messagesShape, objectOf } from './chat-export/shape.ts';

/**
 * One channel of Discord as DiscordChatExporter writes it in JSON. Each message becomes a `message` of
 * channel 'chat' that points to its object's bytes, with its attachments as `file` rows. In direct channels
 * everybody else who writes in the file is addressed ('to'); those who never write are not named in it.
 * Accounts are `discord/<author id>`; names are sightings, also as `messenger` in the form in which people
 * write them elsewhere (`discord:<name>`). Tally unit `messages`.
 */
export const chatExportReader: Reader = {
  name: 'chat-export',
  version: 1,
  reads: 'chat channels as exported by DiscordChatExporter (JSON)',
  unit: 'file',

  sniff(head: Uint8Array): number {
    const text = Buffer.from(head.subarray(bomLength(head))).toString('latin1');
    if (!/^\s*\{/.test(text)) return 0;
    if (!/"messages"\s*:\s*\[/.test(text)) return 0;
    const headed = /"guild"\s*:\s*\{/.test(text) && /"channel"\s*:\s*\{/.test(text);
    const spoken = /"author"\s*:\s*\{/.test(text) && /"(isPinned|timestampEdited)"\s*:/.test(text);
    return headed && spoken ? 0.97 : headed || spoken ? 0.8 : 0;
  },

  async read(input: Input, records: Records): Promise<void> {
    const participants = await findParticipants(input);
    if (participants.size > maxParticipants) {
      const text = 'more people write in this direct channel than one can hold: nobody is taken as addressed';
      records.warn('chat-participants', text, 0, 0);
      participants.clear();
    }
    const messages = new ChatMessages(records, participants);
    const objects = new JsonObjects(messagesShape, messages);
    for await (const chunk of input.chunks()) objects.push(chunk);
    objects.end();
    messages.end();
  },
};

/**
 * The accounts that write in a direct channel, at most one more than it may have; none for another channel,
 * which is told from the head alone.
 */
async function findParticipants(input: Input): Promise<Set<string>> {
  const found = new Set<string>();
  let channel: Channel | null = null;
  const objects = new JsonObjects(messagesShape, {
    root(key, json) {
      if (key === 'channel') channel = channelOf(null, objectOf(json));
    },
    entry(bytes) {
      const message = objectOf(bytes);
      const id = message === null ? null : idOf(memberOf(message, 'author'));
      if (id !== null && found.size <= maxParticipants) found.add(accountOf(service, id));
    },
    lost() {},
  });
  const isDirect = () => channel === null || channel.direct;
  for await (const chunk of input.chunks()) {
    objects.push(chunk);
    if (!isDirect()) break;
  }
  if (isDirect()) objects.end();
  if (channel === null || !isDirect()) found.clear();
  return found;
}
