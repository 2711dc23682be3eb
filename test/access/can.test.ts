import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ActedOn,
  type Action,
  type Actor,
  can,
  givenRoles,
  permissions,
  refusal,
  roles,
} from '../../src/access/can.ts';
import { mayKnow, restrictionsOf } from '../../src/access/restricted.ts';

const actions = Object.keys(permissions) as Action[];
const supervisor: Actor = { id: 'officer-1', roles: ['supervisor'], operation: 'one', confirmed: true };
const exhibit: ActedOn = { kind: 'exhibit', operation: 'one', id: 'x' };

test('what is not written is denied: actions, kinds, operations, roles', () => {
  assert.equal(can(supervisor, 'exhibit.show', exhibit), true);
  assert.equal(refusal(supervisor, 'exhibit.show', exhibit), null);
  for (const action of ['', 'exhibit.destroy', 'constructor', '__proto__', 'toString'])
    assert.equal(refusal(supervisor, action as Action, exhibit), 'there is no such action', action);
  assert.match(refusal(supervisor, 'person.show', exhibit)!, /no such object/);
  assert.match(refusal(supervisor, 'exhibit.show', { ...exhibit, operation: 'two' })!, /no such object/);
  assert.match(refusal({ ...supervisor, roles: [] }, 'exhibit.show', exhibit)!, /^nobody in particular/);
  assert.match(
    refusal({ ...supervisor, roles: ['administrator'] }, 'exhibit.show', exhibit)!,
    /^administrator/,
  );
});

test('restricted objects, stale passwords and closed exhibits are denied with the reason', () => {
  const analyst: Actor = { ...supervisor, roles: ['analyst'] };
  const victim = { ...exhibit, kind: 'person', restricted: ['victim'] } as const;
  assert.equal(can(supervisor, 'person.show', victim), true);
  assert.match(refusal(analyst, 'person.show', victim)!, /withheld/);
  const operation: ActedOn = { ...exhibit, kind: 'operation' };
  assert.equal(can(supervisor, 'export.carry-out', operation), true);
  assert.match(refusal({ ...supervisor, confirmed: false }, 'export.carry-out', operation)!, /password/);
  const closed = { ...exhibit, closed: 'authority W-1 expired after 2026-01-31' };
  assert.equal(refusal(supervisor, 'source.show', closed), closed.closed);
  assert.equal(refusal(supervisor, 'source.show', { ...exhibit, closed: null }), null);
  assert.equal(can(supervisor, 'exhibit.show', closed), true, 'what is known of it stays');
});

test('properties: no role but its own grants, and another operation grants nothing', () => {
  const some = fc.record({
    action: fc.constantFrom(...actions),
    held: fc.subarray([...roles]),
    kind: fc.constantFrom('application', 'operation', 'exhibit', 'person', 'ledger', 'user'),
    confirmed: fc.boolean(),
    restricted: fc.subarray(['victim', 'TLP:RED']),
    closed: fc.constantFrom(null, 'closed'),
  });
  fc.assert(
    fc.property(some, ({ action, held, kind, confirmed, restricted, closed }) => {
      const actor = { id: 'a', roles: held, operation: 'one', confirmed };
      const object = { kind, operation: 'one', id: 'x', restricted, closed } as ActedOn;
      const permission = permissions[action];
      const granted = can(actor, action, object);
      if (granted) {
        assert.equal(permission.on, kind);
        assert.ok(held.some((role) => (permission.roles as readonly string[]).includes(role)));
        if ('fresh' in permission) assert.ok(confirmed);
        if ('opens' in permission) assert.equal(closed, null);
        assert.ok(mayKnow(held, restricted as never));
      }
      assert.equal(can(actor, action, { ...object, operation: 'two' }), false);
      assert.equal(can({ ...actor, roles: [] }, action, object), false);
      // More of what may be held against it never helps.
      if (!granted) assert.equal(can(actor, action, { ...object, restricted: ['victim', 'TLP:RED'] }), false);
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test('the one officer may do everything that is not for somebody else to do', () => {
  const officer: Actor = { ...supervisor, roles: ['local officer'] };
  for (const action of actions) {
    const object = { kind: permissions[action].on, operation: 'one', id: '' };
    assert.equal(can(officer, action, object), true, action);
  }
  assert.ok(!(givenRoles as readonly string[]).includes('local officer'), 'nobody is given that role');
});

test('administrators, newcomers and visitors see nothing of a case; inspectors change nothing', () => {
  const held = (role: Actor['roles'][number]) =>
    actions.filter((action) =>
      can({ ...supervisor, roles: [role] }, action, {
        kind: permissions[action].on,
        operation: 'one',
        id: '',
      }),
    );
  assert.deepEqual(held('visitor').sort(), [
    'machine.use',
    'operation.serve',
    'page.open',
    'policy.report',
    'session.begin',
    'session.show',
  ]);
  assert.deepEqual(
    held('newcomer')
      .filter((action) => !held('visitor').includes(action))
      .sort(),
    ['session.end', 'session.password'],
  );
  const administrator = held('administrator').filter((action) => !held('newcomer').includes(action));
  assert.deepEqual(administrator.sort(), [
    'api.describe',
    'session.confirm',
    'user.add',
    'user.change',
    'user.list',
  ]);
  const words =
    /\.(show|list|status|run|saved|check|follow|describe|habits|place|log|examine|preview|changes|elsewhere)$/;
  const changing = held('inspector').filter(
    (action) => !held('administrator').includes(action) && !words.test(action),
  );
  assert.deepEqual(changing, []);
});

test('victims and TLP:RED are restricted, other markings are not', () => {
  assert.deepEqual(restrictionsOf({}), []);
  assert.deepEqual(restrictionsOf({ category: null, marking: null }), []);
  assert.deepEqual(restrictionsOf({ category: 'suspect', marking: { tlp: 'AMBER' } }), []);
  assert.deepEqual(restrictionsOf({ category: 'suspect and victim' }), ['victim']);
  assert.deepEqual(restrictionsOf({ marking: { tlp: 'RED' } }), ['TLP:RED']);
  assert.equal(mayKnow(['analyst'], []), true);
  assert.equal(mayKnow(['analyst', 'supervisor'], ['victim', 'TLP:RED']), true);
  assert.equal(mayKnow(['administrator'], ['victim']), false);
});
