import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FaultKind, FaultRecord } from '../exercise/faults.ts';
import { type Exhibit, listExhibits } from '../intake/exhibits.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { clockSkewRows } from '../store/queries/clock-skew.ts';
import { warningsLike, withdrawnIndicators } from '../store/queries/score.ts';

/** What became of one fault that an exercise planted. */
export interface FaultScore {
  readonly fault: FaultKind;
  /** Of how many planted things how many are shown. */
  readonly planted: number;
  readonly found: number;
  /** Where a user sees it, and what is said there. */
  readonly where: string;
  readonly said: readonly string[];
  /** What is known of those that were not found. */
  readonly missed: readonly string[];
}

interface SkewRow {
  readonly exhibit: string;
  readonly path: string;
  readonly basis: string;
  readonly standing: string;
  readonly median_seconds: number;
  readonly pairs: number;
}

interface Found {
  readonly planted: number;
  /** A sentence for each that was found. */
  readonly said: readonly string[];
  readonly missed?: readonly string[];
}

/** Seconds by which a stated difference of clocks may miss the planted one. */
const tolerance = 5;
/** Sentences kept of what is said of one fault. */
const mostSaid = 5;

const places: Readonly<Record<FaultKind, string>> = {
  'truncated dump': 'exhibit show: what was not read, and from where on',
  'wrong zone': 'clocks: "return and use"',
  'duplicated exhibit': 'exhibit show: received under several names',
  'mixed encodings': 'exhibit show: warnings',
  'clock skew': 'clocks: "board and web log"',
  'late correction': 'queue and person: the indicator stands as withdrawn',
};

/** For each fault in `truth/faults.json`, whether the operation shows it and where; none where none was planted. */
export async function scoreFaults(
  operation: Operation,
  engine: Engine,
  truth: string,
): Promise<readonly FaultScore[]> {
  const file = path.join(truth, 'faults.json');
  if (!fs.existsSync(file)) return [];
  const faults = JSON.parse(fs.readFileSync(file, 'utf8')) as readonly FaultRecord[];
  const exhibits = listExhibits(operation);
  const skews = await engine.rows<SkewRow>(clockSkewRows);
  const look: Record<FaultKind, (fault: FaultRecord) => Promise<Found> | Found> = {
    'truncated dump': (fault) => unreadParts(fault, exhibits),
    'wrong zone': (fault) => otherZones(fault, exhibits, skews),
    'duplicated exhibit': (fault) => copies(fault, exhibits),
    'mixed encodings': (fault) => otherEncodings(fault, exhibits, engine),
    'clock skew': (fault) => skewed(fault, exhibits, skews),
    'late correction': (fault) => withdrawn(fault, engine),
  };
  const scores: FaultScore[] = [];
  for (const fault of faults) {
    const { planted, said, missed = [] } = await look[fault.fault](fault);
    const found = Math.min(said.length, planted);
    scores.push({
      fault: fault.fault,
      planted,
      found,
      where: places[fault.fault],
      said: said.slice(0, mostSaid),
      missed: missed.slice(0, mostSaid),
    });
  }
  return scores;
}

/** The exhibit that a file of the exercise became, with the file's path inside it ('' where it is the whole). */
function heldAs(file: string, exhibits: readonly Exhibit[]): { exhibit: Exhibit; inside: string } | null {
  const name = file.replace(/^evidence\//, '');
  for (const exhibit of exhibits) {
    for (const stated of exhibit.paths) {
      if (stated === name) return { exhibit, inside: '' };
      // Rotated logs are one exhibit, named by what their names begin with.
      const begin = stated.endsWith('*') ? stated.slice(0, -1) : `${stated}/`;
      if (name.startsWith(begin)) return { exhibit, inside: path.posix.basename(name) };
    }
  }
  return null;
}

function unreadParts({ files }: FaultRecord, exhibits: readonly Exhibit[]): Found {
  const said = files.flatMap((file) => {
    const held = heldAs(file, exhibits);
    const outcome = held?.exhibit.summary?.outcomes.find(({ unread }) => unread !== null);
    return outcome ? [`${file}: ${outcome.unread}`] : [];
  });
  return { planted: files.length, said };
}

function otherZones({ files }: FaultRecord, exhibits: readonly Exhibit[], skews: readonly SkewRow[]): Found {
  const said: string[] = [];
  const missed: string[] = [];
  for (const file of files) {
    const held = heldAs(file, exhibits);
    const rows = skews.filter(
      ({ basis, exhibit }) => basis === 'return and use' && exhibit === held?.exhibit.id,
    );
    const row = rows.find(({ standing }) => standing === 'differs');
    if (row) said.push(`${file}: ${row.median_seconds} s from what others recorded, ${row.pairs} times`);
    else missed.push(`${file}: ${rows[0]?.standing ?? 'nothing else was recorded of what it answers'}`);
  }
  return { planted: files.length, said, missed };
}

function copies({ files }: FaultRecord, exhibits: readonly Exhibit[]): Found {
  const said: string[] = [];
  const missed: string[] = [];
  for (let at = 0; at + 1 < files.length; at += 2) {
    const [first, second] = [heldAs(files[at]!, exhibits), heldAs(files[at + 1]!, exhibits)];
    const pair = `${files[at]} and ${files[at + 1]}`;
    if (first && first.exhibit === second?.exhibit && first.inside === second.inside)
      said.push(`${pair} are exhibit ${first.exhibit.id}`);
    else missed.push(`${pair} are exhibits ${first?.exhibit.id} and ${second?.exhibit.id}`);
  }
  return { planted: files.length / 2, said, missed };
}

async function otherEncodings(
  { files, rows: planted }: FaultRecord,
  exhibits: readonly Exhibit[],
  engine: Engine,
): Promise<Found> {
  const said: string[] = [];
  for (const file of files) {
    const id = heldAs(file, exhibits)?.exhibit.id ?? '';
    const rows = await engine.rows<{ text: string }>(warningsLike, { exhibit: id, code: 'legacy-encoding' });
    if (rows.length > 0)
      said.push(`${file}: ${rows.map(({ text }) => text).join('; ')} (${planted} rows were planted)`);
  }
  return { planted: files.length, said };
}

function skewed(
  { files, seconds }: FaultRecord,
  exhibits: readonly Exhibit[],
  skews: readonly SkewRow[],
): Found {
  const said = files.flatMap((file) => {
    const held = heldAs(file, exhibits);
    const row = skews.find(
      (each) =>
        each.basis === 'board and web log' &&
        each.standing === 'differs' &&
        each.exhibit === held?.exhibit.id &&
        each.path === held.inside &&
        Math.abs(each.median_seconds - Number(seconds)) <= tolerance,
    );
    return row ? [`${file}: ${row.median_seconds} s ahead in ${row.pairs} happenings`] : [];
  });
  return { planted: files.length, said };
}

async function withdrawn({ reference }: FaultRecord, engine: Engine): Promise<Found> {
  if (typeof reference !== 'string') return { planted: 0, said: [] };
  const rows = await engine.rows<{ account: string; text: string }>(withdrawnIndicators, { reference });
  return { planted: 1, said: rows.map(({ account, text }) => `${account}: ${text}`) };
}
