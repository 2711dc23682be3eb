import type { Cell, Engine, Page } from '../../store/engine.ts';
import { accountHandles, searchDocuments } from '../../store/queries/search.ts';
import {
  type DocumentKind,
  type SearchDocument,
  type SearchIndexWriter,
  searchIndexVersion,
} from '../../store/search-index.ts';
import { nameKeys } from './names.ts';
import { indexText, isPacked, tokenizerVersion } from './tokens.ts';

/** What the answers of an index depend on besides the lake. */
export const searchVersion = {
  tokenizer: tokenizerVersion,
  index: searchIndexVersion,
  documents: searchDocuments,
};

/** Puts all documents of the lake into an index and finishes it. Returns their number. */
export async function indexLake(
  engine: Engine,
  writer: SearchIndexWriter,
  onDocuments: (done: number) => void,
): Promise<number> {
  let done = 0;
  await engine.pages(searchDocuments, {}, (page) => {
    addPage(writer, page);
    done += page.rows;
    onDocuments(done);
  });
  const handles = new Map<string, string>();
  await engine.pages(accountHandles, {}, ({ columns: [accounts, names] }) => {
    accounts!.forEach((account, i) => {
      handles.set(account as string, names![i] as string);
    });
  });
  return writer.finish(handles, (term) => !isPacked(term));
}

function addPage(writer: SearchIndexWriter, page: Page): void {
  const column = Object.fromEntries(page.names.map((name, i) => [name, page.columns[i]!]));
  const text = (name: string, row: number) => column[name]![row] as string | null;
  const whole = (name: string, row: number) => column[name]![row] as number;
  for (let row = 0; row < page.rows; row++) {
    writer.add(
      documentOf({
        kind: text('kind', row) as DocumentKind,
        selector: text('selector', row),
        exhibit: text('exhibit', row)!,
        path: text('source_path', row) ?? '',
        offset: whole('source_offset', row),
        length: whole('source_length', row),
        service: text('service', row),
        account: text('account', row),
        channel: text('channel', row),
        time: column.time![row] as number | null,
        timeText: text('time_text', row),
        timeZone: text('time_zone', row),
        subject: text('subject', row),
        body: text('body', row),
        bodyFormat: text('body_format', row),
        label: text('label', row),
        canonical: text('canonical', row),
        times: Number(column.times![row] satisfies Cell | undefined),
      }),
    );
  }
}

/** A row of what is searched, before it becomes tokens. */
export interface SearchedRow
  extends Omit<
    SearchDocument,
    'subjectTokens' | 'textTokens' | 'labelTokens' | 'keys' | 'shown' | 'bodyBytes'
  > {
  readonly subject: string | null;
  readonly body: string | null;
  readonly bodyFormat: string | null;
  readonly label: string | null;
  /** The canonical form of a selector; searched beside the written one where they differ. */
  readonly canonical: string | null;
}

export function documentOf(row: SearchedRow): SearchDocument {
  const { subject, body, bodyFormat, label, canonical, ...rest } = row;
  const other = canonical !== null && canonical !== label ? ` ${canonical}` : '';
  return {
    ...rest,
    subjectTokens: subject === null ? '' : indexText(subject),
    textTokens: body === null ? '' : indexText(readableText(body, bodyFormat)),
    labelTokens: label === null ? '' : indexText(label + other),
    keys: row.kind === 'name' && label !== null ? nameKeys(label).join(' ') : '',
    shown: row.kind === 'message' ? null : label,
    bodyBytes: row.kind === 'message' ? Buffer.byteLength(body ?? '') : null,
  };
}

const bareTags = /\[\/?(?:b|i|u|s|quote|code|list|li|\*)(?::[0-9a-z]{1,10})*\]/gi;

/** The text as it is read: bare formatting marks of boards stand in no word's way. */
export function readableText(body: string, format: string | null): string {
  return format === 'bbcode' && body.includes('[') ? body.replace(bareTags, '') : body;
}
