import { canonicalJson } from '../../../base/json.ts';
import { type Records, stampColumns } from '../../../evidence/records.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../xml/tree.ts';
import { isTrue, Parties, stampOf } from './party.ts';

/** The report that a file belongs to. */
export interface ReportHeading {
  readonly service: string;
  readonly number: string | null;
  readonly account: string | null;
}

const hashDigits = { md5: 32, sha1: 40, sha256: 64 } as const;
type HashColumn = keyof typeof hashDigits;

/** One `fileDetails` as a `file` and an event 'reported file' that holds what the provider says of it. */
export function addReportedFile(records: Records, element: XmlElement, heading: ReportHeading): void {
  const { offset, length } = element;
  const { hashes, others } = hashesOf(records, element);
  const name = textOf(element, 'originalFileName') ?? textOf(element, 'fileName');
  const parties = new Parties(records, heading.service);
  const captures = childrenOf(element, 'ipCaptureEvent').flatMap(
    (each) => parties.capture(heading.account, each, 'Upload') ?? [],
  );
  const uploaded = captures[0];
  const stamp = uploaded?.stamp ?? stampOf(records, element, 'uploadDateTime');
  const relevance = textOf(element, 'fileRelevance');
  const file = {
    service: heading.service,
    native_id: textOf(element, 'fileId'),
    account: heading.account,
    name,
    ...stampColumns(stamp),
    ...hashes,
    state: relevance === null ? null : relevance.toLowerCase(),
  };
  records.table('file').add(file, offset, length);
  const event = {
    service: heading.service,
    action: 'reported file',
    account: heading.account,
    target: heading.number === null ? null : `report ${heading.number}`,
    ...stampColumns(stamp),
    ip: uploaded?.canonical ?? uploaded?.raw,
    port: uploaded?.port,
    url: textOf(element, 'locationOfFile'),
    text: flagsOf(element, heading, name, { ...hashes, ...others }),
  };
  records.table('event').add(event, offset, length);
}

function hashesOf(records: Records, element: XmlElement) {
  const hashes: Partial<Record<HashColumn, string>> = {};
  const others: Record<string, string> = {};
  for (const each of childrenOf(element, 'originalFileHash')) {
    const type = (each.attributes.get('hashType') ?? '').toLowerCase().replace(/[^a-z0-9]/g, '');
    const value = each.text.toLowerCase();
    if (!isColumn(type)) {
      others[type === '' ? 'unnamed' : type] = each.text;
    } else if (value.length !== hashDigits[type] || !/^[0-9a-f]+$/.test(value)) {
      records.warn('hash-malformed', 'a hash has not the digits of its algorithm', each.offset, each.length);
      others[`${type} as written`] = each.text;
    } else {
      if (hashes[type] !== undefined && hashes[type] !== value) {
        const text = 'a file states two hashes of one algorithm; the first is taken';
        records.warn('hash-differs', text, each.offset, each.length);
      }
      hashes[type] ??= value;
    }
  }
  if (Object.keys(hashes).length === 0) {
    records.warn('hash-missing', 'a reported file states no hash', element.offset, element.length);
  }
  return { hashes, others };
}

function isColumn(type: string): type is HashColumn {
  return Object.hasOwn(hashDigits, type);
}

/** What the provider says of the file, as canonical JSON. */
function flagsOf(
  element: XmlElement,
  heading: ReportHeading,
  name: string | null,
  hashes: Readonly<Record<string, string>>,
): string {
  const flag = (child: string) => {
    const text = textOf(element, child);
    return text === null ? undefined : isTrue(text);
  };
  const annotations = (childOf(element, 'fileAnnotations')?.children ?? [])
    .filter((child) => isTrue(child.text))
    .map((child) => child.name);
  const details = childrenOf(element, 'details').flatMap((group) =>
    childrenOf(group, 'nameValuePair').map((pair) => [
      group.attributes.get('type') ?? '',
      textOf(pair, 'name') ?? '',
      textOf(pair, 'value') ?? '',
    ]),
  );
  const infos = childrenOf(element, 'additionalInfo').flatMap((child) => child.text || []);
  return canonicalJson({
    additional_info: infos.length === 0 ? undefined : infos,
    annotations: annotations.length === 0 ? undefined : annotations,
    details: details.length === 0 ? undefined : details,
    exif_viewed_by_provider: flag('exifViewedByEsp'),
    hashes,
    industry_classification: textOf(element, 'industryClassification') ?? undefined,
    name: name ?? undefined,
    provenance: 'A provider said',
    publicly_available: flag('publiclyAvailable'),
    relevance: textOf(element, 'fileRelevance') ?? undefined,
    report: heading.number ?? undefined,
    viewed_by_provider: flag('fileViewedByEsp') ?? flag('viewedByEsp'),
  });
}
