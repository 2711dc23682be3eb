import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { check } from '../../src/ledger/check.ts';
import { type Disk, nodeDisk } from '../../src/ledger/disk.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { LedgerReader } from '../../src/ledger/reader.ts';
import { entriesOf, key, origin, quickDisk, snapshot, temporaryFolder } from './fixture.ts';

type Call = keyof Disk;

const options = { origin, key, disk: quickDisk };

/** A disk on which call number `failing` fails, once or with all calls after it, as when a process dies. */
function faultyDisk(failing: number, lasting: boolean): { disk: Disk; calls: Call[] } {
  const calls: Call[] = [];
  const before = (call: Call): void => {
    calls.push(call);
    const number = calls.length - 1;
    if (number === failing || (lasting && number > failing)) throw new Error(`EIO in ${call} ${number}`);
  };
  const disk = Object.fromEntries(
    Object.entries(quickDisk).map(([name, call]) => [
      name,
      (...args: never[]) => {
        if (name === 'close') {
          (call as (...all: never[]) => unknown)(...args);
          before(name);
          return;
        }
        before(name as Call);
        return (call as (...all: never[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Disk;
  return { disk, calls };
}

/** Batches that stay within a bundle, fill one exactly, cross one, and span several. */
const batches = [1, 255, 2, 300];

/** Appends until a call fails; returns the number of entries acknowledged. */
function appendBatches(folder: string, disk: Disk): { acknowledged: number; failed: boolean } {
  let acknowledged = 0;
  try {
    const ledger = Ledger.create(folder, { origin, key, disk });
    for (const count of batches) {
      const { first, size } = ledger.append(entriesOf(acknowledged, acknowledged + count));
      assert.equal(first, acknowledged);
      acknowledged = size;
    }
    return { acknowledged, failed: false };
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'storage', String(error));
    return { acknowledged, failed: true };
  }
}

async function assertWhole(folder: string, size: number): Promise<void> {
  const result = await check(folder, key.vkey);
  assert.deepEqual(result.problems, []);
  assert.equal(result.size, size);
  const numbers = [...new LedgerReader(folder, { origin, vkeys: [key.vkey] }).entries()];
  assert.ok(numbers.every(({ entry }, i) => entry.facts.number === i));
}

const total = batches.reduce((a, b) => a + b, 0);

function countCalls(folder: string): Call[] {
  const { disk, calls } = faultyDisk(-1, false);
  assert.deepEqual(appendBatches(path.join(folder, 'undisturbed'), disk), {
    acknowledged: total,
    failed: false,
  });
  return calls;
}

for (const lasting of [false, true]) {
  test(`each call ${lasting ? 'and all after it fail' : 'fails once'}: no acknowledged entry is lost, no batch is half there`, async (context) => {
    const folder = temporaryFolder(context);
    const calls = countCalls(folder);
    for (const call of Object.keys(nodeDisk)) assert.ok(calls.includes(call as Call), `${call} is exercised`);
    const silent: Call[] = [];
    for (let failing = 0; failing < calls.length; failing++) {
      const here = path.join(folder, String(failing));
      const { disk } = faultyDisk(failing, lasting);
      const { acknowledged, failed } = appendBatches(here, disk);
      if (!failed) silent.push(calls[failing]!);
      if (!fs.existsSync(path.join(here, 'checkpoint'))) {
        assert.equal(acknowledged, 0);
        continue;
      }
      const { size, repair } = Ledger.open(here, options);
      const next = acknowledged + (batches[sumIndex(acknowledged)] ?? 0);
      assert.ok(size === acknowledged || size === next, `${calls[failing]} ${failing}: ${size}`);
      assert.ok(repair.droppedEntries <= total);
      assert.deepEqual(Ledger.open(here, options).repair, { files: [], droppedEntries: 0 });
      await assertWhole(here, size);
      fs.rmSync(here, { recursive: true });
    }
    assert.deepEqual(
      silent,
      ['remove', 'removeFolder', 'remove', 'removeFolder', 'remove'],
      'only the removal of what the last batch superseded may go unsaid',
    );
  });
}

/** Which batch follows once `entries` are acknowledged. */
function sumIndex(entries: number): number {
  let index = 0;
  for (let sum = 0; sum < entries; index++) sum += batches[index]!;
  return index;
}

test('after a failed write the ledger stops, even when the next write would succeed', (context) => {
  const folder = temporaryFolder(context);
  const { calls } = (() => {
    const probe = faultyDisk(-1, false);
    Ledger.create(path.join(folder, 'probe'), { origin, key, disk: probe.disk });
    return probe;
  })();
  const { disk } = faultyDisk(calls.length + 4, false);
  const ledger = Ledger.create(path.join(folder, 'ledger'), { origin, key, disk });
  assert.throws(() => ledger.append(entriesOf(0, 1)), { code: 'storage' });
  assert.throws(() => ledger.append(entriesOf(0, 1)), { code: 'storage', message: /stopped/ });
  assert.equal(ledger.size, 0);
});

test('a failed removal is no failed append, but the next append says that the ledger stopped', async (context) => {
  const folder = temporaryFolder(context);
  let broken = false;
  const disk: Disk = {
    ...nodeDisk,
    remove: (file) => {
      if (broken) throw new Error('EIO');
      nodeDisk.remove(file);
    },
  };
  const ledger = Ledger.create(folder, { origin, key, disk });
  ledger.append(entriesOf(0, 1));
  broken = true;
  assert.deepEqual(ledger.append(entriesOf(1, 2)), { first: 1, size: 2 });
  assert.throws(() => ledger.append(entriesOf(2, 3)), { code: 'storage' });
  assert.throws(() => Ledger.open(folder, { origin, key, disk }), { code: 'storage' });
  assert.deepEqual((await check(folder, key.vkey)).problems.length, 2);
  assert.deepEqual(Ledger.open(folder, { origin, key }).repair, {
    files: ['tile/0/000.p/1', 'tile/entries/000.p/1'],
    droppedEntries: 0,
  });
  await assertWhole(folder, 2);
});

test('a disk that writes a few bytes at a time', async (context) => {
  const folder = temporaryFolder(context);
  const disk: Disk = { ...nodeDisk, write: (fd, bytes) => nodeDisk.write(fd, bytes.subarray(0, 100)) };
  Ledger.create(folder, { origin, key, disk }).append(entriesOf(0, 300));
  await assertWhole(folder, 300);
});

test('a repair that is itself interrupted is finished by the next; foreign files are left alone', async (context) => {
  const folder = temporaryFolder(context);
  Ledger.create(folder, { origin, key }).append(entriesOf(0, 250));
  fs.writeFileSync(path.join(folder, 'notes.tmp'), 'x');
  for (const [file, bytes] of [
    ['tile/entries/000', 'x'],
    ['tile/entries/x001/000.p/7.tmp', 'x'],
    ['tile/entries/001.p/9', 'x'],
    ['tile/0/000', 'x'],
    ['checkpoint.tmp', 'x'],
  ] as const) {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), bytes);
  }
  const damaged = snapshot(folder);
  for (let failing = 0; ; failing++) {
    const copy = path.join(temporaryFolder(context), 'copy');
    fs.cpSync(folder, copy, { recursive: true });
    const { disk, calls } = faultyDisk(failing, true);
    try {
      const { repair } = Ledger.open(copy, { origin, key, disk });
      assert.ok(failing >= 10, 'the repair makes that many calls');
      assert.equal(calls.length, failing);
      assert.equal(repair.droppedEntries, 15);
      assert.equal(repair.files.length, 5);
      break;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'storage');
    }
    assert.equal(Ledger.open(copy, options).size, 250);
    fs.rmSync(path.join(copy, 'notes.tmp'));
    await assertWhole(copy, 250);
  }
  assert.deepEqual(snapshot(folder), damaged);
});

/**
 * A disk that forgets, when the power goes, any part of what was not synced: file contents before fsync, and
 * names made, moved or removed before their folder was synced.
 */
function forgetfulDisk(): { disk: Disk; cutPower: (keep: (change: number) => boolean) => void } {
  const unsynced = new Set<string>();
  const names = new Map<number, string>();
  let changes: { folder: string; undo: () => void }[] = [];
  const changed = (file: string, undo: () => void): void => {
    changes.push({ folder: path.dirname(path.resolve(file)), undo });
  };
  const bytesOf = (file: string): Buffer | null => (fs.existsSync(file) ? fs.readFileSync(file) : null);
  const restore = (file: string, bytes: Buffer | null): void => {
    if (bytes === null) fs.rmSync(file, { force: true });
    else if (fs.existsSync(path.dirname(file))) fs.writeFileSync(file, bytes);
  };
  const disk: Disk = {
    ...quickDisk,
    open: (file) => {
      const fd = nodeDisk.open(file);
      names.set(fd, file);
      unsynced.add(file);
      changed(file, () => restore(file, null));
      return fd;
    },
    fsync: (fd) => {
      unsynced.delete(names.get(fd)!);
    },
    rename: (from, to) => {
      assert.ok(!unsynced.has(from), 'a file is synced before it is named');
      const [source, target] = [bytesOf(from), bytesOf(to)];
      nodeDisk.rename(from, to);
      changed(to, () => {
        restore(to, target);
        restore(from, source);
      });
    },
    makeFolder: (folder) => {
      nodeDisk.makeFolder(folder);
      changed(folder, () => fs.rmSync(folder, { recursive: true, force: true }));
    },
    remove: (file) => {
      const bytes = bytesOf(file);
      nodeDisk.remove(file);
      changed(file, () => restore(file, bytes));
    },
    removeFolder: (folder) => {
      nodeDisk.removeFolder(folder);
      changed(folder, () => {
        if (fs.existsSync(path.dirname(folder))) fs.mkdirSync(folder, { recursive: true });
      });
    },
    syncFolder: (folder) => {
      changes = changes.filter((change) => change.folder !== path.resolve(folder));
    },
  };
  const cutPower = (keep: (change: number) => boolean): void => {
    const lost = changes.filter((_, i) => !keep(i));
    for (const { undo } of lost.toReversed()) undo();
    for (const file of unsynced) if (fs.existsSync(file)) fs.truncateSync(file, 0);
  };
  return { disk, cutPower };
}

/** Fails every call from number `failing` on, over another disk. */
function dyingDisk(disk: Disk, failing: number): Disk {
  let calls = 0;
  return Object.fromEntries(
    Object.entries(disk).map(([name, call]) => [
      name,
      (...args: never[]) => {
        if (calls++ >= failing && name !== 'close') throw new Error('power is gone');
        return (call as (...all: never[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Disk;
}

/** What to forget of the unsynced changes: all, some. */
const patterns = [() => false, (change: number) => change % 2 === 0, (change: number) => change % 3 > 0];

test('power cut at any call, with any part of what was not synced lost', async (context) => {
  const folder = temporaryFolder(context);
  const calls = countCalls(folder).length;
  for (let failing = 0; failing < calls; failing++) {
    const here = path.join(folder, 'cut');
    fs.mkdirSync(here);
    const { disk, cutPower } = forgetfulDisk();
    const { acknowledged } = appendBatches(here, dyingDisk(disk, failing));
    cutPower(patterns[failing % patterns.length]!);
    if (fs.existsSync(path.join(here, 'checkpoint'))) {
      const { size } = Ledger.open(here, options);
      const next = acknowledged + (batches[sumIndex(acknowledged)] ?? 0);
      assert.ok(size === acknowledged || size === next, `call ${failing}: ${size} of ${acknowledged}`);
      await assertWhole(here, size);
    } else {
      assert.equal(acknowledged, 0);
    }
    fs.rmSync(here, { recursive: true });
  }
});

test('a process dies at any call, another appends, then the power is cut', async (context) => {
  const folder = temporaryFolder(context);
  const calls = countCalls(folder).length;
  for (let failing = 0; failing < calls; failing++) {
    const here = path.join(folder, 'cut');
    fs.mkdirSync(here);
    const { disk, cutPower } = forgetfulDisk();
    const { acknowledged } = appendBatches(here, dyingDisk(disk, failing));
    if (fs.existsSync(path.join(here, 'checkpoint'))) {
      const ledger = Ledger.open(here, { origin, key, disk });
      assert.ok(ledger.size >= acknowledged);
      const { size } = ledger.append(entriesOf(ledger.size, ledger.size + 300));
      cutPower(patterns[failing % patterns.length]!);
      assert.equal(Ledger.open(here, options).size, size);
      await assertWhole(here, size);
    }
    fs.rmSync(here, { recursive: true });
  }
});
