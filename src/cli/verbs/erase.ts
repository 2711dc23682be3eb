import type { Command } from 'commander';
import type { Operation } from '../../store/operation.ts';
import { eraseExhibit, erasureNotices, finishErasures, listErased } from '../../workbench/erase.ts';
import { safeText, table } from '../terminal.ts';
import { type Options, print, verb, withOperation, withProgress } from '../verb.ts';

/** Erasing exhibits for good. */
export function addEraseVerbs(program: Command): void {
  const erase = program
    .command('erase')
    .description('exhibits, for good: original, records and all that rests on them');
  verb(erase, 'exhibit', 'erase one; where two persons are needed, after the other has approved it')
    .argument('<exhibit>')
    .requiredOption('--reason <text>', 'why, and on which basis')
    .action(withOperation(false, eraseOne));
  verb(erase, 'finish', 'complete an erasure that was interrupted').action(withOperation(false, finish));
  verb(erase, 'list', 'what was erased, when, by whom').action(withOperation(false, list));
  verb(erase, 'notices', 'drafts for recipients of packages that cite what was erased').action(
    withOperation(false, notices),
  );
}

async function eraseOne(operation: Operation, options: Options, id: string): Promise<undefined> {
  const by = { reason: options.reason as string, time: new Date().toISOString() };
  const done = await withProgress((onProgress) => eraseExhibit(operation, id, by, onProgress));
  print(options, done, () =>
    [
      `Exhibit ${done.exhibit} is erased; generation ${done.generation} stands without it.`,
      `  ${done.originals} originals (${done.bytes} bytes) overwritten and removed; ${done.shared} shared with other exhibits stay`,
      `  ${done.lakeFiles} lake files with ${done.rows} rows; ${done.accounts} accounts that only it knew of`,
      `  ${done.decisions} decisions keep their author and time, and lost their words`,
      'Not reached from here: backups ("backup list"), packages sent ("erase notices"), snapshots of the disk.',
    ].join('\n'),
  );
}

async function finish(operation: Operation, options: Options): Promise<undefined> {
  const finished = await withProgress((onProgress) => finishErasures(operation, onProgress));
  print(options, { finished }, () =>
    finished === 0 ? 'No erasure is unfinished.' : `${finished} erasures were completed. Run "build" now.`,
  );
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const erased = listErased(operation);
  print(options, { erased }, () =>
    table(
      ['exhibit', 'erased', 'by', 'approved by', 'reason', 'complete'],
      erased.map((each) => [
        each.exhibit,
        each.time,
        each.author,
        each.approvedBy,
        each.reason,
        each.done === null ? 'NO: "erase finish"' : 'yes',
      ]),
    ),
  );
}

async function notices(operation: Operation, options: Options): Promise<undefined> {
  const drafts = erasureNotices(operation);
  print(options, { notices: drafts }, () =>
    drafts.length === 0
      ? 'No package that was sent cites an erased exhibit.'
      : drafts.map(({ text }) => safeLines(text)).join('\n\n----\n\n'),
  );
}

function safeLines(text: string): string {
  return text.split('\n').map(safeText).join('\n');
}
