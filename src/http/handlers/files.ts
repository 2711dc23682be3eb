import { fileStandingNames, listFiles } from '../../workbench/files.ts';
import type { filesEndpoints } from '../contract/files.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

const none = {
  total: 0,
  standings: fileStandingNames.map((standing) => ({ standing, files: 0, hashes: 0, accounts: 0 })),
  kinds: [],
  lists: [],
  files: [],
  more: false,
};

export const filesHandlers: HandlersOf<typeof filesEndpoints> = {
  listFiles: (desk, { query }) =>
    ifBuilt<Awaited<ReturnType<typeof listFiles>>>(desk, none, (engine) =>
      listFiles(engine, query.standing, query.limit, query.offset),
    ),
};
