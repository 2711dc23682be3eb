import { sha256Hex } from '../../base/hash.ts';
import { canonicalJson } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import { type Records, stampColumns } from '../../evidence/records.ts';
import { baseName, headOf } from '../byte-window.ts';
import { type CsvRecord, detectCsv, eachCsvRecord } from '../csv.ts';
import { Answers } from './subscriber-return/answers.ts';
import {
  type Columns,
  type CorrectionColumns,
  columnsOfHeader,
  judgeReturn,
  Preamble,
  providerOf,
} from './subscriber-return/columns.ts';
import { returnTime } from './subscriber-return/times.ts';

/** An answer is a line; beyond this it is damage. */
const maxRecordBytes = 64 * 1024;

/**
 * Answers of access providers about who had an address, as CSV with a header: leases with a beginning and an
 * end, or subscribers at the times that were asked about, with or without ports. Columns are told by their
 * names. The account is `<provider>/<subscriber number>` of kind 'subscriber'. Where the file names no
 * provider, the service is `subscriber:<file name>-<first digits of the head's hash>`, since equal numbers of two
 * providers are two people; what the provider has of the customer are sightings with the basis provider-verified, the
 * address and time a sighting and an event 'lease' or 'subscriber at time'. A subscriber pays for a line: who
 * used it is for others to find out.
 *
 * Also lists of later corrections (`kind,reference,correction,reason,received_at`): each is an event
 * 'correction' whose target is `<kind> <reference>`. Tally units `answers` and `corrections`.
 */
export const subscriberReturnReader: Reader = {
  name: 'subscriber-return',
  version: 1,
  reads: 'subscriber returns of access providers and their corrections, as CSV',
  unit: 'file',
  sniff: judgeReturn,

  async read(input: Input, records: Records): Promise<void> {
    const head = await headOf(input, limits.sniffBytes);
    const dialect = detectCsv(head);
    const stem = baseName(input.name).replaceAll('/', '_');
    const table = new ReturnTable(records, `subscriber:${stem}-${sha256Hex(head).slice(0, 6)}`);
    await eachCsvRecord(input, dialect, (record) => table.take(record), { maxRecordBytes });
    table.end();
  },
};

class ReturnTable {
  private readonly records: Records;
  private readonly unnamed: string;
  private readonly preamble = new Preamble();
  private columns: Columns | null = null;
  private answers: Answers | null = null;
  private provider: string | null = null;
  /** The first line that is neither header nor preamble came before any header. */
  private lost = false;

  constructor(records: Records, unnamed: string) {
    this.records = records;
    this.unnamed = unnamed;
  }

  take(record: CsvRecord): void {
    const { records, columns } = this;
    const unit = columns?.kind === 'corrections' ? 'corrections' : 'answers';
    if (record.damaged) {
      records.skip(unit, 'damaged');
      const text = 'the line does not follow the CSV grammar';
      records.warn('csv-damaged', text, record.offset, record.length);
    } else if (record.count === 0) {
      records.skip(unit, 'blank line');
    } else if (columns === null) {
      this.before(record);
    } else if (columns.kind === 'corrections') {
      addCorrection(record, columns, records);
    } else {
      this.answers!.row(record);
    }
  }

  end(): void {
    if (this.columns !== null) return;
    this.records.warn('return-header', 'no line names the columns of a subscriber return', 0, 0);
  }

  private before(record: CsvRecord): void {
    const { records } = this;
    const columns = this.lost ? null : columnsOfHeader(record);
    if (columns !== null) {
      this.columns = columns;
      if (columns.kind === 'return')
        this.answers = new Answers(records, columns, this.provider, this.unnamed);
      records.skip(columns.kind === 'return' ? 'answers' : 'corrections', 'header');
    } else if (!this.lost && this.preamble.allows(record)) {
      this.provider ??= providerOf(record);
      records.skip('answers', 'before the header');
    } else {
      this.lost = true;
      records.skip('answers', 'no header');
    }
  }
}

function addCorrection(record: CsvRecord, { fields }: CorrectionColumns, records: Records): void {
  const { offset, length } = record;
  const value = (name: keyof typeof fields) => record.text(fields[name]).trim();
  const kind = value('kind');
  const reference = value('reference');
  const correction = value('correction');
  if (kind === '' || reference === '' || correction === '') {
    records.skip('corrections', 'incomplete');
    records.warn('correction-incomplete', 'the row does not say what is corrected and how', offset, length);
    return;
  }
  const { stamp, trouble } = returnTime(value('received_at'), false);
  if (trouble !== null) {
    records.warn('time-zone', 'the time is none with a zone, so it stays unresolved', offset, length);
  }
  const reason = value('reason') || undefined;
  const row = {
    action: 'correction',
    target: `${kind} ${reference}`,
    ...stampColumns(stamp),
    text: canonicalJson({ correction, kind, reason, reference }),
  };
  records.table('event').add(row, offset, length);
  records.read('corrections');
}
