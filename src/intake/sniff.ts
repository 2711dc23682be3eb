import * as fs from 'node:fs';
import * as path from 'node:path';
import { limits } from '../base/limits.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import type { FoundFile } from './walk.ts';

export const readChild = path.join(import.meta.dirname, 'read-child.ts');

/** Heads sent to the sandbox in one request. */
const batchBytes = 8 * 1024 * 1024;

/**
 * Tells by their first bytes which reader each file would go to: its name, 'packed' for compressed files and
 * archives, null for what no reader knows. A file that cannot be opened is left to intake to report.
 */
export async function sniffFiles(files: readonly FoundFile[]): Promise<Map<FoundFile, string | null>> {
  const told = new Map<FoundFile, string | null>();
  const sandbox = await Sandbox.open({ entry: readChild });
  try {
    let batch: { file: FoundFile; head: Buffer }[] = [];
    let held = 0;
    const flush = async () => {
      if (batch.length === 0) return;
      const sent = batch;
      await sandbox.ask(
        { kind: 'sniff', files: sent.map(({ file, head }) => ({ name: file.path, headBytes: head.length })) },
        Buffer.concat(sent.map(({ head }) => head)),
        {
          onMessage: (message) => {
            const names = message.readers as (string | null)[];
            sent.forEach(({ file }, index) => {
              told.set(file, names[index] ?? null);
            });
          },
        },
      );
      batch = [];
      held = 0;
    };
    for (const file of files) {
      const head = readHead(file.file);
      batch.push({ file, head });
      held += head.length;
      if (held >= batchBytes) await flush();
    }
    await flush();
  } finally {
    sandbox.close();
  }
  return told;
}

function readHead(file: string): Buffer {
  try {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    try {
      const head = Buffer.alloc(limits.sniffBytes);
      return head.subarray(0, fs.readSync(fd, head, 0, head.length, 0));
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
