/** A disk that is full or turns read-only: said in one line, nothing lost, and the next run ends as if nothing had been. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import type { RunResult } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const garden = writeGarden(path.join(folder, 'garden'));
const disk = path.join(folder, 'disk');
fs.mkdirSync(disk);
const entry = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'waymark.ts');

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', disk]).status === 0;
const skip = canMount
  ? false
  : 'this system lets no user mount a disk of their own (Linux with user namespaces)';

interface Step {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Shell commands on a disk of their own, which is gone afterwards; what each `waymark` among them gave, in order. */
function onDisk(kilobytes: number, ...commands: string[]): Step[] {
  const steps = fs.mkdtempSync(path.join(folder, 'steps-'));
  const script = `
    n=0
    waymark() {
      n=$((n + 1))
      "$NODE" --disable-warning=ExperimentalWarning "$ENTRY" "$@" --operation "$DISK/operation" \
        > "$STEPS/$n.out" 2> "$STEPS/$n.err"
      echo $? > "$STEPS/$n.code"
    }
    resize() { mount -o "remount,$1" "$DISK"; }
    mount -t tmpfs -o size=${kilobytes}k none "$DISK" || exit 9
    ${commands.join('\n')}
    df -k --output=used "$DISK" | tail -1`;
  const result = spawnSync('unshare', ['-rm', 'sh', '-c', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      WAYMARK_ACTOR: 'tester',
      ...{ NODE: process.execPath, ENTRY: entry, DISK: disk, STEPS: steps, GARDEN: garden },
    },
  });
  assert.equal(result.status, 0, result.stderr);
  used = Number(result.stdout);
  const text = (n: number, kind: string) => fs.readFileSync(path.join(steps, `${n}.${kind}`), 'utf8');
  const count = fs.readdirSync(steps).length / 3;
  return Array.from({ length: count }, (_, i) => ({
    code: Number(text(i + 1, 'code')),
    stdout: text(i + 1, 'out'),
    stderr: text(i + 1, 'err'),
  }));
}
let used = 0;

const run = 'waymark run "$GARDEN" --json';
const large = 200_000;
/** How much of the room it needs a run is given. */
const shares = [0.05, 0.3, 0.6, 0.85];
/** The last line, after those of progress. */
const saidBy = ({ stderr }: Step) => stderr.trim().split('\n').at(-1)!;

test('a disk that fills up at any point: said, nothing lost, and with more room the run ends like an undisturbed one', {
  skip,
}, () => {
  const sound = waymark('run', garden, '--operation', path.join(folder, 'sound'), '--json').json<RunResult>();
  onDisk(large, run);
  const need = used;
  assert.ok(need > 200, String(need));
  for (const share of shares) {
    const kilobytes = Math.ceil((need * share) / 4) * 4;
    const [full, next, check] = onDisk(
      kilobytes,
      run,
      `resize size=${large}k`,
      run,
      'waymark ledger check --json',
      'test -z "$(ls "$DISK/operation/tmp")" || exit 7',
    ) as [Step, Step, Step];
    const where = `${kilobytes} of ${need} kB`;
    assert.notEqual(full.code, 0, where);
    assert.match(saidBy(full), /the disk is full|free space/, `${where}: ${full.stderr}`);
    assert.doesNotMatch(full.stderr, /\n\s+at /, where);
    assert.equal(next.code, 0, `${where}, then: ${next.stderr}`);
    const result = JSON.parse(next.stdout) as RunResult;
    assert.equal(result.generation, sound.generation, where);
    assert.deepEqual(result.queue, sound.queue, where);
    assert.equal(check.code, 0, `${where}, then: ${check.stdout}`);
  }
});

test('an operation on a read-only disk says so in one line, and is as before when it can be written', {
  skip,
}, () => {
  const [first, again, queue, later, check] = onDisk(
    large,
    run,
    'resize ro',
    run,
    'waymark queue --json',
    'resize rw',
    run,
    'waymark ledger check --json',
  ) as [Step, Step, Step, Step, Step];
  assert.equal(first.code, 0, first.stderr);
  for (const refused of [again, queue]) {
    assert.equal(refused.code, 1);
    assert.equal(refused.stdout.trim(), '');
    assert.match(refused.stderr, /^waymark: the operation .* Check permissions and free space\..*\n$/);
  }
  assert.equal(later.code, 0, later.stderr);
  const results = [first, later].map(({ stdout }) => JSON.parse(stdout) as RunResult);
  assert.equal(results[1]!.generation, results[0]!.generation);
  assert.deepEqual(results[1]!.queue, results[0]!.queue);
  assert.equal(check.code, 0, check.stdout);
});
