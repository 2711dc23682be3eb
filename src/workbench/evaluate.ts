import * as fs from 'node:fs';
import { parseCsv } from '../base/csv.ts';
import { WaymarkError } from '../base/errors.ts';
import { accountOf } from '../evidence/tables.ts';
import { type Comparison, compareWithTruth } from '../persons/compare-with-truth.ts';
import type { Engine } from '../store/engine.ts';
import { accountsWithPersons } from '../store/queries/views.ts';

/**
 * Compares the persons of the current generation with known truth, a CSV with the columns
 * service,native_id,person. Accounts that the truth does not name are left out and counted.
 * Throws WaymarkError 'usage' for a file of another shape.
 */
export async function evaluate(engine: Engine, truthFile: string): Promise<Comparison & { outside: number }> {
  const truth = truePersons(truthFile);
  const found = new Map<string, string>();
  let outside = 0;
  for (const [account, person] of await foundPersons(engine)) {
    if (truth.has(account)) found.set(account, person);
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

/** The person of every account, as the current generation has it. */
export async function foundPersons(engine: Engine): Promise<Map<string, string>> {
  const rows = await engine.rows<{ service: string; native_id: string; person: string }>(accountsWithPersons);
  return new Map(rows.map((row) => [accountOf(row.service, row.native_id), row.person]));
}

/** Account to person, from a CSV with the columns service,native_id,person. Throws WaymarkError 'usage', 'not-found'. */
export function truePersons(file: string): Map<string, string> {
  const rows = readTruth(file, ['service', 'native_id', 'person']);
  return new Map(rows.map((row) => [accountOf(row.service!, row.native_id!), row.person!]));
}

/** A truth file's rows. Throws WaymarkError 'not-found', or 'usage' where a column is missing. */
export function readTruth(file: string, columns: readonly string[]): Record<string, string>[] {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the truth file cannot be read', { where: file, cause });
  }
  const heading = text.split(/\r?\n/, 1)[0]!.split(',');
  const missing = columns.filter((name) => !heading.includes(name));
  if (missing.length > 0) {
    throw new WaymarkError('usage', `the truth file has no column ${missing.join(', ')}`, {
      where: file,
      remedy: `Its first line must name ${columns.join(',')}.`,
    });
  }
  return parseCsv(text, file);
}
