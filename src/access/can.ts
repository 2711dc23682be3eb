/**
 * Who may do what to which object. Everything that is not written here is denied: an unknown action, a role
 * that does not hold it, an object of another kind or of another operation.
 */

/** What an actor is to an operation. One officer works on a machine of their own: the only role yet. */
export const roles = ['local officer'] as const;
export type Role = (typeof roles)[number];

/** What an action is done to. */
export type ObjectKind = 'application' | 'operation' | 'exhibit' | 'person' | 'ledger';

interface Permission {
  readonly on: ObjectKind;
  readonly roles: readonly Role[];
}

/** Every action, the kind of object it is done to, and the roles that may do it. */
export const permissions = {
  'page.open': { on: 'application', roles: ['local officer'] },
  'api.describe': { on: 'application', roles: ['local officer'] },
  'policy.report': { on: 'application', roles: ['local officer'] },
  'operation.show': { on: 'operation', roles: ['local officer'] },
  'operation.build': { on: 'operation', roles: ['local officer'] },
  'operation.follow': { on: 'operation', roles: ['local officer'] },
  'queue.show': { on: 'operation', roles: ['local officer'] },
  'decision.list': { on: 'operation', roles: ['local officer'] },
  'decision.record': { on: 'operation', roles: ['local officer'] },
  'person.decide': { on: 'person', roles: ['local officer'] },
  'child.list': { on: 'operation', roles: ['local officer'] },
  'child.show': { on: 'operation', roles: ['local officer'] },
  'child.decide': { on: 'operation', roles: ['local officer'] },
  'rules.show': { on: 'operation', roles: ['local officer'] },
  'rules.adopt': { on: 'operation', roles: ['local officer'] },
  'board.show': { on: 'operation', roles: ['local officer'] },
  'exhibit.list': { on: 'operation', roles: ['local officer'] },
  'exhibit.show': { on: 'exhibit', roles: ['local officer'] },
  'exhibit.exclude': { on: 'exhibit', roles: ['local officer'] },
  'person.list': { on: 'operation', roles: ['local officer'] },
  'pair.list': { on: 'operation', roles: ['local officer'] },
  'person.show': { on: 'person', roles: ['local officer'] },
  'network.show': { on: 'operation', roles: ['local officer'] },
  'search.run': { on: 'operation', roles: ['local officer'] },
  'search.status': { on: 'operation', roles: ['local officer'] },
  'search.selectors': { on: 'operation', roles: ['local officer'] },
  'search.saved': { on: 'operation', roles: ['local officer'] },
  'search.save': { on: 'operation', roles: ['local officer'] },
  'search.seen': { on: 'operation', roles: ['local officer'] },
  'search.remove': { on: 'operation', roles: ['local officer'] },
  'file.list': { on: 'operation', roles: ['local officer'] },
  'hand-off.list': { on: 'operation', roles: ['local officer'] },
  'lead.list': { on: 'operation', roles: ['local officer'] },
  'person.habits': { on: 'person', roles: ['local officer'] },
  'person.place': { on: 'person', roles: ['local officer'] },
  'timeline.show': { on: 'operation', roles: ['local officer'] },
  'jurisdiction.list': { on: 'operation', roles: ['local officer'] },
  'source.show': { on: 'exhibit', roles: ['local officer'] },
  'source.reveal': { on: 'exhibit', roles: ['local officer'] },
  'source.download': { on: 'exhibit', roles: ['local officer'] },
  'ledger.show': { on: 'ledger', roles: ['local officer'] },
  'ledger.check': { on: 'ledger', roles: ['local officer'] },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;

/** Who acts, as what, in which operation. */
export interface Actor {
  /** As it stands in the ledger. */
  readonly id: string;
  readonly roles: readonly Role[];
  /** Origin of the operation the actor works in; nothing outside it may be touched. */
  readonly operation: string;
}

/** The very object that is acted on, not the one that was asked for somewhere else. */
export interface ActedOn {
  readonly kind: ObjectKind;
  /** Origin of the operation that the object is part of. */
  readonly operation: string;
  readonly id: string;
}

export type Can = (actor: Actor, action: Action, object: ActedOn) => boolean;

/** Whether the actor may do this to this object. Never throws; what is not permitted is denied. */
export const can: Can = (actor, action, object) => {
  if (!Object.hasOwn(permissions, action)) return false;
  const permission: Permission = permissions[action];
  return (
    permission.on === object.kind &&
    actor.operation === object.operation &&
    actor.roles.some((role) => permission.roles.includes(role))
  );
};
