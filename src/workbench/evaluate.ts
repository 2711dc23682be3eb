import * as fs from 'node:fs';
import { WaymarkError } from '../base/errors.ts';
import { type Comparison, compareWithTruth } from '../persons/compare-with-truth.ts';
import type { Engine } from '../store/engine.ts';
import { accountsWithPersons } from '../store/queries/views.ts';

/**
 * Compares the persons of the current generation with known truth, a CSV with the columns
 * service,native_id,person. Accounts that the truth does not name are left out and counted.
 * Throws WaymarkError 'usage' for a file of another shape.
 */
export async function evaluate(engine: Engine, truthFile: string): Promise<Comparison & { outside: number }> {
  const truth = readTruth(truthFile);
  const rows = await engine.rows<{ service: string; native_id: string; person: string }>(accountsWithPersons);
  const found = new Map<string, string>();
  let outside = 0;
  for (const row of rows) {
    const key = `${row.service}/${row.native_id}`;
    if (truth.has(key)) found.set(key, row.person);
    else outside++;
  }
  if (found.size === 0) {
    throw new WaymarkError('usage', 'the truth names no account of this operation', {
      where: truthFile,
      remedy: 'Its service and native_id must be written as "export persons" writes them.',
    });
  }
  return { ...compareWithTruth(found, truth), outside };
}

function readTruth(file: string): Map<string, string> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the truth file cannot be read', { where: file, cause });
  }
  const [heading, ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  if (heading !== 'service,native_id,person') {
    throw new WaymarkError('usage', 'the truth file has another heading', {
      where: file,
      remedy: 'Its first line must be: service,native_id,person',
    });
  }
  return new Map(
    lines.map((line, index) => {
      const cells = line.split(',').map((cell) => cell.replace(/^"|"$/g, ''));
      if (cells.length !== 3)
        throw new WaymarkError('usage', `line ${index + 2} has not three cells`, { where: file });
      return [`${cells[0]}/${cells[1]}`, cells[2]!] as const;
    }),
  );
}
