import * as fs from 'node:fs';
import {
  type ActedOn,
  type Action,
  type Actor,
  can,
  permissions,
  type Role,
  refusal,
} from '../access/can.ts';
import { mayKnow } from '../access/restricted.ts';
import { WaymarkError } from '../base/errors.ts';
import type { Operation } from '../store/operation.ts';
import { findUser, hasUsers, tryPassword } from '../workbench/users.ts';
import { actorId } from './actor.ts';
import { type Permit, permits } from './permits.ts';

/** Who calls a verb, as the ledger will name them. */
export interface Caller {
  readonly name: string;
  readonly roles: readonly Role[];
}

/**
 * Lets a verb be called: by the one officer of a machine, or where there are users by somebody who types their
 * password. Throws WaymarkError 'denied'.
 */
export async function enterVerb(operation: Operation, verb: string): Promise<Caller> {
  const permit = Object.hasOwn(permits, verb) ? permits[verb] : undefined;
  if (!permit) throw denied(`the verb "${verb}" is in no list of what may be done`, 'Add it to permits.');
  const alone = !hasUsers(operation) || permit.byFolder;
  const caller = alone ? { name: actorId(), roles: ['local officer'] as const } : await logIn(operation);
  const why = whyNot(caller.roles, permit, operation.ledgerIdentity().origin, caller.name);
  if (why !== null) throw denied(why, 'Ask whoever runs this operation.');
  present = caller;
  return caller;
}

let present: Caller | undefined;

/** A further permission that a verb finds it needs. Throws WaymarkError 'denied'. */
export function assertAlso(operation: Operation, action: Action): void {
  const { roles = [], name = '' } = present ?? {};
  const why = whyNot(roles, { action }, operation.ledgerIdentity().origin, name);
  if (why !== null) throw denied(why, 'Ask whoever runs this operation.');
}

/** Why these roles may not call a verb; null where they may. */
export function whyNot(
  roles: readonly Role[],
  permit: Permit,
  operation: string,
  name: string,
  object: Partial<ActedOn> = {},
): string | null {
  const actor: Actor = { id: name, roles, operation, confirmed: true };
  const full = { kind: permissions[permit.action].on, operation, id: '', ...object };
  if (!can(actor, permit.action, full)) return refusal(actor, permit.action, full);
  if (permit.plain || mayKnow(roles, ['victim', 'TLP:RED'])) return null;
  return 'some records are withheld from this role: it works in the workbench ("serve"), which leaves them out';
}

async function logIn(operation: Operation): Promise<Caller> {
  const name = actorId();
  const password = await readPassword(`Password of ${name}: `, 'WAYMARK_PASSWORD_FILE');
  const tried = await tryPassword(operation, name, password, (act) =>
    operation.exclusively(async () => act()),
  );
  if (tried !== 'right') {
    throw denied('this name and password do not let in', 'WAYMARK_ACTOR says who you are; check both.');
  }
  const user = findUser(operation, name)!;
  return { name, roles: user.must_change ? ['newcomer'] : user.roles };
}

/**
 * A password: from the file that a variable of the environment names, else typed without being shown. Throws
 * WaymarkError 'usage' where neither is possible.
 */
export async function readPassword(question: string, variable: string): Promise<string> {
  const file = process.env[variable];
  if (file) return fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) {
    throw new WaymarkError('usage', 'a password is needed, and nobody can type it here', {
      remedy: `Name a file that holds it in ${variable}.`,
    });
  }
  process.stderr.write(question);
  process.stdin.setRawMode(true);
  process.stdin.setEncoding('utf8');
  let typed = '';
  try {
    for await (const piece of process.stdin) {
      for (const letter of piece as string) {
        if (letter === '\r' || letter === '\n') return typed;
        if (letter === '\u0003') throw new WaymarkError('usage', 'no password was given');
        typed = letter === '\u007f' ? typed.slice(0, -1) : typed + letter;
      }
    }
    return typed;
  } finally {
    process.stdin.setRawMode(false);
    process.stderr.write('\n');
  }
}

function denied(message: string, remedy: string): WaymarkError {
  return new WaymarkError('denied', message, { remedy });
}
