import { type GivenRole, givenRoles } from '../access/can.ts';
import { assertGoodPassword, type Cost, hashPassword, isPassword, usualCost } from '../access/password.ts';
import { triesBeforeLock } from '../access/tries.ts';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { Operation } from '../store/operation.ts';

/**
 * Who may log in to an operation, and as what. Users belong to one operation: what a person may do in one says
 * nothing about another. An operation without users has one officer, on a machine of their own.
 */
export interface User {
  /** As it stands in the ledger. */
  readonly name: string;
  readonly full_name: string;
  readonly roles: readonly GivenRole[];
  readonly status: 'active' | 'closed' | 'locked';
  /** Wrong passwords since the last right one. */
  readonly failures: number;
  /** Whether the password was given by somebody else and must be changed first. */
  readonly must_change: boolean;
}

interface UserRow extends Omit<User, 'roles' | 'must_change'> {
  readonly roles: string;
  readonly password: string | null;
  readonly must_change: number;
}

/** Roles that stand alone: who oversees or gives access does not work on the case. */
const aloneRoles: readonly GivenRole[] = ['inspector', 'administrator'];

export function hasUsers(operation: Operation): boolean {
  return operation.state.one("select 1 from user where status <> 'closed'") !== undefined;
}

export function listUsers(operation: Operation): User[] {
  return operation.state.all<UserRow>('select * from user order by name').map(viewOf);
}

/** The user of a name, or null. */
export function findUser(operation: Operation, name: string): User | null {
  const row = rowOf(operation, name);
  return row ? viewOf(row) : null;
}

export interface NewUser {
  readonly name: string;
  readonly full_name: string;
  readonly roles: readonly string[];
  readonly password: string;
}

/**
 * Adds a user with a first password, which they must change. The first user is an administrator: nobody else could
 * add others. Returns the act, to be called where the operation is held. Throws WaymarkError 'usage'.
 */
export async function addUser(operation: Operation, user: NewUser, cost: Cost = usualCost) {
  const name = checkName(user.name);
  const roles = checkRoles(user.roles);
  const full_name = user.full_name.trim();
  if (full_name === '') throw new WaymarkError('usage', 'a user needs the name of a person');
  if (!hasUsers(operation) && !roles.includes('administrator')) {
    throw new WaymarkError('usage', 'the first user must be an administrator', {
      remedy: 'Add one first: from then on everybody logs in, and administrators add the others.',
    });
  }
  assertGoodPassword(user.password, name);
  const password = await hashPassword(user.password, cost);
  return () => {
    if (rowOf(operation, name)) {
      throw new WaymarkError('usage', `there is a user "${name}" already`, {
        remedy: 'Names are used once: the ledger must say who it was.',
      });
    }
    operation.record({ action: 'user.add', objects: [name], facts: { roles: roles.join('+') } }, () =>
      operation.state.run(
        `insert into user (name, full_name, roles, password, status) values ($name, $full_name, $roles, $password, 'active')`,
        { name, full_name, roles: canonicalJson(roles), password },
      ),
    );
  };
}

/** Gives a user other roles. Throws WaymarkError 'not-found', 'usage', 'denied' for one's own. */
export function setRoles(operation: Operation, name: string, given: readonly string[]): void {
  const user = assertUser(operation, name);
  const roles = checkRoles(given);
  assertOther(operation, name);
  if (!roles.includes('administrator')) assertNotLast(operation, user);
  operation.record({ action: 'user.roles', objects: [name], facts: { roles: roles.join('+') } }, () =>
    operation.state.run('update user set roles = $roles where name = $name', {
      name,
      roles: canonicalJson(roles),
    }),
  );
}

/** Closes a user, or opens one that is closed or locked. Throws WaymarkError 'not-found', 'denied', 'usage'. */
export function setStatus(operation: Operation, name: string, status: 'active' | 'closed'): void {
  const user = assertUser(operation, name);
  assertOther(operation, name);
  if (status === 'closed') assertNotLast(operation, user);
  const action = status === 'closed' ? 'user.close' : 'user.open';
  operation.record({ action, objects: [name], facts: {} }, () =>
    operation.state.run('update user set status = $status, failures = 0 where name = $name', {
      name,
      status,
    }),
  );
}

/**
 * A new password: by the user, who then needs no other; by somebody else, then the user must change it. Opens a lock.
 * Returns the act. Throws WaymarkError 'not-found', 'usage'.
 */
export async function setPassword(
  operation: Operation,
  name: string,
  password: string,
  cost: Cost = usualCost,
) {
  assertUser(operation, name);
  assertGoodPassword(password, name);
  const kept = rowOf(operation, name)!.password;
  if (kept !== null && (await isPassword(password, kept))) {
    throw new WaymarkError('usage', 'this is the password that stands already');
  }
  const hash = await hashPassword(password, cost);
  return () => {
    const own = operation.actor === name;
    operation.record({ action: 'user.password', objects: [name], facts: { own: own ? 1 : 0 } }, () =>
      operation.state.run(
        `update user set password = $hash, must_change = $must, failures = 0,
                status = case when status = 'locked' then 'active' else status end where name = $name`,
        { name, hash, must: own ? 0 : 1 },
      ),
    );
  };
}

/**
 * Makes a user an administrator with a new password, for when nobody can log in any more. Whoever holds the folder
 * can do it; the ledger keeps that it was done. Returns the act. Throws WaymarkError 'not-found', 'usage'.
 */
export async function recoverUser(
  operation: Operation,
  name: string,
  password: string,
  cost: Cost = usualCost,
) {
  assertUser(operation, name);
  assertGoodPassword(password, name);
  const hash = await hashPassword(password, cost);
  return () =>
    operation.record({ action: 'user.recover', objects: [name], facts: {} }, () =>
      operation.state.run(
        `update user set password = $hash, must_change = 1, failures = 0, status = 'active', roles = $roles
         where name = $name`,
        { name, hash, roles: canonicalJson(['administrator']) },
      ),
    );
}

/** What became of a try to log in. */
export type Tried = 'right' | 'wrong' | 'locked now';

/**
 * Whether a password is the user's. It takes as long for names that are not there. Counts what is wrong: after 100
 * in a row the user is locked, which the ledger keeps. `record` runs an act that needs the operation.
 */
export async function tryPassword(
  operation: Operation,
  name: string,
  password: string,
  record: (act: () => void) => Promise<void>,
): Promise<Tried> {
  const row = rowOf(operation, name);
  const usable = row?.status === 'active' && row.password !== null;
  const isRight = await isPassword(password, usable ? row.password! : await nobody());
  if (!usable) return 'wrong';
  if (isRight) {
    if (row.failures > 0) operation.state.run('update user set failures = 0 where name = $name', { name });
    return 'right';
  }
  operation.state.run('update user set failures = failures + 1 where name = $name', { name });
  const { failures } = rowOf(operation, name)!;
  if (failures < triesBeforeLock) return 'wrong';
  await record(() =>
    operation.record({ action: 'user.lock', objects: [name], facts: { failures } }, () =>
      operation.state.run("update user set status = 'locked' where name = $name and status = 'active'", {
        name,
      }),
    ),
  );
  return 'locked now';
}

let nobodysPassword: Promise<string> | undefined;

/** A password that nobody has, so that unknown names take as long as known ones. */
function nobody(): Promise<string> {
  nobodysPassword ??= hashPassword('nobody has this password');
  return nobodysPassword;
}

function checkName(given: string): string {
  const name = given.trim();
  if (/^[a-z0-9][a-z0-9._-]{1,39}$/.test(name)) return name;
  throw new WaymarkError('usage', `"${name}" cannot be the name of a user`, {
    remedy: 'Use 2 to 40 small letters, digits, dots, dashes: it stands in the ledger.',
  });
}

function checkRoles(given: readonly string[]): GivenRole[] {
  const roles = givenRoles.filter((role) => given.includes(role));
  const unknown = given.find((role) => !(givenRoles as readonly string[]).includes(role));
  if (unknown !== undefined || roles.length === 0) {
    throw new WaymarkError(
      'usage',
      unknown === undefined ? 'a user needs a role' : `"${unknown}" is no role`,
      {
        remedy: `The roles are ${givenRoles.join(', ')}.`,
      },
    );
  }
  const alone = roles.find((role) => aloneRoles.includes(role));
  if (alone !== undefined && roles.length > 1) {
    throw new WaymarkError('usage', `whoever is ${alone} has no other role`, {
      remedy: 'Who oversees or gives access does not work on the case: use two users.',
    });
  }
  return roles;
}

function assertUser(operation: Operation, name: string): User {
  const user = findUser(operation, name);
  if (user) return user;
  throw new WaymarkError('not-found', `there is no user "${name}"`, { remedy: '"user list" names them.' });
}

function assertOther(operation: Operation, name: string): void {
  if (operation.actor !== name) return;
  throw new WaymarkError('denied', 'nobody changes their own access', {
    remedy: 'Let another administrator do it.',
  });
}

function assertNotLast(operation: Operation, { name, roles, status }: User): void {
  if (!roles.includes('administrator') || status !== 'active') return;
  const others = listUsers(operation).filter(
    (each) => each.name !== name && each.status === 'active' && each.roles.includes('administrator'),
  );
  if (others.length > 0) return;
  throw new WaymarkError('usage', 'the last administrator stays', {
    remedy: 'Make another user administrator first.',
  });
}

function rowOf(operation: Operation, name: string): UserRow | undefined {
  return operation.state.one<UserRow>('select * from user where name = $name', { name });
}

function viewOf({ password: _, roles, must_change, ...user }: UserRow): User {
  return { ...user, roles: JSON.parse(roles) as GivenRole[], must_change: must_change === 1 };
}
