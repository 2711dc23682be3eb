import { Readable } from 'node:stream';
import { exportWhole } from '../../workbench/export-act.ts';
import { answerRequest, listRequests, personsNeeded, requestAct } from '../../workbench/two-persons.ts';
import type { requestsEndpoints } from '../contract/requests.ts';
import { downloadPolicy } from '../guard.ts';
import { byOf, recorded } from './acts.ts';
import type { HandlersOf } from './handler.ts';

export const requestsHandlers: HandlersOf<typeof requestsEndpoints> = {
  listRequests: async ({ operation }) => ({
    needed: { export: personsNeeded(operation, 'export'), erasure: personsNeeded(operation, 'erasure') },
    requests: listRequests(operation),
  }),

  makeRequest: (desk, { body }) => recorded(desk, () => requestAct(desk.operation, body, byOf(body))),

  answerRequest: (desk, { params, body }) =>
    recorded(desk, () => answerRequest(desk.operation, Number(params.sequence), body.value, byOf(body))),

  exportTable: async (desk, { body }, c) => {
    const file = await desk.engines.use((engine) =>
      exportWhole(desk.operation, engine, body, (act) => desk.turns.record(act)),
    );
    c.header('Content-Security-Policy', downloadPolicy);
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Disposition', `attachment; filename="${body.table}.${body.format}"`);
    return c.body(Readable.toWeb(file.read()) as ReadableStream);
  },
};
