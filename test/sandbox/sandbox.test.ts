import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { WaymarkError } from '../../src/base/errors.ts';
import { programFile } from '../../src/sandbox/program.ts';
import { canIsolateNetwork, Sandbox } from '../../src/sandbox/sandbox.ts';

// The sandbox may read Waymark's code only, so the misbehaving program must lie there for this test.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-sandbox-'));
const entry = path.join(import.meta.dirname, '..', '..', 'src', 'sandbox', `misbehave-${process.pid}.ts`);
fs.writeFileSync(
  entry,
  fs
    .readFileSync(path.join(import.meta.dirname, 'misbehave.ts'), 'utf8')
    .replace('../../src/sandbox/child.ts', './child.ts'),
);
const secret = path.join(folder, 'secret.txt');
fs.writeFileSync(secret, 'evidence of another case');
after(() => {
  fs.rmSync(entry, { force: true });
  fs.rmSync(folder, { recursive: true, force: true });
});

async function attempt(
  name: string,
  argument = '',
  options: { memoryBytes?: number; silenceMs?: number; files?: string[] } = {},
) {
  const sandbox = await Sandbox.open({ entry, ...options });
  let result: unknown;
  try {
    await sandbox.ask({ attempt: name, argument }, null, {
      onMessage: (message) => (result = message.result),
    });
    return { result };
  } catch (error) {
    assert.ok(error instanceof WaymarkError, String(error));
    return { error };
  } finally {
    sandbox.close();
  }
}

const refused: [string, string][] = [
  ['read', '/etc/passwd'],
  ['read', secret],
  ['list', os.homedir()],
  ['list', folder],
  ['write', path.join(folder, 'written.txt')],
  ['write', path.join(import.meta.dirname, 'written.txt')],
  ['link', path.join(folder, 'link')],
  ['spawn', ''],
  ['worker', ''],
  ['addon', ''],
  ['code', 'return 1'],
];

for (const [name, argument] of refused) {
  test(`a reader cannot ${name} ${argument === '' ? '' : path.basename(argument)}`, async () => {
    const outcome = await attempt(name, argument);
    assert.equal(outcome.error?.code, 'unreadable', `it could: ${JSON.stringify(outcome.result)}`);
    assert.match(
      outcome.error.message,
      /Access to this API|requires full|ERR_|EvalError|Cannot load|disallowed/i,
    );
  });
}

test('nothing was written', () => {
  assert.deepEqual(fs.readdirSync(folder), ['secret.txt']);
});

test('a reader sees no environment of the parent', async () => {
  assert.deepEqual(await attempt('environment'), { result: 0 });
});

test('a reader has no network', {
  skip: canIsolateNetwork() ? false : 'this system has no user namespaces',
}, async () => {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  let connections = 0;
  server.on('connection', () => connections++);
  const outcome = await attempt('connect', `127.0.0.1 ${port}`);
  server.close();
  assert.equal(outcome.error?.code, 'unreadable');
  assert.equal(connections, 0);
});

test('the descriptor it is given can be read and not written', async () => {
  assert.deepEqual(await attempt('read descriptor 3', '', { files: [secret] }), { result: 4 });
  assert.equal((await attempt('write to descriptor 3', '', { files: [secret] })).error?.code, 'unreadable');
  assert.equal(fs.readFileSync(secret, 'utf8'), 'evidence of another case');
});

const deadly: [string, RegExp, { memoryBytes?: number; silenceMs?: number }][] = [
  ['crash', /ended early/, {}],
  ['exit', /ended early/, {}],
  ['hang', /no sign of life for 1500 ms/, { silenceMs: 1500 }],
  ['fill memory', /outgrew its memory|ran out of its memory|ended early/, { memoryBytes: 300 * 1024 * 1024 }],
  ['fill heap', /outgrew its memory|ran out of its memory|ended early/, { memoryBytes: 300 * 1024 * 1024 }],
  ['garbage', /frame of \d+ bytes/, {}],
  ['unknown kind', /a frame of unknown kind 9/, {}],
  ['no object', /a message that is no JSON object/, {}],
  ['nothing at all', /a message that is no JSON object/, {}],
];

for (const [name, reason, options] of deadly) {
  test(`a reader that does "${name}" is ended with an error that says so, and the parent goes on`, async () => {
    const { error } = await attempt(name, '', options);
    assert.equal(error?.code, 'sandbox');
    assert.match(error.message, reason);
  });
}

test('a flood of answers, small and large, arrives whole and in order while the parent is slow', async () => {
  const sandbox = await Sandbox.open({ entry });
  const sizes: number[] = [];
  try {
    await sandbox.ask({ attempt: 'flood' }, null, {
      onBytes: async (bytes) => {
        sizes.push(bytes.length);
        if (sizes.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
  } finally {
    sandbox.close();
  }
  assert.deepEqual(
    sizes,
    Array.from({ length: 600 }, (_, i) => (i % 10 === 0 ? 700_000 : i)),
  );
});

test('what is attached reaches the reader, and batches come back, whoever listens to them', async () => {
  const sandbox = await Sandbox.open({ entry });
  const got: string[] = [];
  try {
    const bytes = Buffer.from('a batch of stamps');
    await sandbox.ask({ attempt: 'batch' }, bytes, { onBatch: (batch) => void got.push(String(batch)) });
    // Idle for longer than it is looked after.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await sandbox.ask({ attempt: 'batch' }, bytes, {});
    await sandbox.ask({ attempt: 'flood' }, null, {});
  } finally {
    sandbox.close();
  }
  assert.deepEqual(got, ['a batch of stamps']);
});

test('a reader that has ended while its answer is still taken in is noticed, and answers nothing more', async () => {
  const sandbox = await Sandbox.open({ entry });
  try {
    const ask = () =>
      sandbox.ask({ attempt: 'bytes, then gone' }, Buffer.alloc(4_000_000), {
        onBytes: () => new Promise((resolve) => setTimeout(resolve, 700)),
      });
    await assert.rejects(ask(), /ended early \(exit 0\)/);
    await assert.rejects(ask(), /ended early \(exit 0\)/);
  } finally {
    sandbox.close();
  }
});

test('a program that cannot be put together is an error of storage', async () => {
  await assert.rejects(
    programFile(path.join(folder, 'missing.ts')),
    (error: WaymarkError) => error instanceof WaymarkError && error.code === 'storage',
  );
});

test('where the system takes no network away, the reader runs without', async () => {
  const script = path.join(folder, 'without.mts');
  const from = (name: string) => JSON.stringify(path.join(import.meta.dirname, '../../src/sandbox', name));
  fs.writeFileSync(
    script,
    `import { canIsolateNetwork, Sandbox } from ${from('sandbox.ts')};
    const sandbox = await Sandbox.open({ entry: ${JSON.stringify(entry)} });
    await sandbox.ask({ attempt: 'environment' }, null, {
      onMessage: (message) => console.log(canIsolateNetwork(), JSON.stringify(message)),
    });
    sandbox.close();`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    env: { ...process.env, PATH: folder },
  });
  fs.rmSync(script);
  assert.equal(stdout, 'false {"result":0}\n', stderr);
});
