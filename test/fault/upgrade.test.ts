/** An operation that an earlier version wrote is read, checked, worked in and built anew; what was decided in it holds. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { Operation } from '../../src/store/operation.ts';
import type { RunResult } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const earlier = path.join(import.meta.dirname, '..', 'fixtures', 'operation', 'state-4.tgz');
const garden = writeGarden(path.join(folder, 'garden'));
const pair = ['phpbb:garden.example_board/2', 'phpbb:garden.example_board/3'];

interface Persons {
  readonly persons: readonly { readonly account_list: readonly string[] }[];
}

function entriesOf(operation: string): string[] {
  const opened = Operation.openExisting(operation, { actor: 'tester' });
  try {
    return [...opened.readLedger().entries()].map(({ entry }) => JSON.stringify(entry));
  } finally {
    opened.close();
  }
}

/** Runs a verb that must succeed. */
function done<T>(operation: string, ...verb: string[]): T {
  const outcome = waymark(...verb, '--operation', operation, '--json');
  assert.equal(outcome.code, 0, `${verb.join(' ')}: ${outcome.stderr}`);
  return outcome.json<T>();
}

const accountsOf = ({ persons }: Persons) => persons.map((each) => each.account_list);

test('an operation of an earlier version keeps its ledger and decisions, and is built like one of today', () => {
  const old = path.join(folder, 'old');
  fs.mkdirSync(old);
  assert.equal(spawnSync('tar', ['-xzf', earlier, '-C', old]).status, 0);

  const before = done<Persons>(old, 'persons', 'list');
  assert.deepEqual(
    accountsOf(before).filter((accounts) => accounts.length > 1),
    [pair],
  );
  done(old, 'queue');
  done(old, 'ledger', 'check');
  const written = entriesOf(old);
  assert.ok(written.length > 10, String(written.length));

  const today = path.join(folder, 'today');
  done(today, 'run', garden);
  done(today, 'persons', 'decide', ...pair, '--as', 'same', '--reason', 'said so when interviewed');
  const fresh = done<RunResult>(today, 'run', garden);
  const upgraded = done<RunResult>(old, 'run', garden);
  assert.deepEqual(upgraded.queue, fresh.queue);
  assert.deepEqual(accountsOf(done(old, 'persons', 'list')), accountsOf(done(today, 'persons', 'list')));
  assert.deepEqual(
    upgraded.exhibits.map(({ id, records }) => [id, records]),
    fresh.exhibits.map(({ id, records }) => [id, records]),
  );

  done(old, 'persons', 'decide', ...pair, '--as', 'undone', '--reason', 'withdrawn');
  done(old, 'build');
  assert.ok(accountsOf(done(old, 'persons', 'list')).every((accounts) => accounts.length === 1));
  done(old, 'ledger', 'check');
  assert.deepEqual(entriesOf(old).slice(0, written.length), written);
});
