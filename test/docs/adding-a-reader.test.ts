/** Follows docs/adding-a-reader.md to the letter in a copy of the project. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { temporaryFolder } from '../support/waymark.ts';

const root = path.join(import.meta.dirname, '..', '..');
const page = fs.readFileSync(path.join(root, 'docs', 'adding-a-reader.md'), 'utf8');
const { folder, remove } = temporaryFolder();
after(remove);

/** Packages that the command line and its sandbox load; linked where the disk allows it. */
function copyProject(): void {
  for (const name of ['src', 'test/support', 'test/golden', 'package.json']) {
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  const leftOut =
    /[\\/](typescript|@biomejs|vite|lightningcss[^\\/]*|playwright-core|node-linux[^\\/]*|\.bin)([\\/]|$)/;
  fs.cpSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), {
    recursive: true,
    filter: (file) => !leftOut.test(file.slice(root.length)),
  });
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_TEST_CONTEXT: undefined,
      UPDATE_GOLDEN: args.includes('--test') && !wroteGolden ? '1' : '0',
    },
  });
}
let wroteGolden = false;

test('the page works when followed to the letter', () => {
  copyProject();
  // Each code block under a line that names a file is that file.
  const files = [...page.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm)];
  assert.deepEqual(
    files.map((match) => match[1]),
    [
      'src/intake/readers/pedal-post.ts',
      'test/fixtures/pedal-post/ride.txt',
      'test/intake/readers/pedal-post.test.ts',
    ],
  );
  for (const [, name, content] of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name!)), { recursive: true });
    fs.writeFileSync(path.join(folder, name!), content!);
  }
  const list = path.join(folder, 'src/intake/readers.ts');
  const importLine = /^import \{ pedalPostReader \} .*$/m.exec(page)![0];
  const text = fs.readFileSync(list, 'utf8');
  fs.writeFileSync(
    list,
    `${importLine}\n${text.replace('  storedFileReader,\n]', '  pedalPostReader,\n  storedFileReader,\n]')}`,
  );

  const wrote = run('--test', 'test/intake/readers/pedal-post.test.ts');
  assert.equal(wrote.status, 0, wrote.stdout);
  wroteGolden = true;
  const golden = fs.readFileSync(path.join(folder, 'test/golden/pedal-post/ride.jsonl'), 'utf8');
  assert.match(golden, /"skipped":\{"no time and nickname":1\}/);
  const held = run('--test', 'test/intake/readers/pedal-post.test.ts');
  assert.equal(held.status, 0, held.stdout);

  const journey = run(
    'src/cli/waymark.ts',
    'run',
    'test/fixtures/pedal-post',
    '--operation',
    'operation',
    '--json',
  );
  assert.equal(journey.status, 0, journey.stderr);
  const { exhibits } = JSON.parse(journey.stdout) as {
    exhibits: { reader: string; records: Record<string, number>; warnings: number }[];
  };
  assert.equal(exhibits[0]!.reader, 'pedal-post');
  assert.equal(exhibits[0]!.records.message, 3);
  assert.equal(exhibits[0]!.records.account, 2);
  assert.equal(exhibits[0]!.warnings, 1);
});
