import * as fs from 'node:fs';
import { freshFolder, members, plainEvidence } from './support/evidence.ts';
import { MariaDb } from './support/mariadb.ts';
import { measure } from './support/measure.ts';
import { waymark } from './support/programs.ts';
import { type Contender, compare } from './support/rounds.ts';
import { dumpWithSearchIndex } from './support/search-index.ts';

/**
 * A board's dump, from the file to records that can be asked: `exhibit add` into a fresh operation (hash, copy
 * into the vault, sandbox, lake, ledger) against loading it into a fresh MariaDB. Promise: at least 10 times as
 * fast, in memory that does not grow with the dump, which a run on a dump of three times the size shows.
 */
export async function dumpToLake(rounds: number): Promise<void> {
  const { dump } = await plainEvidence(members);
  await against('dump-to-lake', dump, rounds);
}

/** The same with the word index that a real board's dump has, on a board a twentieth the size. */
export async function dumpWithIndex(rounds: number): Promise<void> {
  await against('dump-with-index', await dumpWithSearchIndex(members / 20), rounds);
}

async function against(bench: string, dump: string, rounds: number): Promise<void> {
  const amount = fs.statSync(dump).size / 1e6;
  const peer: Contender = {
    name: 'mariadb < dump.sql',
    async run() {
      const server = await MariaDb.start();
      try {
        const cost = await measure({
          program: 'mariadb',
          args: [...server.client, 'board'],
          input: dump,
          helper: server.pid,
        });
        if (server.rows('phpbb_posts') === 0) throw new Error('MariaDB holds no posts');
        return cost;
      } finally {
        await server.stop();
      }
    },
  };
  const contenders = [addExhibit('waymark exhibit add', dump), peer];
  await compare({ bench, unit: 'MB', amount, rounds, contenders });
}

/** The same at a third and at the full size; one contender, so the peaks are what to compare. */
export async function dumpMemory(rounds: number): Promise<void> {
  for (const size of [members, members * 3]) {
    const { dump } = await plainEvidence(size);
    const amount = fs.statSync(dump).size / 1e6;
    const name = `waymark exhibit add, ${Math.round(amount)} MB`;
    await compare({
      bench: 'dump-memory',
      unit: 'MB',
      amount,
      rounds,
      contenders: [addExhibit(name, dump)],
    });
  }
}

/** Takes a file or folder into a fresh operation. */
export function addExhibit(name: string, evidence: string): Contender {
  return {
    name,
    run: () => measure(waymark('exhibit', 'add', '--operation', freshFolder('operation'), evidence)),
  };
}
