/**
 * Reads one plain file with the reader that knows it, in this process and without the sandbox, for profiling:
 * `node --cpu-prof bench/read-in-process.ts <file> [--encode] [--sha] [--lake <folder>]`. `--encode` also makes the frames that
 * would leave the sandbox; `--sha` prints a hash of them, so that a change to a hot loop can be held equal;
 * `--lake <folder>` loads them into a lake there.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { encodeBatch } from '../src/evidence/frames.ts';
import { Load } from '../src/evidence/load.ts';
import { type Batch, Records } from '../src/evidence/records.ts';
import { readers } from '../src/intake/readers.ts';
import { bytesOfDescriptor, headOf, plainFile } from '../src/intake/unpack.ts';

const [file, ...flags] = process.argv.slice(2);
if (!file) throw new Error('usage: read-in-process.ts <file> [--sha] [--encode]');
const isHashed = flags.includes('--sha');
const lake = flags.includes('--lake') ? flags[flags.indexOf('--lake') + 1]! : null;
const isEncoded = isHashed || lake !== null || flags.includes('--encode');
const load = lake === null ? null : new Load(lake, 'bench');

const fd = fs.openSync(file, 'r');
const bytes = fs.fstatSync(fd).size;
const inner = plainFile(bytesOfDescriptor(fd, bytes));
const head = await headOf(inner);
const reader = readers.reduce((best, each) =>
  each.sniff(head, file) > best.sniff(head, file) ? each : best,
);
const hash = createHash('sha256');
const take = (batch: Batch): void => {
  const frame = isEncoded ? encodeBatch(batch) : null;
  if (isHashed && frame) hash.update(frame);
  if (load && frame) loading = load.take(frame);
};
let loading: Promise<void> | undefined;
async function* pacedChunks() {
  for await (const chunk of inner.chunks()) {
    yield chunk;
    await loading;
  }
}
const records = new Records('', take);
const before = process.cpuUsage();
const began = performance.now();
await reader.read({ path: '', name: file, size: bytes, chunks: pacedChunks }, records);
const totals = records.finish();
const files = (await load?.finish()) ?? [];
const seconds = (performance.now() - began) / 1000;
const cpu = process.cpuUsage(before);
const rows = Object.values(totals.counts).reduce((sum, count) => sum + count, 0);
process.stdout.write(
  `${JSON.stringify({
    reader: reader.name,
    bytes,
    rows,
    seconds: Number(seconds.toFixed(3)),
    cpuSeconds: Number(((cpu.user + cpu.system) / 1e6).toFixed(3)),
    megabytesPerSecond: Number((bytes / 1e6 / seconds).toFixed(1)),
    rowsPerSecond: Math.round(rows / seconds),
    peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
    ...(load ? { lakeBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) } : {}),
    ...(isHashed ? { sha256: hash.digest('hex') } : {}),
  })}\n`,
);
