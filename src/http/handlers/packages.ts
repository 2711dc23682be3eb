import * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { fingerprintOf } from '../../packages/seal.ts';
import {
  checkPackage,
  createPackage,
  draftNotices,
  listPackages,
  previewPackage,
  receivePackage,
  sealedFile,
  seenElsewhere,
} from '../../workbench/packages.ts';
import { addPartner, listPartners, ownCard } from '../../workbench/partners.ts';
import type { packagesEndpoints } from '../contract/packages.ts';
import { downloadPolicy } from '../guard.ts';
import type { HandlersOf } from './handler.ts';

const quiet = () => {};

export const packagesHandlers: HandlersOf<typeof packagesEndpoints> = {
  listPackages: async ({ operation }) => ({
    packages: listPackages(operation),
    notices: draftNotices(operation),
  }),

  previewPackage: (desk, { body }) =>
    desk.engines.use((engine) => previewPackage(desk.operation, engine, body, quiet)),

  createPackage: (desk, { body: { seen, ...request } }) =>
    desk.turns.runLong(() =>
      desk.engines.use((engine) => createPackage(desk.operation, engine, request, null, quiet, seen)),
    ),

  downloadPackage: async (desk, { query }, c) => {
    const { file, bytes } = sealedFile(desk.operation, query.id);
    c.header('Content-Security-Policy', downloadPolicy);
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Length', String(bytes));
    c.header('Content-Disposition', `attachment; filename="${query.id}.waymark"`);
    return c.body(Readable.toWeb(fs.createReadStream(file)) as ReadableStream);
  },

  checkPackage: (desk, { query }, c) =>
    desk.turns.runLong(async () =>
      checkPackage(desk.operation, new Uint8Array(await c.req.arrayBuffer()), query.from),
    ),

  receivePackage: (desk, { query }, c) =>
    desk.turns.runLong(async () =>
      receivePackage(desk.operation, new Uint8Array(await c.req.arrayBuffer()), query.from, null),
    ),

  listPartners: async ({ operation }) => ({ partners: listPartners(operation) }),

  addPartner: (desk, { body }) =>
    desk.turns.runLong(() => addPartner(desk.operation, body.card, body.fingerprint)),

  showOwnCard: (desk, { body }) =>
    desk.turns.runLong(async () => {
      const card = await ownCard(desk.operation, body.name);
      return { card: `${JSON.stringify(card, null, 2)}\n`, fingerprint: fingerprintOf(card.recipient) };
    }),

  showElsewhere: (desk, { params }) =>
    desk.engines.use((engine) => seenElsewhere(desk.operation, engine, params.person)),
};
