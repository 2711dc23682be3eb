import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { faultKinds } from '../../src/exercise/faults.ts';
import { generateExercise } from '../../src/exercise/generate.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-faults-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));
const sound = path.join(root, 'sound');
const broken = path.join(root, 'broken');
const options = { members: 250, seed: 'faults' };
await generateExercise(sound, options);
await generateExercise(broken, {
  ...options,
  faults: faultKinds.filter((fault) => fault !== 'truncated dump'),
});
const dump = 'evidence/agency-nl/server/board.sql.gz';

type Fault = { fault: string; files: string[] } & Record<string, unknown>;
function faultsOf(folder: string): Map<string, Fault> {
  const list: Fault[] = JSON.parse(fs.readFileSync(path.join(folder, 'truth/faults.json'), 'utf8'));
  return new Map(list.map((fault) => [fault.fault, fault]));
}
const faults = faultsOf(broken);

function read(folder: string, name: string): Buffer {
  return fs.readFileSync(path.join(folder, name));
}

function evidence(folder: string): string[] {
  const all = fs.readdirSync(path.join(folder, 'evidence'), { recursive: true, encoding: 'utf8' });
  const names = all.map((name) => path.join('evidence', name));
  return names.filter((name) => fs.statSync(path.join(folder, name)).isFile()).sort();
}

test('only the files named in faults.json differ from the sound exercise', () => {
  assert.deepEqual(faultsOf(sound), new Map());
  const named = new Set([...faults.values()].flatMap((fault) => fault.files));
  const untouched = evidence(sound).filter((name) => !named.has(name));
  for (const name of untouched) assert.ok(read(sound, name).equals(read(broken, name)), name);
  const added = evidence(broken).filter((name) => !fs.existsSync(path.join(sound, name)));
  for (const name of added) assert.ok(named.has(name), name);
  for (const kind of ['wrong zone', 'mixed encodings', 'clock skew']) {
    assert.ok(faults.get(kind)!.files.length > 0, kind);
    for (const name of faults.get(kind)!.files)
      assert.ok(!read(sound, name).equals(read(broken, name)), name);
  }
});

test('a truncated dump is the beginning of the sound one', async () => {
  const folder = path.join(root, 'short');
  await generateExercise(folder, { ...options, faults: ['truncated dump'] });
  const short = read(folder, dump);
  assert.equal(short.length, faultsOf(folder).get('truncated dump')!.kept);
  assert.ok(read(sound, dump).subarray(0, short.length).equals(short));
  assert.throws(() => gunzipSync(short));
});

test('mixed encodings: as many rows as stated are not UTF-8, and they are Windows-1252', () => {
  const lines = gunzipSync(read(broken, dump)).toString('latin1').split('\n');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const odd = lines.filter((line) => {
    try {
      decoder.decode(Buffer.from(line, 'latin1'));
      return false;
    } catch {
      return true;
    }
  });
  assert.equal(odd.length, faults.get('mixed encodings')!.rows);
  assert.ok(odd.length > 0);
  const right = new Set(gunzipSync(read(sound, dump)).toString().split('\n'));
  for (const line of odd) assert.ok(right.has(line), line);
});

test('clock skew: every line of one log file is late by the stated seconds', () => {
  const { files, seconds } = faults.get('clock skew')!;
  const times = (folder: string) => {
    const text = gunzipSync(read(folder, files[0]!)).toString();
    return [...text.matchAll(/\[(\d+)\/(\w+)\/(\d+):(\S+) ([+-]\d{4})\]/g)].map(
      ([, day, month, year, clock, zone]) => Date.parse(`${day} ${month} ${year} ${clock} GMT${zone}`) / 1000,
    );
  };
  const [right, wrong] = [times(sound), times(broken)];
  assert.ok(right.length > 50);
  assert.deepEqual(
    wrong,
    right.map((at) => at + Number(seconds)),
  );
});

test('wrong zone: times called UTC are off by whole quarters of an hour, up to 13 hours', () => {
  for (const name of faults.get('wrong zone')!.files) {
    const times = (folder: string) =>
      read(folder, name)
        .toString()
        .match(/\d{4}-\d\d-\d\dT[\d:]+Z/g)!
        .map((text) => Date.parse(text) / 60_000);
    const [right, wrong] = [times(sound), times(broken)];
    assert.equal(wrong.length, right.length);
    wrong.forEach((at, index) => {
      const off = at - right[index]!;
      assert.ok(off % 15 === 0 && Math.abs(off) <= 14 * 60, `${name}: ${off} minutes`);
    });
  }
});

test('duplicated exhibits are byte for byte the same', () => {
  const { files } = faults.get('duplicated exhibit')!;
  for (let i = 0; i < files.length; i += 2) {
    assert.ok(read(broken, files[i]!).equals(read(broken, files[i + 1]!)));
  }
});

test('the late correction withdraws a report that was handed over', () => {
  const { files, reference } = faults.get('late correction')!;
  assert.match(read(broken, files[0]!).toString(), new RegExp(`^report,${reference},withdrawn,`, 'm'));
  assert.ok(evidence(broken).some((name) => name.endsWith(`report_${reference}.xml`)));
});
