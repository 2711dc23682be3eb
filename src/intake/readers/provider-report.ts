import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { XmlTrees } from '../xml/tree.ts';
import { rootName, scanXml } from '../xml.ts';
import { Reports } from './provider-report/reports.ts';

/**
 * Reports of providers in the shape of the CyberTipline reporting interface (`<report>` and `<fileDetails>`,
 * element names as public clients send them; not validated against the official schema), one or many in any
 * envelope. All of it is what the provider said (provenance class A); parts that are not known are warned of.
 *
 * The account is `<domain of the reporting desk>/<espIdentifier>`, of kind 'provider account' and with its
 * role in the report as status; addresses, names, contacts and devices are its sightings. The report is an event
 * 'provider report' with the target `report <number>`, each file a `file` row and an event 'reported file';
 * their `text` is canonical JSON. Those reported as victims or intended recipients are accounts of their own,
 * told apart by status and relation. Tally units `reports` and `files`.
 */
export const providerReportReader: Reader = {
  name: 'provider-report',
  version: 1,
  reads: 'reports of providers in the shape of the CyberTipline reporting interface (XML)',
  unit: 'file',

  sniff(head: Uint8Array): number {
    if (rootName(head) === null) return 0;
    const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
    const incident = /<(?:[\w.-]+:)?incidentSummary[\s/>]/.test(text);
    const person = /<(?:[\w.-]+:)?personOrUserReported[\s/>]/.test(text);
    const file = /<(?:[\w.-]+:)?originalFileHash[\s/>]/.test(text);
    if (!/<(?:[\w.-]+:)?(report|fileDetails)[\s/>]/.test(text)) return 0;
    return incident && person ? 0.97 : incident || person ? 0.8 : file ? 0.7 : 0;
  },

  async read(input: Input, records: Records): Promise<void> {
    const reports = new Reports(records);
    await scanXml(input, new XmlTrees(reports));
    reports.finish();
  },
};
