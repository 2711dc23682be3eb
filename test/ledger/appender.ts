/** Appends for ever and says after each batch what was acknowledged, until it is killed. */
import * as fs from 'node:fs';
import { Ledger } from '../../src/ledger/ledger.ts';
import { entriesOf, key, origin } from './fixture.ts';

const ledger = Ledger.open(process.argv[2]!, { origin, key });
for (let turn = 0; ; turn++) {
  const count = [1, 3, 40, 300][turn % 4]!;
  const { size } = ledger.append(entriesOf(ledger.size, ledger.size + count));
  fs.writeSync(1, `${size}\n`);
}
