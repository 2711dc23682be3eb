import { randomBytes, timingSafeEqual } from 'node:crypto';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { findExhibit } from '../intake/exhibits.ts';
import type { Operation } from '../store/operation.ts';
import { decisionsInForce, policyOf } from './decided.ts';

/** What the operation asks for before somebody reads what subjects wrote. */
export interface ReadingPolicy {
  /** Whether a reason must be given. */
  readonly reason: boolean;
  /** Whether a second person must confirm. */
  readonly second: boolean;
  /** Who can confirm, by name, in order. */
  readonly second_readers: readonly string[];
}

/** What is given with the opening of a text. */
export interface Opening {
  readonly reason?: string | undefined;
  readonly second?: { readonly name: string; readonly key: string } | undefined;
}

export function readingPolicy(operation: Operation): ReadingPolicy {
  const decisions = decisionsInForce(operation);
  return {
    reason: policyOf(decisions, 'reasons needed to open a text') > 0,
    second: policyOf(decisions, 'persons needed to open a text') > 1,
    second_readers: operation.state
      .all<{ name: string }>('select name from second_reader order by name')
      .map(({ name }) => name),
  };
}

/** Whether texts are given only once they were opened as the operation asks. */
export function areTextsClosed(operation: Operation): boolean {
  const { reason, second } = readingPolicy(operation);
  return reason || second;
}

/**
 * Records that a text is being read, before anything of it is shown: who, which bytes, and with what reason and
 * second person. Throws WaymarkError 'usage' without a reason that is asked for, 'denied' for an excluded exhibit, a
 * missing or wrong second person, or one who is the reader.
 */
export function openText(operation: Operation, pointer: string, opening: Opening, time: string): void {
  const { exhibit: id, offset, length } = parsePointer(pointer);
  const exhibit = findExhibit(operation, id);
  if (exhibit.status === 'excluded') {
    throw new WaymarkError('denied', 'this exhibit is excluded', { where: id });
  }
  const policy = readingPolicy(operation);
  const reason = opening.reason?.trim() || null;
  if (policy.reason && reason === null) {
    throw new WaymarkError('usage', 'this operation asks for a reason before a text is opened', {
      remedy: 'Say in a sentence why it must be read.',
    });
  }
  const second = opening.second === undefined ? null : confirmed(operation, opening.second);
  if (policy.second && second === null) {
    throw new WaymarkError('denied', 'this operation asks for a second person before a text is opened', {
      remedy: 'Let a second reader confirm with their key.',
    });
  }
  const told = { offset, length };
  if (reason === null && second === null) {
    operation.record({ action: 'source.reveal', objects: [id], facts: told, note: { about: [pointer] } });
    return;
  }
  const facts = { ...told, digest: sha256Hex(JSON.stringify([pointer, reason, second])) };
  const note = { reason: reason ?? undefined, about: [pointer] };
  operation.record({ action: 'source.reveal', objects: [id], facts, note }, () => {
    operation.state.run(
      `insert into opened_text (pointer, reason, author, second, time)
       values ($pointer, $reason, $author, $second, $time)`,
      { pointer, reason, author: operation.actor, second, time },
    );
  });
}

/** The name of a second reader whose key is right, and who is not the one who reads. */
function confirmed(operation: Operation, { name, key }: { name: string; key: string }): string {
  const found = operation.state.one<{ key_hash: string }>(
    'select key_hash from second_reader where name = $name',
    { name },
  );
  const given = Buffer.from(sha256Hex(normal(key)), 'hex');
  const right = found !== undefined && timingSafeEqual(given, Buffer.from(found.key_hash, 'hex'));
  if (right && name !== operation.actor) return name;
  throw new WaymarkError('denied', 'this does not confirm the opening', {
    remedy: right
      ? 'The second person must be another than the one who reads.'
      : 'Check the name and the key of the second reader; "reading show" lists the names.',
  });
}

/**
 * Makes somebody a second reader and returns their key, which is shown this once and kept nowhere. Throws
 * WaymarkError 'usage' for a name that is taken.
 */
export function addSecondReader(operation: Operation, name: string, time: string): string {
  const given = name.trim();
  if (given === '') throw new WaymarkError('usage', 'a second reader needs a name');
  if (operation.state.one('select name from second_reader where name = $name', { name: given })) {
    throw new WaymarkError('usage', `"${given}" is a second reader already`, {
      remedy: 'Remove them first to give them another key.',
    });
  }
  // 144 random bits: nobody guesses them, so a plain hash is enough to keep.
  const key = randomBytes(18)
    .toString('hex')
    .replace(/(.{6})(?=.)/g, '$1-');
  const facts = { name: sha256Hex(given) };
  operation.record({ action: 'reading.second-add', objects: [], facts }, () => {
    operation.state.run('insert into second_reader (name, key_hash, time) values ($name, $hash, $time)', {
      name: given,
      hash: sha256Hex(normal(key)),
      time,
    });
  });
  return key;
}

/** Throws WaymarkError 'not-found'. */
export function removeSecondReader(operation: Operation, name: string): void {
  if (!operation.state.one('select name from second_reader where name = $name', { name })) {
    throw new WaymarkError('not-found', `there is no second reader "${name}"`);
  }
  operation.record({ action: 'reading.second-remove', objects: [], facts: { name: sha256Hex(name) } }, () => {
    operation.state.run('delete from second_reader where name = $name', { name });
  });
}

function normal(key: string): string {
  return key.toLowerCase().replace(/[^0-9a-f]/g, '');
}

export interface OpenedText {
  readonly sequence: number;
  readonly pointer: string;
  readonly reason: string | null;
  readonly author: string;
  readonly second: string | null;
  readonly time: string;
}

/** Texts that were opened with a reason or a second person, in order. All others stand in the ledger alone. */
export function listOpened(operation: Operation): OpenedText[] {
  return operation.state.all<OpenedText>(
    'select sequence, pointer, reason, author, second, time from opened_text order by sequence',
  );
}
