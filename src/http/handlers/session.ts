import type { Context } from 'hono';
import { type Action, can, permissions } from '../../access/can.ts';
import { WaymarkError } from '../../base/errors.ts';
import { addUser, listUsers, setPassword, setRoles, setStatus } from '../../workbench/users.ts';
import type { sessionEndpoints } from '../contract/session.ts';
import type { Desk } from '../desk.ts';
import { entryOf, guestOf } from '../entry.ts';
import type { HandlersOf } from './handler.ts';

const done = { done: true } as const;

/** Actions that the roles of an actor hold, on some object. */
function mayOf(c: Context): string[] {
  const actor = { ...entryOf(c).actor, confirmed: true };
  return (Object.keys(permissions) as Action[]).filter((action) =>
    can(actor, action, { kind: permissions[action].on, operation: actor.operation, id: '' }),
  );
}

/** Acts on users end with their sessions. */
async function change(desk: Desk, c: Context, name: string, act: () => void): Promise<typeof done> {
  await desk.turns.record(act);
  entryOf(c).logIn?.endAllOf(name);
  return done;
}

function inTurn<T>(c: Context, work: () => Promise<T>): Promise<T> {
  const { logIn } = entryOf(c);
  return logIn ? logIn.inTurn(work) : work();
}

export const sessionHandlers: HandlersOf<typeof sessionEndpoints> = {
  showSession: async (_desk, _input, c) => {
    const { actor, logIn, guest } = entryOf(c);
    return {
      mode: logIn ? 'users' : 'one officer',
      user: logIn ? (guest?.user.name ?? null) : actor.id,
      full_name: guest?.user.full_name ?? null,
      roles: [...actor.roles],
      must_change: guest?.user.must_change ?? false,
      may: mayOf(c),
      ends: logIn && guest ? logIn.endsOf(guest) : null,
    };
  },

  beginSession: async (_desk, { body }, c) => {
    const { logIn, giveCookie } = entryOf(c);
    if (!logIn) {
      throw new WaymarkError('usage', 'this operation has no users', {
        remedy: 'Open the address that Waymark printed when it started.',
      });
    }
    giveCookie(c, await logIn.begin(body.name, body.password));
    return done;
  },

  confirmSession: async (_desk, { body }, c) => {
    const { logIn, guest } = guestOf(c);
    await logIn.confirm(guest, body.password);
    return done;
  },

  changePassword: async (_desk, { body }, c) => {
    const { logIn, guest } = guestOf(c);
    entryOf(c).giveCookie(c, await logIn.change(guest, body.password, body.next));
    return done;
  },

  endSession: async (_desk, _input, c) => {
    const { logIn, guest } = guestOf(c);
    await logIn.end(guest);
    entryOf(c).giveCookie(c, null);
    return done;
  },

  listUsers: async ({ operation }) => ({ users: listUsers(operation) }),

  addUser: async (desk, { body }, c) => {
    await desk.turns.record(await inTurn(c, () => addUser(desk.operation, body)));
    return done;
  },

  setUserRoles: (desk, { params, body }, c) =>
    change(desk, c, params.name, () => setRoles(desk.operation, params.name, body.roles)),

  setUserStatus: (desk, { params, body }, c) =>
    change(desk, c, params.name, () => setStatus(desk.operation, params.name, body.status)),

  setUserPassword: async (desk, { params, body }, c) => {
    if (params.name === entryOf(c).actor.id) {
      throw new WaymarkError('denied', 'nobody sets their own password without the one that stands', {
        remedy: 'Change it under your own name, with the password that stands.',
      });
    }
    return change(
      desk,
      c,
      params.name,
      await inTurn(c, () => setPassword(desk.operation, params.name, body.password)),
    );
  },
};
