import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../src/base/errors.ts';

/** A package that Waymark needs to run, as the lock file pins it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Under the project's folder: `node_modules/...`. */
  readonly folder: string;
  /** SPDX expression as the package states it. */
  readonly licence: string;
  /** Digest of the package as published, in the form of Subresource Integrity. */
  readonly integrity: string;
}

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * Licences that Apache-2.0 work may be given out with. MPL-2.0 asks that its own files stay open, which unchanged
 * packages with their licence text are.
 */
export const allowedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
];

/** Whether one of an SPDX expression's alternatives is allowed. Expressions with AND or exceptions are not judged. */
export function isAllowed(licence: string): boolean {
  return licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((each) => allowedLicences.includes(each));
}

/**
 * The packages that run Waymark on this machine, in the order of their names: what the lock file names, without what only
 * development needs and what is for other systems. Throws WaymarkError 'storage' where one is not installed.
 */
export function neededPackages(root: string): Package[] {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(lock.packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev)
    .filter(([folder, { optional }]) => {
      const isThere = fs.existsSync(path.join(root, folder, 'package.json'));
      if (isThere || optional) return isThere;
      throw new WaymarkError('storage', `${folder} is not installed`, { remedy: 'Run "npm ci" first.' });
    })
    .map(([folder, { version, license, integrity }]) => ({
      name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      folder,
      licence: license ?? 'none stated',
      integrity: integrity ?? '',
    }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/**
 * The list of parts as CycloneDX 1.6 JSON. Equal packages give equal bytes: it holds no time and no random number.
 * Source: cyclonedx.org/docs/1.6.
 */
export function billOfMaterials(version: string, packages: readonly Package[]): string {
  const components = packages.map(({ name, version: of, licence, integrity }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${of}`;
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version: of,
      purl,
      licenses: [/ /.test(licence) ? { expression: licence } : { license: { id: licence } }],
      hashes: [
        { alg: 'SHA-512', content: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex') },
      ],
    };
  });
  const distinct = [...new Map(components.map((each) => [each.purl, each])).values()];
  const product = { type: 'application', 'bom-ref': 'waymark', name: 'waymark', version };
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: product }, components: distinct }, null, 1)}\n`;
}
