/** Nothing leaves the machine, and nothing is needed from elsewhere: the whole work in a world without a network. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { canIsolateNetwork } from '../../src/sandbox/sandbox.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const root = path.join(import.meta.dirname, '..', '..');

test('exhibits become a queue without a network, and not one packet is tried', {
  skip: canIsolateNetwork() ? false : 'this system has no user namespaces',
}, () => {
  const garden = writeGarden(path.join(folder, 'garden'));
  const command = [process.execPath, path.join(root, 'src', 'cli', 'waymark.ts'), 'run', garden];
  const script = `"$@" --operation "${folder}/operation" --json && cat /proc/net/dev && cat /proc/net/snmp`;
  const { status, stdout, stderr } = spawnSync('unshare', ['-rn', 'sh', '-c', script, 'sh', ...command], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /"queue"/);
  const interfaces = stdout
    .slice(stdout.indexOf('Inter-|'), stdout.indexOf('Ip: '))
    .match(/^\s*\w+:\s+\d+.*$/gm)!
    .map((line) => line.trim().split(/[:\s]+/));
  assert.deepEqual(
    interfaces.map(([name, received, , , , , , , , sent]) => [name, received, sent]),
    [['lo', '0', '0']],
  );
  // A refused connection would send nothing either, so that attempts are counted too.
  const [names, values] = stdout.match(/^Tcp: .*$/gm)!.map((line) => line.split(' '));
  assert.equal(values![names!.indexOf('ActiveOpens')], '0');
});

test('no part of Waymark knows how to ask another machine', () => {
  const calls =
    /\bfetch\(|\bhttps?\.(?:get|request)\(|\bnet\.(?:connect|createConnection)\((?!\{ path: )|\bdgram\b|\bdns\b|new WebSocket\(|new EventSource\(/;
  const found = ['src', 'verifier']
    .flatMap((name) =>
      fs
        .readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
        .map((file) => path.join(root, name, file)),
    )
    .filter((file) => /\.m?ts$|\.mjs$/.test(file))
    .filter((file) => calls.test(fs.readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')))
    .map((file) => path.relative(root, file));
  assert.deepEqual(found, []);
  assert.match('await fetch(url)', calls);
  assert.match("net.connect(443, 'elsewhere.example')", calls);
  assert.match('net.connect({ host, path })', calls);
  // A socket that is a file of this machine.
  assert.doesNotMatch('net.connect({ path: socket })', calls);
});
