import { WaymarkError } from '../../base/errors.ts';
import { parsePointer } from '../../evidence/pointer.ts';
import { findExhibit } from '../../intake/exhibits.ts';
import { look, readDownload } from '../../workbench/look.ts';
import type { sourceEndpoints } from '../contract/source.ts';
import { downloadPolicy } from '../guard.ts';
import type { HandlersOf } from './handler.ts';

export const sourceHandlers: HandlersOf<typeof sourceEndpoints> = {
  showSource: async (desk, { query }) => {
    const { source, exhibit, imagery, length } = await look(desk.operation, query.pointer);
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
      shown: imagery === null ? source.bytes.length : 0,
      bytes: imagery === null ? source.bytes.toString('base64') : null,
      withheld: imagery,
    };
  },

  downloadSource: async (desk, { query }, c) => {
    const { exhibit, offset, length } = parsePointer(query.pointer);
    const bytes = await readDownload(desk.operation, query.pointer);
    c.header('Content-Security-Policy', downloadPolicy);
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Disposition', `attachment; filename="${exhibit}-${offset}-${length}.bin"`);
    return c.body(new Uint8Array(bytes));
  },

  revealSource: async (desk, { body }) => {
    const { exhibit: id, offset, length } = parsePointer(body.pointer);
    const exhibit = findExhibit(desk.operation, id);
    if (exhibit.status === 'excluded') {
      throw new WaymarkError('denied', 'this exhibit is excluded', { where: id });
    }
    const act = { action: 'source.reveal', objects: [exhibit.id], facts: { offset, length } };
    await desk.turns.record(() => desk.operation.record(act));
    return { recorded: true };
  },
};
