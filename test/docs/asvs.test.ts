/** docs/asvs.md answers every requirement that is needed once, names files that are there, and its counts add up. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '..', '..');
const page = fs.readFileSync(path.join(root, 'docs', 'asvs.md'), 'utf8');
/** Ids with their levels: levels 1 and 2 of all chapters, level 3 of V5, V8 and V16. */
const needed = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, 'asvs-ids.json'), 'utf8'),
) as Readonly<Record<string, number>>;
const states = ['met', 'partly', 'not met', 'not applicable'];

interface Row {
  readonly id: string;
  readonly level: string;
  readonly state: string;
  readonly how: string;
}

/** Lines of tables that begin like a row, whatever follows. */
function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (V\d+\.\d+\.\d+) (.*)$/gm)].map(([, id, rest]) => {
    const [level = '', state = '', how = ''] = rest!.split('|').slice(1, 4);
    return { id: id!, level: level.trim(), state: state.trim(), how: how.trim() };
  });
}

/** Files of the project that a row names. */
function filesOf(how: string): string[] {
  return [...how.matchAll(/`(\w[\w./-]*\.(?:ts|tsx|md|json|txt|html))`/g)].map(([, file]) => file!);
}

/** What is wrong with one row by itself, each in words. */
function faultsOfRow({ id, level, state, how }: Row): string[] {
  const files = filesOf(how);
  return [
    ...(level === String(needed[id]) ? [] : [`${id}: its level is not "${level}"`]),
    ...(states.includes(state) ? [] : [`${id}: "${state}" is no state`]),
    ...(how === '' ? [`${id}: does not say how, or why not`] : []),
    ...(state === 'met' && files.length === 0 ? [`${id}: met, and names no file`] : []),
    ...files.filter((file) => !fs.existsSync(path.join(root, file))).map((file) => `${id}: no ${file}`),
  ];
}

/** The line of the counts for some rows: each state, then all. */
function countsOf(rows: readonly Row[]): number[] {
  return [...states.map((state) => rows.filter((row) => row.state === state).length), rows.length];
}

function faultsOf(text: string): string[] {
  const rows = rowsOf(text);
  const ids = rows.map(({ id }) => id);
  const counted = new Map(
    [...text.matchAll(/^\| (V\d+|all)(?: [^|]+)? \| ((?:\d+ \| ){4}\d+) \|$/gm)].map(([, name, counts]) => [
      name!,
      counts!.split(' | ').map(Number),
    ]),
  );
  const chapters = [...new Set(Object.keys(needed).map((id) => id.split('.')[0]!))];
  const miscounted = [...chapters, 'all'].filter((name) => {
    const own = countsOf(rows.filter(({ id }) => name === 'all' || id.startsWith(`${name}.`)));
    return counted.get(name)?.join() !== own.join();
  });
  return [
    ...Object.keys(needed)
      .filter((id) => !ids.includes(id))
      .map((id) => `${id}: missing`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: twice`),
    ...ids.filter((id) => !Object.hasOwn(needed, id)).map((id) => `${id}: not needed`),
    ...rows.flatMap(faultsOfRow),
    ...miscounted.map((name) => `${name}: the counts are not those of the rows`),
  ];
}

test('every requirement is answered once, with files that are there, and the counts add up', () => {
  const levels = Object.values(needed);
  assert.deepEqual(
    [1, 2, 3].map((level) => levels.filter((each) => each === level).length),
    [70, 183, 11],
  );
  assert.deepEqual(faultsOf(page), []);
});

test('a page with a fault is noticed', () => {
  const row = /^\| V8\.2\.1 .*$/m.exec(page)![0];
  const changed = (to: string) => faultsOf(page.replace(row, () => to)).join('\n');
  assert.match(changed(''), /V8\.2\.1: missing/);
  assert.match(changed(`${row}\n${row}`), /V8\.2\.1: twice/);
  assert.match(changed(`${row}\n${row.replace('V8.2.1', 'V8.2.99')}`), /V8\.2\.99: not needed/);
  assert.match(changed(row.replace('| 1 |', '| 3 |')), /V8\.2\.1: its level/);
  assert.match(changed(row.replace('| met |', '| nearly |')), /"nearly" is no state/);
  assert.match(changed(row.replace('| met |', '| partly |')), /V8: the counts[\s\S]*all: the counts/);
  assert.match(changed(row.replaceAll('`', '')), /V8\.2\.1: met, and names no file/);
  assert.match(
    changed(row.replace('src/access/can.ts', 'src/access/may.ts')),
    /V8\.2\.1: no src\/access\/may\.ts/,
  );
  assert.match(changed('| V8.2.1 | 1 | met | |'), /V8\.2\.1: does not say how/);
});
