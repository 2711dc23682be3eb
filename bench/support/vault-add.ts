/** Takes one file into a vault, as intake does: `vault-add.ts <file> <folder>`. */
import * as path from 'node:path';
import { Vault } from '../../src/store/vault.ts';

const [file, folder] = process.argv.slice(2);
const vault = new Vault(path.join(folder!, 'vault'), path.join(folder!, 'tmp'));
process.stdout.write(`${(await vault.add(file!)).sha256}\n`);
