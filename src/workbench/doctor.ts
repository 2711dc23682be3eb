import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { version } from '../base/version.ts';
import { filesOf, listExhibits } from '../intake/exhibits.ts';
import { readers } from '../intake/readers.ts';
import { canIsolateNetwork } from '../sandbox/sandbox.ts';
import { assertIntact, lakeFiles, openEngine } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import { listBackups, restoreTestDays, restoreTested } from './backup.ts';
import { listErased } from './erase.ts';
import { checkLedger } from './ledger.ts';

export interface Finding {
  readonly level: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly found: string;
}

const giB = 1024 ** 3;

/**
 * Looks at the machine and at everything stored; changes nothing. Re-hashes all originals, so it takes a while. `now`
 * is the UTC time by which backups are judged.
 */
export async function examineOperation(operation: Operation, now: string): Promise<Finding[]> {
  return [
    { level: 'good', what: 'Waymark', found: version },
    {
      level: process.versions.node.startsWith('24.') ? 'good' : 'note',
      what: 'Node',
      found: `${process.versions.node} (24 is what it is tested with)`,
    },
    await engineFinding(operation),
    {
      level: 'good',
      what: 'readers',
      found: readers.map((reader) => `${reader.name} ${reader.version}`).join(', '),
    },
    {
      level: canIsolateNetwork() ? 'good' : 'note',
      what: 'sandbox',
      found: canIsolateNetwork()
        ? 'readers run without files, programs, native code or network'
        : 'readers run without files, programs or native code; this system cannot take the network from them',
    },
    diskFinding(operation),
    encryptionFinding(operation),
    clockFinding(),
    backupFinding(operation, now),
    ...erasureFindings(operation),
    ...(await integrityFindings(operation)),
  ];
}

async function engineFinding(operation: Operation): Promise<Finding> {
  const engine = await openEngine(operation);
  try {
    const [row] = await engine.rows<{ version: string }>('select version() as version');
    return { level: 'good', what: 'query engine', found: `DuckDB ${row!.version}` };
  } finally {
    engine.close();
  }
}

function diskFinding(operation: Operation): Finding {
  const stat = fs.statfsSync(operation.folder);
  const free = stat.bavail * stat.bsize;
  return {
    level: free < 5 * giB ? 'bad' : 'good',
    what: 'disk',
    found: `${(free / giB).toFixed(1)} GiB free`,
  };
}

/** Encryption at rest is the disk's (LUKS, BitLocker, FileVault): looked up on Linux, otherwise said to be unknown. */
function encryptionFinding(operation: Operation): Finding {
  const what = 'encryption at rest';
  if (process.platform === 'linux') {
    const device = spawnSync('findmnt', ['-no', 'SOURCE', '-T', operation.folder], {
      encoding: 'utf8',
    }).stdout?.trim();
    const types = device ? spawnSync('lsblk', ['-nso', 'TYPE', device], { encoding: 'utf8' }).stdout : '';
    if (types?.includes('crypt'))
      return { level: 'good', what, found: `the disk under ${device} is encrypted` };
    if (types)
      return {
        level: 'note',
        what,
        found: `no encryption was found under ${device}: keep operations on an encrypted disk`,
      };
  }
  return { level: 'note', what, found: 'could not be told on this system: check that the disk is encrypted' };
}

function clockFinding(): Finding {
  const now = new Date();
  const plausible = now.getUTCFullYear() >= 2025 && now.getUTCFullYear() < 2100;
  return {
    level: plausible ? 'note' : 'bad',
    what: 'clock',
    found: `${now.toISOString()} UTC; time zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}. Compare it with a clock you trust: ledger times rest on it`,
  };
}

function erasureFindings(operation: Operation): Finding[] {
  const open = listErased(operation).filter(({ done }) => done === null);
  if (open.length === 0) return [];
  const ids = open.map(({ exhibit }) => exhibit).join(', ');
  return [{ level: 'bad', what: 'erasure', found: `not complete for ${ids}: "erase finish"` }];
}

/** A backup is worth what its last restore showed. */
function backupFinding(operation: Operation, now: string): Finding {
  const last = restoreTested(operation);
  const days = last === null ? null : Math.floor((Date.parse(now) - Date.parse(last)) / 86_400_000);
  const holding = listBackups(operation).filter(
    ({ erased, destroyed }) => erased.length > 0 && destroyed === null,
  );
  if (holding.length > 0) {
    const ids = holding.map(({ id }) => id.slice(0, 16)).join(', ');
    return {
      level: 'note',
      what: 'backups',
      found: `backups that still hold erased exhibits: destroy all copies and record it (${ids})`,
    };
  }
  if (days === null) {
    return {
      level: 'note',
      what: 'backups',
      found: 'no restore of this operation was ever tested: "restore --verify" on a fresh backup',
    };
  }
  return {
    level: days > restoreTestDays ? 'note' : 'good',
    what: 'backups',
    found:
      days > restoreTestDays
        ? `no restore was tested for ${days} days (since ${last}): "restore --verify" on a fresh backup`
        : `a restore was tested on ${last}`,
  };
}

async function integrityFindings(operation: Operation): Promise<Finding[]> {
  const ledger = await checkLedger(operation);
  const findings: Finding[] = [
    {
      level: ledger.ok ? 'good' : 'bad',
      what: 'ledger',
      found: ledger.ok
        ? `${ledger.size} entries, whole`
        : ledger.problems.map(({ file, what }) => `${file}: ${what}`).join('; '),
    },
  ];
  let originals = 0;
  for (const exhibit of listExhibits(operation)) {
    for (const file of filesOf(operation, exhibit)) {
      originals++;
      if (await operation.vault.verify(file.sha256)) continue;
      findings.push({
        level: 'bad',
        what: 'vault',
        found: `${file.sha256} (${exhibit.paths[0]}) is missing or changed`,
      });
    }
  }
  let stored = 0;
  const generations = operation.state.all<{ path: string; sha256: string }>(
    'select path, sha256 from generation_file order by path',
  );
  for (const file of [...lakeFiles(operation), ...generations]) {
    stored++;
    try {
      await assertIntact(operation.path(file.path), file.sha256);
    } catch (error) {
      findings.push({
        level: 'bad',
        what: 'stored results',
        found: `${file.path}: ${(error as Error).message}`,
      });
    }
  }
  if (findings.every((finding) => finding.level !== 'bad')) {
    findings.push({
      level: 'good',
      what: 'stored files',
      found: `${originals} originals and ${stored} derived files are what was recorded`,
    });
  }
  return findings;
}
