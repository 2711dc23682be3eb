import { WaymarkError } from '../../base/errors.ts';
import { parsePointer } from '../../evidence/pointer.ts';
import { look, readDownload } from '../../workbench/look.ts';
import { areTextsClosed, openText } from '../../workbench/reading.ts';
import type { sourceEndpoints } from '../contract/source.ts';
import type { Desk } from '../desk.ts';
import { downloadPolicy } from '../guard.ts';
import type { HandlersOf } from './handler.ts';

function isClosed({ operation, opened }: Desk, pointer: string): boolean {
  return areTextsClosed(operation) && !opened.has(`${operation.actor} ${pointer}`);
}

export const sourceHandlers: HandlersOf<typeof sourceEndpoints> = {
  showSource: async (desk, { query }) => {
    const { source, exhibit, imagery, length } = await look(desk.operation, query.pointer);
    const closed = isClosed(desk, query.pointer);
    const given = imagery === null && !closed;
    if (given) desk.consultations.look('source.consult', source.exhibit, [query.pointer]);
    return {
      pointer: query.pointer,
      exhibit: source.exhibit,
      received: source.received,
      inner: source.inner,
      sha256: source.sha256,
      authority: exhibit.authority,
      reference: exhibit.reference,
      offset: source.offset,
      length,
      shown: given ? source.bytes.length : 0,
      bytes: given ? source.bytes.toString('base64') : null,
      closed,
      withheld: imagery,
    };
  },

  downloadSource: async (desk, { query }, c) => {
    const { exhibit, offset, length } = parsePointer(query.pointer);
    if (isClosed(desk, query.pointer)) {
      throw new WaymarkError('denied', 'the text was not opened', {
        where: query.pointer,
        remedy: 'Open it first, as the operation asks.',
      });
    }
    const bytes = await readDownload(desk.operation, query.pointer);
    desk.consultations.look('source.consult', exhibit, [query.pointer]);
    c.header('Content-Security-Policy', downloadPolicy);
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Disposition', `attachment; filename="${exhibit}-${offset}-${length}.bin"`);
    return c.body(new Uint8Array(bytes));
  },

  revealSource: async (desk, { body }) => {
    const { pointer, reason, second } = body;
    const time = new Date().toISOString();
    await desk.turns.record(() => openText(desk.operation, pointer, { reason, second }, time));
    desk.opened.add(`${desk.operation.actor} ${pointer}`);
    return { recorded: true };
  },
};
