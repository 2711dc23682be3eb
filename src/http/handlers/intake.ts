import type { Marking, Tlp } from '../../access/grading.ts';
import { checkMarking } from '../../access/grading.ts';
import { WaymarkError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { listExhibits } from '../../intake/exhibits.ts';
import {
  type Delivered,
  deliver,
  exhibitOrigin,
  filesAt,
  type Handover,
} from '../../workbench/deliveries.ts';
import type { intakeEndpoints } from '../contract/intake.ts';
import type { Desk } from '../desk.ts';
import { entryOf } from '../entry.ts';
import { errorBody } from '../errors.ts';
import { followed, type HandlersOf } from './handler.ts';

export const intakeHandlers: HandlersOf<typeof intakeEndpoints> = {
  showIntake: async ({ operation, intake }) => {
    const used = Map.groupBy(listExhibits(operation), ({ authority }) => authority ?? '');
    used.delete('');
    return {
      upload: intake.uploads.show(),
      last: intake.last,
      failed: intake.failed,
      authorities: [...used]
        .map(([authority, exhibits]) => ({ authority, exhibits: exhibits.length }))
        .sort((a, b) => (a.authority < b.authority ? -1 : 1)),
      limits: {
        files: limits.maxUploadFiles,
        bytes: limits.maxUploadBytes,
        piece: limits.maxUploadPieceBytes,
      },
    };
  },

  beginUpload: async ({ intake }, { body }) => intake.uploads.begin(body),

  sendPiece: async ({ intake }, { query: { upload, offset, ...file } }, c) =>
    intake.uploads.take(upload, file, offset, piecesOf(c.req.raw.body)),

  giveUpUpload: async ({ intake }, { body }) => {
    intake.uploads.giveUp(body.upload);
    return { removed: true };
  },

  takeInUpload: (desk, { body: { upload, ...said } }) => {
    const { uploads } = desk.intake;
    const handover = handoverOf(said);
    const found = uploads.whole(upload);
    return started(desk, async () => {
      try {
        return await deliver(desk.operation, { found, refused: [] }, handover, desk.progress.report);
      } finally {
        // It may have been given up meanwhile.
        if (uploads.show()?.id === upload) uploads.giveUp(upload);
      }
    });
  },

  takeInPath: (desk, { body: { path, ...said } }, c) => {
    if (entryOf(c).logIn) {
      throw new WaymarkError('usage', 'where users log in, paths of the server are not open to them', {
        remedy: 'Hand the files over in the browser, or take them in with "exhibit add" at the server.',
      });
    }
    const handover = handoverOf(said);
    const files = filesAt(desk.operation, path);
    return started(desk, () => deliver(desk.operation, files, handover, desk.progress.report));
  },

  showOrigin: async ({ operation }, { params }) => exhibitOrigin(operation, params.id),
};

async function* piecesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body) yield* body as unknown as AsyncIterable<Uint8Array>;
}

interface Said {
  readonly authority: string;
  readonly reference?: string | undefined;
  readonly custody?: string | undefined;
  readonly grade?: string | undefined;
  readonly tlp?: Tlp | undefined;
  readonly note?: string | undefined;
}

/** Throws WaymarkError 'usage' for a grade that no scheme knows, before anything is taken in. */
function handoverOf({ authority, reference, custody, grade, tlp, note }: Said): Handover {
  const marking: Marking = {
    ...(grade !== undefined && grade !== '' && { grade }),
    ...(tlp !== undefined && { tlp }),
    ...(note !== undefined && note !== '' && { note }),
  };
  return {
    authority,
    reference: reference === undefined || reference === '' ? null : reference,
    note: custody === undefined || custody === '' ? null : custody,
    marking: checkMarking(marking),
  };
}

/** Starts work that is followed by its events. Work that is refused at once fails at once. */
async function started(desk: Desk, work: () => Promise<Delivered>): Promise<{ started: true }> {
  const running = desk.turns.runLong(async () => {
    desk.intake.failed = null;
    await followed(desk, async () => {
      const result = await work();
      desk.intake.last = result;
      return { result, generation: result.generation };
    }).catch((error: unknown) => {
      desk.intake.failed = errorBody(error).error;
      throw error;
    });
  });
  await Promise.race([running, new Promise((resolve) => setImmediate(resolve))]);
  running.catch(() => {});
  return { started: true };
}
