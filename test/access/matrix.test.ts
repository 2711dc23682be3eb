/**
 * Who may do what, as two tables that a human can read: every route of the API and every verb of the command line
 * against every role, in the operation of the actor and in another. A new route or verb fails until its line is there.
 */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { Command } from 'commander';
import { givenRoles, type Role } from '../../src/access/can.ts';
import { whyNot } from '../../src/cli/log-in.ts';
import { permits } from '../../src/cli/permits.ts';
import { pathOf } from '../../src/cli/verb.ts';
import { contract, type EndpointName } from '../../src/http/contract.ts';
import { type Fixture, makeOperation } from '../http/fixture.ts';
import { samples } from '../http/samples.ts';
import { type PersonName, people, Site } from '../http/site.ts';
import { assertGolden } from '../support/golden.ts';

const names = Object.keys(contract) as EndpointName[];
const roleOf: Record<string, PersonName> = Object.fromEntries(
  givenRoles.map((role) => [
    role,
    (Object.keys(people) as PersonName[]).find((name) => people[name].includes(role as never))!,
  ]),
);
let own: Fixture;
let other: Fixture;
let site: Site;
let elsewhere: Site;

before(async () => {
  own = await makeOperation(null);
  other = await makeOperation(null);
  site = await Site.open(own.operation);
  elsewhere = await Site.open(other.operation);
});

after(() => {
  assert.deepEqual([...site.faults, ...elsewhere.faults], []);
  site.close();
  elsewhere.close();
  own.remove();
  other.remove();
});

function line(what: string, marks: readonly boolean[]): string {
  return `${what.padEnd(46)}${marks.map((mark) => (mark ? 'yes' : '-').padEnd(15)).join('')}`.trimEnd();
}

const heading = (first: string, columns: readonly string[]) =>
  `${first.padEnd(46)}${columns.map((column) => column.padEnd(15)).join('')}`.trimEnd();

/** Denied is 401 or 403; anything else was let through to the handler. */
async function isLetIn(to: Site, name: EndpointName, cookie: string): Promise<boolean> {
  const { path: address, body } = samples[name];
  const { method } = contract[name];
  const answer = await to.send(address, method === 'get' ? undefined : body, cookie, method.toUpperCase());
  await answer.body?.cancel();
  if (![401, 403].includes(answer.status)) return true;
  return false;
}

test('every route for every role, in its own operation and in another', async () => {
  const columns = ['visitor', ...givenRoles];
  const lines = [heading('route', columns)];
  const cookieFor = async (to: Site, role: string) =>
    role === 'visitor' ? '' : to.enter(roleOf[role] as string);
  const mine = await Promise.all(columns.map((role) => cookieFor(site, role)));
  const theirs = await Promise.all(columns.map((role) => cookieFor(elsewhere, role)));
  // Logging out and changing users end what the next question needs: they come last, in sessions of their own.
  const ending: EndpointName[] = ['endSession', 'confirmSession', 'changePassword', 'beginSession'];
  for (const name of names.filter((each) => !ending.includes(each))) {
    const marks: boolean[] = [];
    for (const [at, role] of columns.entries()) {
      marks.push(await isLetIn(site, name, mine[at]!));
      const foreign = await isLetIn(site, name, theirs[at]!);
      const asVisitor = await isLetIn(site, name, '');
      assert.equal(foreign, asVisitor, `${name}: the session of a ${role} elsewhere is worth nothing here`);
    }
    const { method, path: address } = contract[name];
    assert.equal(marks[0], name === 'showSession', `${name} is open to whoever has not logged in`);
    lines.push(line(`${method.toUpperCase()} ${address}`, marks));
  }
  const head = lines.shift()!;
  assertGolden('access/routes.txt', `${[head, ...lines.sort()].join('\n')}\n`);
});

async function program(): Promise<Command> {
  const made = new Command('waymark');
  const folder = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'verbs');
  const later: ((to: Command) => void)[] = [];
  for (const file of fs.readdirSync(folder).sort()) {
    const module = (await import(path.join(folder, file))) as Record<string, (to: Command) => void>;
    for (const [name, add] of Object.entries(module)) {
      if (!/^add\w+Verbs$/.test(name)) continue;
      // Some verbs belong under those of another file.
      if (file === 'persons.ts') add(made);
      else later.push(add);
    }
  }
  for (const add of later) add(made);
  return made;
}

function verbsOf(command: Command): string[] {
  return command.commands.length === 0 ? [pathOf(command)] : command.commands.flatMap(verbsOf);
}

test('every verb for every role, on its own operation and on another', async () => {
  const verbs = [...new Set(verbsOf(await program()))].sort();
  assert.deepEqual(
    verbs.filter((verb) => !Object.hasOwn(permits, verb)),
    [],
    'verbs that are in no list: add them to src/cli/permits.ts',
  );
  assert.deepEqual(
    Object.keys(permits).filter((verb) => !verbs.includes(verb)),
    [],
    'permits for verbs that are not there',
  );
  const columns: Role[] = ['local officer', ...givenRoles];
  const lines = verbs.map((verb) => {
    const permit = permits[verb]!;
    for (const role of columns)
      assert.notEqual(whyNot([role], permit, 'one', 'x', { operation: 'two' }), null, `${verb} elsewhere`);
    return line(
      verb,
      columns.map((role) => whyNot([role], permit, 'one', 'x') === null),
    );
  });
  assertGolden('access/verbs.txt', `${[heading('verb', columns), ...lines].join('\n')}\n`);
});
