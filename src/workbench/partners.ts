import * as fs from 'node:fs';
import { writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { parseVkey } from '../ledger/key.ts';
import { assertRecipient, createReceivingKey, fingerprintOf, type ReceivingKey } from '../packages/seal.ts';
import type { Operation } from '../store/operation.ts';

/** What an agency hands to those who exchange packages with it. */
export interface PartnerCard {
  readonly format: 'waymark-partner/1';
  readonly name: string;
  /** Age recipient that packages are sealed for. */
  readonly recipient: string;
  /** Key that its packages are signed with; null for one that only receives. */
  readonly vkey: string | null;
}

export interface Partner extends Omit<PartnerCard, 'format'> {
  /** To be compared with the partner by voice or in person. */
  readonly fingerprint: string;
}

/** Our own card, with a receiving key made when first asked for. */
export async function ownCard(operation: Operation, name: string): Promise<PartnerCard> {
  const { recipient } = await receivingKey(operation);
  return { format: 'waymark-partner/1', name, recipient, vkey: operation.ledgerIdentity().vkey };
}

/** The key that packages to us are sealed for; kept in the operation's `keys` folder. */
export async function receivingKey(operation: Operation): Promise<ReceivingKey> {
  const file = operation.path('keys', 'receiving.json');
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')) as ReceivingKey;
  return operation.exclusively(async () => {
    const key = await createReceivingKey();
    writeFileDurably(file, `${JSON.stringify(key)}\n`);
    fs.chmodSync(file, 0o600);
    operation.record({ action: 'partner.own-key', objects: [], facts: {} });
    return key;
  });
}

/**
 * Takes in the text of a partner's card. The fingerprint that the partner read out must agree with it: a card that was
 * swapped on the way would send packages to somebody else. Throws WaymarkError 'usage', 'denied'.
 */
export async function addPartner(
  operation: Operation,
  text: string,
  fingerprint: string,
  where?: string,
): Promise<Partner> {
  const card = readCard(text, where);
  const partner = partnerOf(card);
  if (plain(fingerprint) !== plain(partner.fingerprint)) {
    throw new WaymarkError('denied', 'the fingerprint is not the one of this card', {
      where,
      remedy: 'Ask the partner to read it out again. If it still differs, the card was swapped.',
    });
  }
  await operation.exclusively(async () => {
    const facts = { recipient: plain(partner.fingerprint) };
    operation.record({ action: 'partner.add', objects: [], facts }, () => {
      operation.state.run(
        'insert or replace into partner (name, recipient, vkey) values ($name, $recipient, $vkey)',
        {
          name: card.name,
          recipient: card.recipient,
          vkey: card.vkey,
        },
      );
    });
  });
  return partner;
}

export function listPartners(operation: Operation): Partner[] {
  return operation.state
    .all<Omit<PartnerCard, 'format'>>('select name, recipient, vkey from partner order by name')
    .map(partnerOf);
}

/** Throws WaymarkError 'not-found'. */
export function findPartner(operation: Operation, name: string): Partner {
  const found = listPartners(operation).find((partner) => partner.name === name);
  if (found) return found;
  throw new WaymarkError('not-found', `there is no partner "${name}"`, {
    remedy: 'Add the card that the partner handed over with "partner add".',
  });
}

function partnerOf({ name, recipient, vkey }: Omit<PartnerCard, 'format'>): Partner {
  return { name, recipient, vkey, fingerprint: fingerprintOf(recipient) };
}

/** The text of a card's file. Throws WaymarkError 'usage'. */
export function readCardFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw notACard(file, cause);
  }
}

function readCard(text: string, where: string | undefined): PartnerCard {
  let card: Partial<PartnerCard>;
  try {
    card = JSON.parse(text) as Partial<PartnerCard>;
  } catch (cause) {
    throw notACard(where, cause);
  }
  const { name, recipient, vkey } = card ?? {};
  const named = typeof name === 'string' && /^[^\p{Cc}]{1,100}$/u.test(name) && name.trim() !== '';
  if (!named || typeof recipient !== 'string' || (vkey !== null && typeof vkey !== 'string')) {
    throw notACard(where);
  }
  assertRecipient(recipient);
  if (vkey !== null) parseVkey(vkey);
  return { format: 'waymark-partner/1', name, recipient, vkey };
}

function notACard(where: string | undefined, cause?: unknown): WaymarkError {
  return new WaymarkError('usage', 'this is no partner card', {
    where,
    remedy: 'The partner prints its card with "partner me".',
    ...(cause === undefined ? {} : { cause }),
  });
}

function plain(fingerprint: string): string {
  return fingerprint.replace(/\s/g, '').toLowerCase();
}
