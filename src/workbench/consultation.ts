import { WaymarkError } from '../base/errors.ts';
import type { Operation } from '../store/operation.ts';

/** What was looked at: a person, or original bytes. */
export type Consulted = 'person.consult' | 'source.consult';

/** Looking again at the same thing within this time is the same consultation. */
const sameLookMs = 10 * 60_000;
/** Looks wait so long for others before they go to the ledger together. They are durable before they are answered. */
const gatherMs = 2000;
const maxRemembered = 50_000;

/**
 * Records that somebody looked at a person or at original bytes (LED Art. 25): one entry for each thing looked at,
 * not one for each request. Written to disk before the answer is given, and to the ledger soon after.
 */
export class Consultations {
  private readonly operation: Operation;
  private readonly flush: () => Promise<void>;
  private readonly seen = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  /** `flush` brings what waits to the ledger; it may fail while somebody else works, and is tried again. */
  constructor(operation: Operation, flush: () => Promise<void>) {
    this.operation = operation;
    this.flush = flush;
  }

  /** `about`: the accounts of a person, or a source pointer; kept beside the ledger, which gets a salted digest. */
  look(action: Consulted, object: string, about: readonly string[], reason?: string): void {
    const { operation } = this;
    const now = Date.parse(operation.time());
    const key = [operation.actor, action, object, ...(action === 'source.consult' ? about : [])].join('\n');
    if (now - (this.seen.get(key) ?? Number.NEGATIVE_INFINITY) < sameLookMs) return;
    consult(operation, action, object, about, reason);
    if (this.seen.size >= maxRemembered) this.seen.clear();
    this.seen.set(key, now);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flush().catch(() => {
        // Whoever works holds the ledger: what waits goes in with the next act.
      });
    }, gatherMs).unref();
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** Records one look at once, whoever else works. */
export function consult(
  operation: Operation,
  action: Consulted,
  object: string,
  about: readonly string[],
  reason?: string,
): void {
  operation.recordLater({ action, objects: [object], facts: {}, note: { reason, about } });
}

/** The same for a command that ends: brings it to the ledger unless somebody else works on the operation. */
export async function consultOnce(
  operation: Operation,
  action: Consulted,
  object: string,
  about: readonly string[],
  reason?: string,
): Promise<void> {
  consult(operation, action, object, about, reason);
  try {
    await operation.exclusively(async () => {});
  } catch (error) {
    if (!(error instanceof WaymarkError && error.code === 'busy')) throw error;
  }
}
