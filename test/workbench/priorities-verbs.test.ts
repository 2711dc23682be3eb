/** The verbs of queue, children, rules, decisions and board, as an officer types them. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import type { Board } from '../../src/workbench/board.ts';
import type { ChildrenView } from '../../src/workbench/children.ts';
import type { QueueView } from '../../src/workbench/queue.ts';
import { writeGarden } from '../support/evidence.ts';
import { csvRows, temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const at = ['--operation', path.join(folder, 'operation')];
const say = (...words: string[]) => waymark(...words, ...at);

test('from the queue to the board', () => {
  assert.equal(say('run', writeGarden(path.join(folder, 'garden'))).code, 0);
  const { queue } = say('queue', '--json').json<QueueView>();
  const [first, second] = queue;
  assert.match(say('queue').stdout, /^Queue by "own conduct" version 2: 0 of \d+ reviewed\n/);
  const reason = ['--reason', 'letter 7'];
  assert.equal(
    say('queue', 'review', first!.person, '--outcome', 'referred', '--grade', '4x4 A1', ...reason).code,
    0,
  );
  assert.equal(say('queue', 'review', second!.person, '--outcome', 'cleared', ...reason).code, 0);
  const shown = say('queue').stdout;
  assert.match(shown, /2 of \d+ reviewed/);
  assert.match(shown, /cleared and hidden \(--cleared shows them\): 1/);
  assert.match(shown, /referred by tester: letter 7 4x4 A1/);
  assert.match(say('cleared').stdout, new RegExp(second!.person));
  assert.match(say('standing', second!.person).stdout, /cleared; due for erasure from \d{4}-/);
  assert.ok(!say('persons').stdout.includes(second!.person));
  assert.ok(say('persons', '--cleared').stdout.includes(second!.person));
  assert.equal(say('queue', 'audit', '--size', '2').code, 0);

  assert.equal(
    say('child', 'add', 'ch-5', '--country', 'NL', '--account', first!.accounts[0]!.account, ...reason).code,
    0,
  );
  assert.equal(say('child', 'add', 'ch-6', '--urgency', 'immediate', ...reason).code, 0);
  assert.equal(say('child', 'assign', 'CH-5', 'Officer 3', '--step', 'call the school', ...reason).code, 0);
  assert.equal(say('child', 'urgency', 'CH-5', 'standard', ...reason).code, 0);
  assert.equal(say('child', 'state', 'CH-5', 'safeguarded', '--agency', 'Unit NL', ...reason).code, 0);
  const { children } = say('children', '--json').json<ChildrenView>();
  assert.deepEqual(
    children.map(({ case: number, state }) => [number, state]),
    [
      ['CH-6', 'indicated'],
      ['CH-5', 'safeguarded'],
    ],
  );
  assert.match(say('child', 'show', 'CH-6').stdout, /missing: identity: no person is linked/);
  assert.deepEqual(
    csvRows(say('export', 'children').stdout).map((row) => [row.case_number, row.service ?? '']),
    [
      ['CH-5', first!.accounts[0]!.account.split('/')[0]],
      ['CH-6', ''],
    ],
  );

  const outcome = ['--country', 'NL', '--agency', 'Unit NL', '--date', '2026-01-31', ...reason];
  const arrest = say('outcome', 'add', first!.person, '--kind', 'arrest', ...outcome, '--json').json<{
    decision: number;
  }>();
  assert.equal(say('outcome', 'add', first!.person, '--kind', 'arrested', ...outcome).code, 2);
  assert.equal(csvRows(say('export', 'outcomes').stdout)[0]!.decision, String(arrest.decision));
  const board = say('board', '--json').json<Board>();
  assert.deepEqual(board.totals.arrests, { count: 1, decisions: [arrest.decision] });
  assert.match(say('board').stdout, new RegExp(`\\nNL .* 1 \\[${arrest.decision}\\]`));
  assert.equal(say('outcome', 'undo', String(arrest.decision), ...reason).code, 0);
  assert.match(say('outcome').stdout, /No outcome is recorded/);
  assert.match(say('decisions').stdout, /undo/);
  assert.equal(
    say('policy', 'set', 'days until a cleared person is due for erasure', '30', ...reason).code,
    0,
  );
  assert.match(say('policy').stdout, / 30/);
  assert.equal(say('ledger', 'check').code, 0);
});

test('rules at the terminal: a fault names its line, a preview changes nothing', () => {
  const file = path.join(folder, 'ours.yaml');
  const rules = say('rules').stdout;
  assert.match(rules, /^# the scheme that Waymark brings\n# digest [0-9a-f]{64}\n/);
  fs.writeFileSync(
    file,
    rules.replace('name: own conduct', 'name: ours').replace('- listed file', '- contacts'),
  );
  const fault = say('rules', 'check', file);
  assert.equal(fault.code, 1);
  assert.match(
    fault.stdout,
    /ours\.yaml:\d+: "contacts" is nothing that a rule can read\. The indicators are /,
  );
  assert.equal(say('rules', 'adopt', file, '--reason', 'x').code, 2);
  fs.writeFileSync(
    file,
    rules.replace('name: own conduct', 'name: ours').replace(/order:[\s\S]*/, 'order: [latest act]\n'),
  );
  assert.equal(say('rules', 'check', file).code, 0);
  assert.match(say('rules', 'preview', file).stdout, /Nothing was changed\./);
  assert.equal(say('rules', 'adopt', file, '--reason', 'ours').code, 0);
  assert.match(say('rules').stdout, /not built yet/);
  assert.equal(say('build').code, 0);
  assert.match(say('queue').stdout, /^Queue by "ours" version 2/);
});
