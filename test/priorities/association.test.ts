/** No guilt by association, at the engine: whatever is done to contacts, messages and hand-offs, ranks stay. */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { lakeSchema } from '../../src/evidence/lake-schema.ts';
import { rankQueue } from '../../src/priorities/queue.ts';
import { brought } from '../../src/priorities/schemes.ts';
import type { Engine } from '../../src/store/engine.ts';
import { openLake } from '../../src/store/lake.ts';
import { Operation } from '../../src/store/operation.ts';
import { makeKnownAccounts } from '../../src/store/queries/accounts.ts';
import { run } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
let operation: Operation;
let engine: Engine;

/** Tables that say who knows, answers or belongs to whom. */
const associating = [
  'message',
  'relation',
  'contact',
  'known_message',
  'hand_off',
  'attributed_request',
  'link',
];

before(async () => {
  operation = Operation.open(path.join(folder, 'operation'), { actor: 'tester' });
  await run(
    operation,
    writeGarden(path.join(folder, 'garden')),
    { authority: null, reference: null },
    () => {},
  );
  engine = await openLake(operation, lakeSchema);
  await engine.run(makeKnownAccounts);
  // Everybody by themselves: ranking is what is tested, not linking.
  await engine.run(
    "create table person as select 'person of ' || account as person, account from known_account",
  );
});
after(() => {
  engine.close();
  operation.close();
});

async function ranked(scheme: number): Promise<unknown[]> {
  for (const table of ['queue', 'indicator', 'account_role'])
    await engine.run(`drop table if exists ${table}`);
  await rankQueue(engine, [], brought[scheme]!.scheme);
  return engine.rows('select rank, person, band, reasons, raise, lower from queue order by rank');
}

test('ranks are the same when everything that associates is gone, and when everybody knows everybody', async () => {
  const expected = [await ranked(0), await ranked(1)];
  assert.ok(expected[0]!.length >= 3);
  for (const table of associating) {
    await engine.run(`drop view if exists ${table}`);
    await engine.run(`drop table if exists ${table}`);
  }
  assert.deepEqual([await ranked(0), await ranked(1)], expected, 'without');
  await engine.run('create table message (message varchar, sender varchar, channel varchar, body varchar)');
  await engine.run(
    'create table relation (relation varchar, from_account varchar, to_account varchar, object varchar)',
  );
  await engine.run(
    'create table contact (from_account varchar, to_account varchar, channel varchar, messages bigint)',
  );
  await engine.run('create table hand_off (from_account varchar, to_account varchar, confidence varchar)');
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom('to', 'friend', 'member', 'victim', 'intended recipient'),
      fc.constantFrom('private message', 'mail', 'chat'),
      async (salt, relation, channel) => {
        const pairs = `from known_account a, known_account b where hash(a.account || b.account || ${salt}) % 3 = 0`;
        await engine.run(
          `insert into relation select '${relation}', a.account, b.account, 'group ${salt}' ${pairs}`,
        );
        await engine.run(`insert into contact select a.account, b.account, '${channel}', ${salt} ${pairs}`);
        await engine.run(`insert into hand_off select a.account, b.account, 'firm' ${pairs}`);
        await engine.run(
          `insert into message select 'm' || a.account || ${salt}, a.account, '${channel}', b.account ${pairs}`,
        );
        assert.deepEqual(await ranked(salt % 2), expected[salt % 2]);
      },
    ),
    { seed: 21, numRuns: 12 },
  );
});
