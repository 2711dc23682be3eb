import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { check } from '../../src/ledger/check.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { key, origin, temporaryFolder } from './fixture.ts';

const kills = Number(process.env.WAYMARK_KILLS ?? 30);

/** Runs an appender and kills it after some acknowledgements. Returns the last size acknowledged. */
async function appendUntilKilled(folder: string, acknowledgements: number): Promise<number> {
  const script = path.join(import.meta.dirname, 'appender.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<string | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
  let seen = 0;
  let size = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    size = Number(line);
    if (++seen === acknowledgements) child.kill('SIGKILL');
  }
  assert.equal(await ended, 'SIGKILL');
  return size;
}

test(`${kills} kills while appending: no acknowledged entry is lost and the check passes`, async (context) => {
  const folder = path.join(temporaryFolder(context), 'ledger');
  Ledger.create(folder, { origin, key });
  const notes: string[] = [];
  let repaired = 0;
  let before = 0;
  for (let turn = 0; turn < kills; turn++) {
    const acknowledged = await appendUntilKilled(folder, 1 + ((turn * 7) % 11));
    assert.ok(acknowledged > before);
    const ledger = Ledger.open(folder, { origin, key, witness: notes.slice(-1) });
    assert.ok(ledger.size >= acknowledged, `${ledger.size} of ${acknowledged}`);
    before = ledger.size;
    if (ledger.repair.files.length > 0) repaired++;
    notes.push(ledger.checkpoint);
    if (turn % 10 !== 9) continue;
    const result = await check(folder, key.vkey, { witness: notes });
    assert.deepEqual(result.problems, []);
    for (const { index, entry } of ledger.entries()) assert.equal(entry.facts.number, index);
  }
  context.diagnostic(`${before} entries, ${repaired} of ${kills} kills left something to repair`);
});
