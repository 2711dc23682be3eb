import type { Reader } from '../evidence/reader.ts';
import { accessLogReader } from './readers/access-log.ts';
import { chatExportReader } from './readers/chat-export.ts';
import { columnMappingReader } from './readers/column-mapping.ts';
import { emlReader } from './readers/eml.ts';
import { errorLogReader } from './readers/error-log.ts';
import { factListReader } from './readers/fact-list.ts';
import { hashListReader } from './readers/hash-list.ts';
import { mboxReader } from './readers/mbox.ts';
import { personListReader } from './readers/person-list.ts';
import { parquetPersonReader } from './readers/person-list-parquet.ts';
import { phpbbReader } from './readers/phpbb.ts';
import { providerReportReader } from './readers/provider-report.ts';
import { registryReader } from './readers/registry.ts';
import { storedFileReader } from './readers/stored-file.ts';
import { subscriberReturnReader } from './readers/subscriber-return.ts';
import { whatsappExportReader } from './readers/whatsapp-export.ts';

/** Every reader. The surest wins; of equally sure ones the first. To add one, write its file and name it here. */
export const readers: readonly Reader[] = [
  phpbbReader,
  accessLogReader,
  errorLogReader,
  mboxReader,
  emlReader,
  hashListReader,
  factListReader,
  personListReader,
  parquetPersonReader,
  columnMappingReader,
  chatExportReader,
  whatsappExportReader,
  providerReportReader,
  subscriberReturnReader,
  registryReader,
  storedFileReader,
];

/** Takes what no reader recognises: the bytes are kept and hashed. */
export { storedFileReader };
