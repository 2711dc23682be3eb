import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { WaymarkError } from '../../src/base/errors.ts';
import { ownFolder } from '../../src/sandbox/own-folder.ts';
import type { ToStart } from '../../src/sandbox/spawn.ts';
import { killIfThere, type Started, startDirectly, startProgram } from '../../src/sandbox/start.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-start-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const note = path.join(folder, 'note.txt');
fs.writeFileSync(note, 'a note about bicycles');

const node = (script: string, files: string[] = []): ToStart => ({
  command: [process.execPath, '-e', script],
  folder: '/',
  environment: { TZ: 'UTC' },
  files,
});
const forever = node('process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)');
const askParent = node('process.stdout.write(String(process.ppid))');

/** Whether a process is there, and no mere entry that waits to be taken note of. */
function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let i = 0; i < 500 && runs(pid); i++) await setTimeout(20);
  assert.ok(!runs(pid), `process ${pid} is still there`);
}

async function first(program: Started): Promise<string> {
  for await (const piece of program.stdout) return String(piece);
  return '';
}

const skip = process.platform === 'linux' ? false : 'processes are looked at as Linux shows them';
const ways: [string, (what: ToStart) => Promise<Started>][] = [
  ['by the starter', startProgram],
  ['directly', startDirectly],
];

for (const [name, start] of ways) {
  test(`${name}: a program gets its input, output, errors, environment and folder, and its end is told`, async () => {
    const program = await start(
      node(`
        process.stdin.on('data', (piece) => process.stdout.write(String(piece).toUpperCase()));
        process.stdin.on('end', () => {
          delete process.env.NODE_V8_COVERAGE; // Node itself passes it on where coverage is measured.
          process.stderr.write(process.cwd() + JSON.stringify(process.env));
          process.exitCode = 3;
        });
      `),
    );
    program.stdin.end('coffee');
    assert.equal(await text(program.stdout), 'COFFEE');
    assert.equal(await text(program.stderr), '/{"TZ":"UTC"}');
    assert.equal(await program.ended, 'ended early (exit 3)');
  });

  test(`${name}: files are open for reading, in their order, and nothing else is`, async () => {
    const other = path.join(folder, 'other.txt');
    fs.writeFileSync(other, 'stamps');
    const program = await start(
      node(
        `const fs = require('fs');
        const refused = [];
        for (const fd of [3, 4]) try { fs.writeSync(fd, 'x') } catch (error) { refused.push(error.code) }
        process.stdout.write([fs.readFileSync(3), fs.readFileSync(4), refused].join('|'))`,
        [note, other],
      ),
    );
    assert.equal(await text(program.stdout), 'a note about bicycles|stamps|EBADF,EBADF');
    assert.equal(fs.readFileSync(note, 'utf8'), 'a note about bicycles');
  });

  test(`${name}: what cannot be started says why`, async () => {
    const missing = path.join(folder, 'missing');
    const cases: [ToStart, RegExp][] = [
      [node('', [note, missing]), /could not be started: ENOENT.*missing/],
      [{ ...node(''), command: [missing] }, /could not be started: spawn .*missing ENOENT/],
      [{ ...node(''), folder: missing }, /could not be started: spawn .* ENOENT/],
    ];
    for (const [what, reason] of cases) {
      await assert.rejects(
        start(what),
        (error: WaymarkError) =>
          error instanceof WaymarkError && error.code === 'sandbox' && reason.test(error.message),
      );
    }
  });

  test(`${name}: a program is killed when that is asked for`, async () => {
    const program = await start(forever);
    assert.equal(await first(program), String(program.pid));
    program.kill();
    assert.equal(await program.ended, 'ended early (SIGKILL)');
    program.kill();
  });
}

test('programs started at the same time get each their own streams', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const program = await startProgram(node('process.stdin.pipe(process.stdout)'));
      program.stdin.end(`number ${i}`);
      return text(program.stdout);
    }),
  );
  assert.deepEqual(
    answers,
    Array.from({ length: 12 }, (_, i) => `number ${i}`),
  );
});

test('one starter starts all, and leaves no socket behind', { skip }, async () => {
  const parents = new Set<string>();
  for (let i = 0; i < 3; i++) parents.add(await text((await startProgram(askParent)).stdout));
  assert.equal(parents.size, 1);
  assert.ok(!parents.has(String(process.pid)));
  assert.deepEqual(
    fs.readdirSync(ownFolder()).filter((name) => name.startsWith('start-')),
    [],
  );
  assert.equal(await text((await startDirectly(askParent)).stdout), String(process.pid));
});

test('where the starter is lost its programs end, that is said, and another takes its place', {
  skip,
}, async () => {
  const lost = Number(await text((await startProgram(askParent)).stdout));
  const program = await startProgram(forever);
  await first(program);
  process.kill(lost, 'SIGKILL');
  assert.equal(await program.ended, 'lost the process that had started it');
  await untilGone(program.pid);
  const next = Number(await text((await startProgram(askParent)).stdout));
  assert.notEqual(next, lost);
});

test('a start that is under way when the starter is lost says so', { skip }, async () => {
  const lost = Number(await text((await startProgram(askParent)).stdout));
  const starts = Array.from({ length: 8 }, () => startProgram(askParent));
  process.kill(lost, 'SIGKILL');
  for (const start of await Promise.allSettled(starts)) {
    if (start.status === 'fulfilled') continue;
    assert.match(start.reason.message, /lost the process that had started it/);
  }
  assert.match(await text((await startProgram(askParent)).stdout), /^\d+$/);
});

let others = 0;

/** Runs a script of its own that may start programs, and gives its process and the first it prints. */
async function other(script: string, environment: Record<string, string> = {}) {
  const file = path.join(folder, `other-${++others}.mts`);
  const from = (name: string) => path.join(import.meta.dirname, '../../src/sandbox', name);
  fs.writeFileSync(
    file,
    `import { text } from 'node:stream/consumers';
    import { startProgram } from ${JSON.stringify(from('start.ts'))};
    const node = (script) => ({ command: [process.execPath, '-e', script], folder: '/', environment: {}, files: [] });
    ${script}`,
  );
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const ended = new Promise<unknown>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  return { child, ended };
}

test('a process with nothing started ends by itself; one whose program runs waits for it', {
  skip,
}, async () => {
  const { child, ended } = await other(`
    const program = await startProgram(node('setTimeout(() => process.exit(7), 300)'));
    program.stdout.destroy(); program.stderr.destroy(); program.stdin.destroy();
    program.ended.then((how) => process.stdout.write(how));`);
  assert.equal(await text(child.stdout!), 'ended early (exit 7)');
  assert.equal(await ended, 0);
});

test('when the process is killed, what it had started is ended', { skip }, async () => {
  const { child, ended } = await other(`
    const program = await startProgram(node('for (;;);'));
    process.stdout.write(String(program.pid)); setInterval(() => {}, 1000);`);
  let pid = 0;
  for await (const piece of child.stdout!) {
    pid = Number(String(piece));
    break;
  }
  assert.ok(runs(pid));
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  await untilGone(pid);
});

test('a folder whose name is too long for sockets is no obstacle', { skip }, async () => {
  const deep = path.join(folder, 'd'.repeat(110));
  fs.mkdirSync(deep);
  const { child } = await other(
    `const program = await startProgram(node('process.stdout.write(String(process.ppid))'));
    process.stdout.write(await text(program.stdout) + ' ' + process.pid);`,
    { TMPDIR: deep },
  );
  const [parent, own] = (await text(child.stdout!)).split(' ');
  assert.equal(parent, own);
});

test('a socket that cannot be made says so', { skip }, async () => {
  const taken = Array.from({ length: 300 }, (_, i) => path.join(ownFolder(), `start-${i}`))
    // Of a start before this one that is not yet cleared away.
    .filter((each) => !fs.existsSync(each));
  for (const each of taken) fs.mkdirSync(each);
  try {
    await assert.rejects(startProgram(askParent), /could not be started: listen EADDRINUSE/);
  } finally {
    for (const each of taken) fs.rmdirSync(each);
  }
  assert.match(await text((await startProgram(askParent)).stdout), /^\d+$/);
});

test('ending a process that has ended by itself is no error', async () => {
  const program = await startDirectly(node(''));
  await program.ended;
  killIfThere(program.pid);
});
