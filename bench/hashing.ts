import * as fs from 'node:fs';
import { freshFolder, members, plainEvidence } from './support/evidence.ts';
import { measure } from './support/measure.ts';
import { benchProgram } from './support/programs.ts';
import { compare } from './support/rounds.ts';

/**
 * Taking a file into custody (read, hash, copy, fsync) against `sha256sum`, which only reads and hashes.
 * Promise: at least 80 % of its speed. The other peers show what the machine's disk and processor allow:
 * OpenSSL's hash, and a copy that is made durable.
 */
export async function hashing(rounds: number): Promise<void> {
  const { log } = await plainEvidence(members);
  await compare({
    bench: 'hashing',
    unit: 'MB',
    amount: fs.statSync(log).size / 1e6,
    rounds,
    contenders: [
      { name: 'vault', run: () => measure(benchProgram('vault-add.ts', log, freshFolder('vault'))) },
      { name: 'sha256sum', run: () => measure({ program: 'sha256sum', args: [log] }) },
      {
        name: 'openssl dgst -sha256',
        run: () => measure({ program: 'openssl', args: ['dgst', '-sha256', log] }),
      },
      {
        name: 'dd conv=fsync',
        run: () => {
          const copy = `${freshFolder('copy')}/copy`;
          return measure({ program: 'dd', args: [`if=${log}`, `of=${copy}`, 'bs=4M', 'conv=fsync'] });
        },
      },
    ],
  });
}
