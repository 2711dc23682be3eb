/** The query engine reads what Waymark wrote, in the folders it was given, and can be talked into nothing else. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { WaymarkError } from '../../src/base/errors.ts';
import { Engine } from '../../src/store/engine.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
const given = path.join(folder, 'given');
const other = path.join(folder, 'other');
const secret = path.join(other, 'secret.csv');
let engine: Engine;

before(async () => {
  for (const each of [given, other]) fs.mkdirSync(each);
  fs.writeFileSync(secret, 'a\nkettle\n');
  fs.writeFileSync(path.join(given, 'allowed.csv'), 'a\nspade\n');
  engine = await Engine.open([given], path.join(given, 'tmp'));
});
after(() => {
  engine.close();
  remove();
});

async function rowsOf(sql: string): Promise<unknown[]> {
  const rows = await engine.rows<Record<string, unknown>>(sql);
  return rows.map((row) => Object.values(row)[0]);
}

test('what lies in the folder it was given is read', async () => {
  assert.deepEqual(await rowsOf(`select a from read_csv('${given}/allowed.csv')`), ['spade']);
});

const denied: readonly [what: string, sql: string][] = [
  ['another folder', `select * from read_csv('${secret}')`],
  ['a way out of its folder', `select * from read_text('${given}/../other/secret.csv')`],
  ['a file of the system', "select * from read_text('/etc/passwd')"],
  ['a list of files elsewhere', `select * from glob('${other}/*')`],
  ['writing elsewhere', `copy (select 1) to '${other}/written.csv'`],
  ['another database', `attach '${other}/other.duckdb'`],
  ['a database of another kind', `attach '${other}/other.sqlite' (type sqlite)`],
  ['an extension', 'install httpfs'],
  ['a loaded library', `load '${other}/library.so'`],
  ['more folders', `set allowed_directories = ['${other}']`],
  ['access to everything', 'set enable_external_access = true'],
  ['another place for its own files', `set temp_directory = '${other}'`],
  ['more memory', "set memory_limit = '1TB'"],
];

for (const [what, sql] of denied) {
  test(`${what} is denied`, async () => {
    await assert.rejects(
      rowsOf(sql),
      (error) =>
        error instanceof WaymarkError && error.code === 'engine' && !error.message.includes('kettle'),
    );
    assert.deepEqual(fs.readdirSync(other), ['secret.csv']);
  });
}

test('a link out of its folder is not followed', async () => {
  fs.symlinkSync(secret, path.join(given, 'link.csv'));
  const read = await rowsOf(`select a from read_csv('${given}/link.csv')`).catch((error: unknown) => error);
  assert.ok(read instanceof WaymarkError, `it read ${JSON.stringify(read)}`);
});

test('nothing is asked of another machine', async () => {
  let asked = 0;
  const server = http.createServer((_, response) => {
    asked++;
    response.end('a\nkettle\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await assert.rejects(rowsOf(`select * from read_csv('http://127.0.0.1:${port}/a.csv')`), WaymarkError);
  server.close();
  assert.equal(asked, 0);
});
