import { mayKnow, type Restriction } from './restricted.ts';

/**
 * Who may do what to which object. Everything that is not written here is denied: an unknown action, a role
 * that does not hold it, an object of another kind or of another operation, a restricted object, one whose
 * authority does not cover it.
 */

/** What somebody is to an operation. `local officer`: the one person of a machine of their own, where there are no users. */
export const roles = [
  'local officer',
  'investigator',
  'analyst',
  'supervisor',
  'inspector',
  'administrator',
  'newcomer',
  'visitor',
] as const;
export type Role = (typeof roles)[number];

/** Roles that a user can be given. `visitor` has not logged in; `newcomer` must first choose a password. */
export const givenRoles = ['investigator', 'analyst', 'supervisor', 'inspector', 'administrator'] as const;
export type GivenRole = (typeof givenRoles)[number];

/** What an action is done to. */
export type ObjectKind = 'application' | 'operation' | 'exhibit' | 'person' | 'ledger' | 'user';

const everybody = roles;
const people = ['local officer', ...givenRoles] as const;
const arrived = [...people, 'newcomer'] as const;
/** Read what the operation holds; inspectors read and change nothing, administrators see nothing of it. */
const readers = ['local officer', 'investigator', 'analyst', 'supervisor', 'inspector'] as const;
/** Judge, search, open texts. */
const workers = ['local officer', 'investigator', 'analyst', 'supervisor'] as const;
/** Take in and take out, deal with partners and children. */
const officers = ['local officer', 'investigator', 'supervisor'] as const;
/** Read what officers deal with. */
const overseers = ['local officer', 'investigator', 'supervisor', 'inspector'] as const;
/** Decide for the operation, and as the second person. */
const leaders = ['local officer', 'supervisor'] as const;
/** See who did what. */
const inspectors = ['local officer', 'supervisor', 'inspector'] as const;
/** Give and take access. */
const administrators = ['local officer', 'administrator'] as const;

interface Permission {
  readonly on: ObjectKind;
  readonly roles: readonly Role[];
  /** Needs the password to have been typed a moment ago. */
  readonly fresh?: true;
  /** Opens original bytes: only while the exhibit's authority covers them. */
  readonly opens?: true;
}

/** Every action, the kind of object it is done to, and the roles that may do it. */
export const permissions = {
  'page.open': { on: 'application', roles: everybody },
  'api.describe': { on: 'application', roles: people },
  'policy.report': { on: 'application', roles: everybody },
  'operation.show': { on: 'operation', roles: readers },
  'operation.build': { on: 'operation', roles: workers },
  'operation.follow': { on: 'operation', roles: readers },
  'queue.show': { on: 'operation', roles: readers },
  'decision.list': { on: 'operation', roles: readers },
  'decision.record': { on: 'operation', roles: workers },
  'person.decide': { on: 'person', roles: officers },
  'note.list': { on: 'operation', roles: readers },
  'record.note': { on: 'exhibit', roles: workers, opens: true },
  'person.note': { on: 'person', roles: workers },
  'child.list': { on: 'operation', roles: overseers },
  'child.show': { on: 'operation', roles: overseers },
  'child.decide': { on: 'operation', roles: officers },
  'rules.show': { on: 'operation', roles: readers },
  'rules.adopt': { on: 'operation', roles: leaders },
  'board.show': { on: 'operation', roles: readers },
  'exhibit.list': { on: 'operation', roles: readers },
  'exhibit.show': { on: 'exhibit', roles: readers },
  'exhibit.exclude': { on: 'exhibit', roles: officers },
  'person.list': { on: 'operation', roles: readers },
  'pair.list': { on: 'operation', roles: readers },
  'person.show': { on: 'person', roles: readers },
  'network.show': { on: 'operation', roles: readers },
  'search.run': { on: 'operation', roles: readers },
  'search.status': { on: 'operation', roles: readers },
  'search.selectors': { on: 'operation', roles: workers },
  'search.saved': { on: 'operation', roles: readers },
  'search.save': { on: 'operation', roles: workers },
  'search.seen': { on: 'operation', roles: workers },
  'search.remove': { on: 'operation', roles: workers },
  'file.list': { on: 'operation', roles: readers },
  'hand-off.list': { on: 'operation', roles: readers },
  'lead.list': { on: 'operation', roles: readers },
  'person.habits': { on: 'person', roles: readers },
  'person.place': { on: 'person', roles: readers },
  'timeline.show': { on: 'operation', roles: readers },
  'jurisdiction.list': { on: 'operation', roles: readers },
  'reading.show': { on: 'operation', roles: readers },
  'source.show': { on: 'exhibit', roles: readers, opens: true },
  'source.reveal': { on: 'exhibit', roles: workers, opens: true },
  'source.download': { on: 'exhibit', roles: workers, opens: true },
  'ledger.show': { on: 'ledger', roles: inspectors },
  'ledger.check': { on: 'ledger', roles: inspectors },
  'session.show': { on: 'application', roles: everybody },
  'session.begin': { on: 'application', roles: everybody },
  'session.end': { on: 'application', roles: arrived },
  'session.password': { on: 'application', roles: arrived },
  'session.confirm': { on: 'application', roles: people },
  'user.list': { on: 'user', roles: administrators },
  'user.add': { on: 'user', roles: administrators },
  'user.change': { on: 'user', roles: administrators },
  'user.recover': { on: 'user', roles: ['local officer'] },
  'request.list': { on: 'operation', roles: readers },
  'request.make': { on: 'operation', roles: workers },
  'request.answer': { on: 'operation', roles: leaders },
  'export.carry-out': { on: 'operation', roles: workers, fresh: true },
  'erasure.carry-out': { on: 'operation', roles: officers, fresh: true },
  'authority.list': { on: 'operation', roles: readers },
  'authority.show': { on: 'operation', roles: readers },
  'authority.add': { on: 'operation', roles: officers },
  'authority.withdraw': { on: 'operation', roles: leaders },
  'exhibit.preview': { on: 'exhibit', roles: officers },
  'exhibit.changes': { on: 'exhibit', roles: overseers },
  'intake.show': { on: 'operation', roles: overseers },
  'package.preview': { on: 'operation', roles: officers },
  'package.elsewhere': { on: 'person', roles: overseers },
  'exhibit.add': { on: 'operation', roles: officers },
  'ledger.keep': { on: 'ledger', roles: leaders },
  'backup.make': { on: 'operation', roles: leaders },
  'operation.examine': { on: 'operation', roles: inspectors },
  'policy.set': { on: 'operation', roles: leaders },
  'partner.list': { on: 'operation', roles: readers },
  'partner.me': { on: 'operation', roles: officers },
  'partner.add': { on: 'operation', roles: officers },
  'package.list': { on: 'operation', roles: readers },
  'package.create': { on: 'operation', roles: officers, fresh: true },
  'package.open': { on: 'operation', roles: officers },
  'package.notices': { on: 'operation', roles: officers },
  'search.log': { on: 'operation', roles: inspectors },
  'machine.use': { on: 'application', roles: everybody },
  'operation.serve': { on: 'application', roles: everybody },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;

/** Who acts, as what, in which operation. */
export interface Actor {
  /** As it stands in the ledger. */
  readonly id: string;
  readonly roles: readonly Role[];
  /** Origin of the operation the actor works in; nothing outside it may be touched. */
  readonly operation: string;
  /** Whether the password was typed a moment ago; the single user of a machine has none to type. */
  readonly confirmed: boolean;
}

/** The very object that is acted on, not the one that was asked for somewhere else. */
export interface ActedOn {
  readonly kind: ObjectKind;
  /** Origin of the operation that the object is part of. */
  readonly operation: string;
  readonly id: string;
  /** What keeps it from some roles. */
  readonly restricted?: readonly Restriction[];
  /** Why its authority does not cover it now; null where it does. */
  readonly closed?: string | null;
}

export type Can = (actor: Actor, action: Action, object: ActedOn) => boolean;

/** Whether the actor may do this to this object. Never throws; what is not permitted is denied. */
export const can: Can = (actor, action, object) => refusal(actor, action, object) === null;

/** Why the actor may not do this to this object, in words; null where it is permitted. */
export function refusal(actor: Actor, action: Action, object: ActedOn): string | null {
  if (!Object.hasOwn(permissions, action)) return 'there is no such action';
  const permission: Permission = permissions[action];
  if (permission.on !== object.kind || actor.operation !== object.operation) {
    return 'it is no such object of this operation';
  }
  if (!actor.roles.some((role) => permission.roles.includes(role))) {
    return `${actor.roles.join(' and ') || 'nobody in particular'} may not do this (${action})`;
  }
  if (!mayKnow(actor.roles, object.restricted ?? [])) return 'it is withheld from this role';
  if (permission.fresh && !actor.confirmed) return 'it needs the password once more';
  if (permission.opens && object.closed != null) return object.closed;
  return null;
}
