import type { Input } from '../../evidence/reader.ts';
import { type DumpRow, readDump } from './read-dump.ts';

/** Bytes read from where a table's definition or rows begin; settings and lists of forums are far smaller. */
const sectionBytes = 4 * 1024 * 1024;
/** Bytes before a name in which its line must begin, as a statement that names it. */
const lineStartBytes = 64;

/**
 * Rows of one small table of a dump, found without reading what stands before it: the name is searched for
 * natively, and reading starts at its CREATE TABLE or INSERT line. Takes rows within 4 MiB of those. The
 * search ends once rows were found, so in a dump in alphabetical order it ends early. Nothing is reported;
 * the table's own reading does that. Of several databases in the dump, rows come from the one named.
 */
export async function findRows(
  input: Input,
  database: string | null,
  name: string,
  take: (row: DumpRow, columns: readonly string[]) => void,
): Promise<void> {
  const sections: Buffer[] = [];
  for await (const section of findSections(input, Buffer.from(name))) {
    sections.push(section);
    let rows = 0;
    const bytes = Buffer.concat(sections);
    await readDump(bufferInput(bytes), {
      table: (table) => {
        const { columns } = table;
        if (table.name !== name || columns === null) return null;
        if (table.database !== null && database !== null && table.database !== database) return null;
        return (row) => {
          rows++;
          take(row, columns);
        };
      },
      counted() {},
      unreadable() {},
      warn() {},
    });
    if (rows > 0) return;
    if (sections.length === 2) sections.pop();
  }
}

/** `sectionBytes` from each line that creates or fills the table; what lies inside a section begins no other. */
async function* findSections(input: Input, name: Buffer): AsyncGenerator<Buffer> {
  const keptBytes = name.length + lineStartBytes * 4;
  let window: Buffer = Buffer.from('\n');
  let use: Buffer = Buffer.alloc(0);
  let section: Buffer[] = [];
  let length = 0;
  for await (const chunk of input.chunks()) {
    let rest: Buffer = Buffer.from(chunk);
    while (rest.length > 0) {
      if (section.length > 0) {
        const taken = rest.subarray(0, sectionBytes - length);
        section.push(taken);
        length += taken.length;
        rest = rest.subarray(taken.length);
        if (length < sectionBytes) break;
        yield Buffer.concat([use, ...section]);
        section = [];
        window = Buffer.alloc(0);
      }
      window = Buffer.concat([window, rest]);
      const at = findStatement(window, name);
      // Which database the lines belong to is kept with the section.
      use = lastUse(at < 0 ? window : window.subarray(0, at)) ?? use;
      if (at < 0) {
        window = Buffer.from(window.subarray(Math.max(0, window.length - keptBytes)));
        break;
      }
      const from = window.subarray(at, at + sectionBytes);
      section = [from];
      length = from.length;
      rest = window.subarray(at + length);
      if (rest.length === 0) break;
    }
  }
  if (section.length > 0) yield Buffer.concat([use, ...section]);
}

/** The place of a line such as "INSERT INTO `name` ...", or -1. The line feed before it must be in the window. */
function findStatement(window: Buffer, name: Buffer): number {
  for (let at = window.indexOf(name); at >= 0; at = window.indexOf(name, at + 1)) {
    if (at + name.length === window.length) return -1;
    if (!/[`"\s(]/.test(String.fromCharCode(window[at + name.length]!))) continue;
    const before = window.toString('latin1', Math.max(0, at - lineStartBytes), at);
    const match = /\n((?:INSERT|REPLACE|CREATE TABLE)\b[^'\n(;]*[`"\s.])$/i.exec(before);
    if (match) return at - match[1]!.length;
  }
  return -1;
}

/** The last USE statement, if there is one. */
function lastUse(window: Buffer): Buffer | null {
  const at = window.lastIndexOf('\nUSE ', undefined, 'latin1');
  if (at < 0) return null;
  const end = window.indexOf(59, at);
  return end < 0 || end - at > lineStartBytes * 4 ? null : Buffer.from(window.subarray(at, end + 1));
}

function bufferInput(bytes: Buffer): Input {
  return {
    path: '',
    name: '',
    size: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
}
