import { z } from '@hono/zod-openapi';
import { tlpLabels } from '../../access/grading.ts';
import { parts } from '../../packages/contents.ts';
import { type Endpoint, personParams } from './endpoint.ts';
import { evidence, list, markingSchema } from './fields.ts';

const tlp = z.enum(tlpLabels);
const withheld = list(z.object({ what: z.string(), count: z.number(), why: z.string() }));
const addressee = z.object({ name: evidence, recipient: z.string(), fingerprint: z.string() });

/** What a manifest says; of a received package it is what others wrote. */
export const manifestSchema = z
  .object({
    id: z.string(),
    created: evidence,
    from: z.object({ origin: evidence, vkey: evidence, author: evidence }),
    to: list(addressee),
    purpose: evidence,
    tlp,
    generation: evidence,
    persons: z.number(),
    exhibits: list(
      z.object({
        exhibit: evidence,
        sha256: evidence,
        authority: evidence.nullable(),
        reference: evidence.nullable(),
      }),
    ),
    files: list(
      z.object({ path: evidence, bytes: z.number(), sha256: evidence, rows: z.number(), about: evidence }),
    ),
    markings: list(
      z.object({
        what: evidence,
        id: evidence,
        grade: evidence.nullable(),
        tlp: evidence.nullable(),
        note: evidence.nullable(),
      }),
    ).optional(),
    withheld: list(z.object({ what: evidence, count: z.number(), why: evidence })),
  })
  .openapi('Manifest');

export const packageLine = z
  .object({
    id: z.string(),
    direction: z.enum(['sent', 'received']),
    created: evidence,
    from: evidence,
    to: list(evidence),
    purpose: evidence,
    tlp,
    persons: z.number(),
    exhibits: list(evidence),
    excluded: list(z.string()).openapi({ description: 'cited exhibits that have been excluded since' }),
    kept: z.boolean().openapi({ description: 'its sealed file can be fetched' }),
    manifest: manifestSchema,
  })
  .openapi('PackageLine');

export const noticeSchema = z.object({ package: z.string(), to: evidence, text: evidence }).openapi('Notice');

export const partnerSchema = z
  .object({ name: evidence, recipient: z.string(), vkey: z.string().nullable(), fingerprint: z.string() })
  .openapi('Partner');

export const packagesSchema = z
  .object({
    packages: list(packageLine),
    notices: list(noticeSchema).openapi({ description: 'drafts of recall, for a human to send' }),
  })
  .openapi('Packages');

const block = z.object({ where: evidence, why: evidence, remedy: evidence });

export const packagePreviewSchema = z
  .object({
    seen: z.string().openapi({ description: 'to be given when it is made: what is made is what was seen' }),
    generation: z.string(),
    persons: list(z.object({ person: z.string(), handles: list(evidence) })),
    to: list(partnerSchema),
    purpose: evidence,
    tlp,
    files: list(z.object({ path: z.string(), about: z.string(), rows: z.number() })),
    exhibits: list(
      z.object({
        exhibit: z.string(),
        path: evidence,
        sha256: z.string(),
        authority: z.string().nullable(),
        reference: z.string().nullable(),
      }),
    ),
    sources: z.number(),
    withheld,
    markings: list(
      z.object({
        what: z.enum(['exhibit', 'record', 'decision']),
        id: evidence,
        marking: markingSchema,
        blocked: z.object({ code: z.string(), why: evidence, remedy: evidence }).nullable(),
      }),
    ),
    least: tlp.nullable(),
    blocks: list(block),
  })
  .openapi('PackagePreview');

export const madePackageSchema = z
  .object({ manifest: manifestSchema, bytes: z.number() })
  .openapi('MadePackage');

const position = z.object({ index: z.number(), size: z.number() });

export const checkedPackageSchema = z
  .object({
    manifest: manifestSchema,
    entry: position.openapi({ description: "where its making stands in the sender's ledger" }),
    before: z.boolean().openapi({ description: 'it was taken in here before' }),
  })
  .openapi('CheckedPackage');

export const receivedPackageSchema = z
  .object({
    manifest: manifestSchema,
    entry: position,
    folder: z.string(),
    selectors: z.object({ kept: z.number(), named: z.number() }),
  })
  .openapi('ReceivedPackage');

export const elsewhereSchema = z
  .object({
    seen: list(
      z.object({
        selector: z.string(),
        canonical: evidence,
        package: z.string(),
        from: evidence,
        created: evidence,
        tlp,
        purpose: evidence,
        persons: z.number(),
        accounts: list(evidence),
        times: z.number(),
      }),
    ),
    more: z.number(),
  })
  .openapi('SeenElsewhere');

const requestBody = z.strictObject({
  persons: z.array(z.string().min(1).max(200)).min(1, 'a package needs a person').max(500),
  to: z.array(z.string().min(1).max(100)).min(1, 'a package needs a recipient').max(50),
  purpose: z.string().trim().min(1, 'a package needs a purpose').max(2000),
  tlp,
  parts: z.array(z.enum(parts)).min(1, 'a package needs a part'),
});

const sender = z.strictObject({ from: z.string().min(1).max(100) });
/** Bytes of a package that a browser sends. */
const maxPackageBytes = 256 * 1024 * 1024;

export const packagesEndpoints = {
  listPackages: {
    method: 'get',
    path: '/api/packages',
    summary: 'Packages made and received, and drafts of recall for those that cite excluded exhibits',
    action: 'package.list',
    on: { kind: 'operation' },
    status: 200,
    gives: packagesSchema,
  },
  previewPackage: {
    method: 'post',
    path: '/api/packages/preview',
    summary:
      'What a package would hold, what is withheld, and what keeps it from being made; nothing changes',
    action: 'package.preview',
    on: { kind: 'operation' },
    body: requestBody,
    status: 200,
    gives: packagePreviewSchema,
  },
  createPackage: {
    method: 'post',
    path: '/api/packages',
    summary: 'Makes the package that was previewed: signed, sealed, recorded; nothing is sent',
    action: 'package.create',
    on: { kind: 'operation' },
    body: requestBody.extend({
      seen: z.string().regex(/^[0-9a-f]{64}$/, 'the digest of the preview is needed'),
    }),
    status: 200,
    gives: madePackageSchema,
  },
  downloadPackage: {
    method: 'get',
    path: '/api/packages/file',
    summary: 'The sealed file of a package made here',
    action: 'package.preview',
    on: { kind: 'operation' },
    query: z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/, 'an id of a package has 32 hex digits') }),
    status: 200,
    gives: 'bytes',
  },
  checkPackage: {
    method: 'post',
    path: '/api/packages/check',
    summary: 'Checks a package that a partner sent; keeps nothing',
    action: 'package.open',
    on: { kind: 'operation' },
    query: sender,
    takes: 'bytes',
    maxBodyBytes: maxPackageBytes,
    status: 200,
    gives: checkedPackageSchema,
  },
  receivePackage: {
    method: 'post',
    path: '/api/packages/receive',
    summary: 'Takes in a package that a partner sent, once',
    action: 'package.open',
    on: { kind: 'operation' },
    query: sender,
    takes: 'bytes',
    maxBodyBytes: maxPackageBytes,
    status: 200,
    gives: receivedPackageSchema,
  },
  listPartners: {
    method: 'get',
    path: '/api/partners',
    summary: 'Partner agencies and the fingerprints of their cards',
    action: 'partner.list',
    on: { kind: 'operation' },
    status: 200,
    gives: z.object({ partners: list(partnerSchema) }).openapi('Partners'),
  },
  addPartner: {
    method: 'post',
    path: '/api/partners',
    summary: "Takes in a partner's card, after its fingerprint was compared by voice or in person",
    action: 'partner.add',
    on: { kind: 'operation' },
    body: z.strictObject({
      card: z.string().min(1).max(4000).openapi({ description: 'the text of the card' }),
      fingerprint: z.string().min(1).max(100),
    }),
    status: 200,
    gives: partnerSchema,
  },
  showOwnCard: {
    method: 'post',
    path: '/api/partners/own',
    summary: 'Our own card, for partners; makes the receiving key when first asked for',
    action: 'partner.me',
    on: { kind: 'operation' },
    body: z.strictObject({ name: z.string().trim().min(1, 'a name is needed').max(100) }),
    status: 200,
    gives: z.object({ card: evidence, fingerprint: z.string() }).openapi('OwnCard'),
  },
  showElsewhere: {
    method: 'get',
    path: '/api/persons/{person}/elsewhere',
    summary: "Selectors of a person that partners' packages name too",
    action: 'package.elsewhere',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: elsewhereSchema,
  },
} as const satisfies Record<string, Endpoint>;
