import parseJson from 'secure-json-parse';
import { decodeLoosely } from '../../../evidence/columns.ts';
import type { ObjectsShape } from '../../json-objects.ts';

/**
 * The shape of DiscordChatExporter's JSON (2.x): `{guild, channel, dateRange, messages: [...], messageCount}`.
 * Of all objects in it only a message begins with `id` and then `type`.
 */
export const messagesShape: ObjectsShape = {
  array: 'messages',
  inner: null,
  anchor: /^\{\s*"id"\s*:\s*"\d{1,24}"\s*,\s*"type"\s*:/,
};

export type Members = Record<string, unknown>;

/** An object from its JSON, without members that would reach prototypes. Null when it is none. */
export function objectOf(json: string | Uint8Array): Members | null {
  try {
    const text = typeof json === 'string' ? json : decodeLoosely(json);
    const value: unknown = parseJson(text, { protoAction: 'remove', constructorAction: 'remove' });
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function memberOf(of: Members, key: string): Members | null {
  const value = of[key];
  return isObject(value) ? value : null;
}

export function objectsOf(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text member, or null when it is absent, empty or no text. */
export function textOf(of: Members | null, key: string): string | null {
  const value = of?.[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A native id: text, or a whole number as old exports wrote it. Null when there is none. */
export function idOf(of: Members | null): string | null {
  const value = of?.id;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return textOf(of, 'id');
}

/** The channel that a file holds, as its head states it. */
export interface Channel {
  readonly id: string | null;
  readonly guildId: string | null;
  /** Guild and channel by name: where a message was said. */
  readonly place: string | null;
  readonly direct: boolean;
}

/** The channel from the members `guild` and `channel` of the root; null members where they are not stated. */
export function channelOf(guild: Members | null, channel: Members | null): Channel {
  const names = [textOf(guild, 'name'), textOf(channel, 'name')].filter((name) => name !== null);
  return {
    id: idOf(channel),
    guildId: idOf(guild),
    place: names.length === 0 ? null : names.join(' / '),
    direct: /^Direct(Group)?TextChat$/.test(textOf(channel, 'type') ?? ''),
  };
}
