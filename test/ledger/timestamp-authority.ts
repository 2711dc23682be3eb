/** A throw-away time stamping authority made with openssl, where the machine has it. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export type KeyKind = 'rsa' | 'ecdsa';

export interface Authority {
  /** Certificate of the root, PEM: what the user trusts. */
  readonly root: string;
  readonly rootFile: string;
  /** Answers a request. `digest` is what the signature rests on. */
  answer(request: Uint8Array, digest?: string): Buffer;
  /** Whether `openssl ts -verify` accepts an answer to a request. */
  accepts(request: Uint8Array, answer: Uint8Array): boolean;
}

export interface AuthorityOptions {
  /** Extended key usage line of the signing certificate. */
  readonly usage?: string;
  /** Days from today in which the signing certificate is valid, as openssl writes them. */
  readonly validity?: readonly string[];
  /** Leaves the signing certificate out of the answers. */
  readonly withoutCertificate?: boolean;
}

function openssl(folder: string, ...args: string[]): Buffer {
  const result = spawnSync('openssl', args, { cwd: folder });
  if (result.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

const newKey: Record<KeyKind, readonly string[]> = {
  rsa: ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ecdsa: ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
};

export function makeAuthority(folder: string, kind: KeyKind, options: AuthorityOptions = {}): Authority {
  const { usage = 'critical,timeStamping', validity = ['-days', '30'] } = options;
  fs.mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string | Uint8Array) => fs.writeFileSync(path.join(folder, name), text);
  write(
    'ca.cnf',
    '[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n',
  );
  openssl(folder, ...newKey[kind], '-out', 'ca.key');
  openssl(
    folder,
    ...['req', '-new', '-x509', '-key', 'ca.key', '-subj', '/O=Bicycle Club/CN=Root', '-days', '3650'],
    ...['-config', 'ca.cnf', '-extensions', 'ca', '-out', 'ca.pem'],
  );
  openssl(folder, ...newKey[kind], '-out', 'tsa.key');
  openssl(
    folder,
    ...['req', '-new', '-key', 'tsa.key', '-subj', '/O=Bicycle Club/CN=Clock', '-config', 'ca.cnf'],
    ...['-out', 'tsa.csr'],
  );
  write(
    'tsa.ext',
    `keyUsage=critical,digitalSignature\n${usage === '' ? '' : `extendedKeyUsage=${usage}\n`}`,
  );
  openssl(
    folder,
    ...['x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-extfile', 'tsa.ext', ...validity, '-out', 'tsa.pem'],
  );
  write(
    'tsa.cnf',
    `[tsa]
default_tsa = own
[own]
serial = ${path.join(folder, 'serial')}
signer_cert = ${path.join(folder, 'tsa.pem')}
certs = ${path.join(folder, 'ca.pem')}
signer_key = ${path.join(folder, 'tsa.key')}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`,
  );
  write('serial', '01\n');
  const root = fs.readFileSync(path.join(folder, 'ca.pem'), 'utf8');
  return {
    root,
    rootFile: path.join(folder, 'ca.pem'),
    answer: (request, digest = 'sha256') => {
      write('q.tsq', request);
      openssl(
        folder,
        ...['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q.tsq', `-${digest}`, '-out', 'a.tsr'],
      );
      return fs.readFileSync(path.join(folder, 'a.tsr'));
    },
    accepts: (request, answer) => {
      write('q.tsq', request);
      write('a.tsr', answer);
      const args = ['ts', '-verify', '-queryfile', 'q.tsq', '-in', 'a.tsr', '-CAfile', 'ca.pem'];
      return spawnSync('openssl', args, { cwd: folder }).status === 0;
    },
  };
}
