import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import * as tar from 'tar-stream';
import { WaymarkError } from '../../src/base/errors.ts';
import { pack, readTable, unpack } from '../../src/packages/archive.ts';

/** A tar whose entries are as the test says, whatever a packer would write. */
async function entries(list: readonly { name: string; type?: string; body?: string }[]): Promise<Buffer> {
  const out = tar.pack();
  const whole = buffer(out);
  for (const { name, type = 'file', body = '' } of list) {
    const header = { name, type: type as 'file', linkname: '/etc/hostname' };
    if (type === 'file') out.entry(header, body);
    else out.entry(header);
  }
  out.finalize();
  return whole;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof WaymarkError, String(error));
    return `${error.code}: ${error.message}`;
  }
  return 'taken';
}

const plain = { name: 'records/a.csv', body: 'x' };

test('names that lead out, links, devices and folders in a package are refused', async () => {
  const bad = [
    { name: '../up' },
    { name: '/root' },
    { name: 'a/../../b' },
    { name: 'C:\\a' },
    { name: 'records/.hidden' },
    { name: 'records/a\u0000b' },
    { name: 'records/link', type: 'symlink' },
    { name: 'records/hard', type: 'link' },
    { name: 'records/pipe', type: 'fifo' },
    { name: 'records/disk', type: 'block-device' },
    { name: 'records', type: 'directory' },
  ];
  for (const each of bad) {
    const said = await refusal(unpack(await entries([plain, each])));
    // What follows a NUL in a header is cut off by the format itself.
    if (each.name.includes('\0')) assert.match(said, /^(integrity: |taken)/);
    else assert.match(said, /^integrity: the package holds "/, JSON.stringify(each));
  }
});

test('a file twice, more files or more bytes than a package may have are refused', async () => {
  assert.match(await refusal(unpack(await entries([plain, plain]))), /^integrity: .*twice/);
  const three = await pack(['a', 'b', 'c'].map((path) => ({ path, bytes: Buffer.alloc(600, 7) })));
  assert.match(await refusal(unpack(three, { bytes: 1800, files: 2 })), /^limit: /);
  assert.match(await refusal(unpack(three, { bytes: 1799, files: 3 })), /^limit: /);
  assert.equal(await refusal(unpack(three, { bytes: 1800, files: 3 })), 'taken');
});

test('a size that lies, and an archive that ends early, are refused', async () => {
  const lying = await entries([{ name: 'a.csv', body: 'x'.repeat(100) }]);
  // The header says 8 GiB; its checksum is made right again.
  lying.write('77777777777\0', 124, 'latin1');
  lying.fill(' ', 148, 156);
  const sum = lying.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  lying.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  assert.match(await refusal(unpack(lying)), /^(limit|integrity): /);
  const cut = (await entries([{ name: 'a.csv', body: 'x'.repeat(2000) }])).subarray(0, 1100);
  assert.match(await refusal(unpack(cut)), /^integrity: /);
});

test('any bytes give files or a refusal, never anything else', async () => {
  const good = await entries([plain, { name: 'sources.jsonl', body: '{}\n' }]);
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
      const altered = Buffer.from(good);
      altered[at] = byte;
      assert.match(await refusal(unpack(altered)), /^(taken|integrity: |limit: )/);
    }),
    { numRuns: 25, seed: 7 },
  );
});

test('a table of a partner is read in the sandbox, and one of another shape is refused', async () => {
  const table = Buffer.from('person,selector,canonical\r\np1,phone,\'+49123\r\np1,handle,"a,b"\r\n');
  const read = await readTable(table, ['selector', 'canonical'], 1);
  assert.deepEqual(read, { rows: [['phone', "'+49123"]], total: 2 });
  for (const bad of ['person\r\np1\r\n', 'selector,canonical\r\nx\r\n', 'selector,canonical\r\n"x']) {
    assert.match(
      await refusal(readTable(Buffer.from(bad), ['selector', 'canonical'], 9)),
      /^integrity: /,
      bad,
    );
  }
});
