import { canonicalJson } from '../../../base/json.ts';
import { type Records, stampColumns } from '../../../evidence/records.ts';
import { canonicalDomain, canonicalEmail } from '../../../evidence/selectors.ts';
import { childOf, childrenOf, type TreeVisitor, textOf, type XmlElement } from '../../xml/tree.ts';
import { isTrue, Parties, stampOf } from './party.ts';
import { addReportedFile, type ReportHeading } from './reported-files.ts';

/** Files that stand before their report; beyond this they are told without one. */
const maxHeldFiles = 1000;

/** Reports that files may name by number. */
const maxNumbers = 200_000;

const envelopeNumbers = ['number', 'reportNumber', 'reportId', 'id'];

/** What a report may hold by the reporting interface; anything else is warned of and left out. */
const knownParts = new Set([
  'reportId',
  'reportNumber',
  'incidentSummary',
  'internetDetails',
  'lawEnforcement',
  'reporter',
  'personOrUserReported',
  'intendedRecipient',
  'victim',
  'additionalInfo',
  'reportAnnotations',
  'fileDetails',
  'report',
]);

/** Turns the reports of one file into records, one at a time. */
export class Reports implements TreeVisitor {
  private readonly records: Records;
  /** Numbers that the open elements around the reports give, innermost last. */
  private readonly numbers: (string | null)[] = [];
  private last: ReportHeading | null = null;
  private readonly byNumber = new Map<string, ReportHeading>();
  private held: XmlElement[] = [];
  /** Reports in the envelope that is open. */
  private inEnvelope = 0;

  constructor(records: Records) {
    this.records = records;
  }

  wants(name: string, attributes: ReadonlyMap<string, string>): boolean {
    if (name === 'report' || name === 'fileDetails') return true;
    const key = envelopeNumbers.find((each) => attributes.has(each));
    this.numbers.push(key === undefined ? null : attributes.get(key)!.trim() || null);
    return false;
  }

  close(name: string, text: string): void {
    this.numbers.pop();
    if ((name === 'reportNumber' || name === 'reportId') && text !== '' && this.numbers.length > 0) {
      this.numbers[this.numbers.length - 1] = text;
    }
    if (this.numbers.length === 0) this.finish();
  }

  warn(code: string, text: string, offset: number, length: number): void {
    this.records.warn(code, text, offset, length);
  }

  tree(element: XmlElement): void {
    if (element.name === 'report') this.report(element);
    else this.place(element);
  }

  /** The end of an envelope or of the file: what still waits for its report gets the only one, or none. */
  finish(): void {
    for (const element of this.held.splice(0)) {
      const only = this.inEnvelope === 1 ? this.last : null;
      if (only === null) {
        const text = 'a file stands in no report: whose it is is not known';
        this.records.warn('report-missing', text, element.offset, element.length);
      } else {
        const text = 'a file states another report number than the only report beside it';
        this.records.warn('report-number', text, element.offset, element.length);
      }
      this.file(element, only ?? { service: 'provider', number: null, account: null });
    }
    this.last = null;
    this.inEnvelope = 0;
  }

  /** Gives a file to the report whose number it states, else to the one before it; else it waits. */
  private place(element: XmlElement): void {
    const stated = textOf(element, 'reportId');
    const before = stated === null || this.last?.number === null ? this.last : null;
    const heading = (stated === null ? undefined : this.byNumber.get(stated)) ?? before;
    if (heading !== null) this.file(element, heading);
    else this.held.push(element);
    if (this.held.length > maxHeldFiles) this.finish();
  }

  private file(element: XmlElement, heading: ReportHeading): void {
    addReportedFile(this.records, element, heading);
    this.records.read('files');
  }

  private report(element: XmlElement): void {
    const { records } = this;
    const { offset, length } = element;
    const inner = childrenOf(element, 'report');
    for (const each of inner) this.report(each);
    const reported = childOf(element, 'personOrUserReported');
    const incident = childOf(element, 'incidentSummary');
    if (inner.length > 0 && !reported && !incident) return;
    if (!reported && !incident) {
      records.skip('reports', 'no incident and nobody reported');
      records.warn('report-incomplete', 'the report names no incident and nobody', offset, length);
      return;
    }
    for (const child of element.children) {
      if (knownParts.has(child.name)) continue;
      records.warn(
        'report-part',
        'a part of the report is not known and was left out',
        child.offset,
        child.length,
      );
    }
    const service = serviceOf(element);
    const number = this.numberOf(element);
    const fallback = number === null ? `report at ${offset}` : `report ${number}`;
    const parties = new Parties(records, service);
    const account = reported ? parties.tell(reported, 'reported', fallback) : null;
    if (account === null) records.warn('report-nobody', 'the report names nobody', offset, length);
    this.event(element, service, account, number);
    this.others(element, parties, account, fallback);
    records.read('reports');
    this.last = { service, number, account };
    this.inEnvelope++;
    if (number !== null && this.byNumber.size < maxNumbers) this.byNumber.set(number, this.last);
    for (const each of childrenOf(element, 'fileDetails')) this.file(each, this.last);
    for (const each of this.held.splice(0)) this.place(each);
  }

  private numberOf(element: XmlElement): string | null {
    const own = textOf(element, 'reportId') ?? textOf(element, 'reportNumber');
    if (own !== null) return own;
    const key = envelopeNumbers.find((each) => element.attributes.get(each)?.trim());
    return key !== undefined
      ? element.attributes.get(key)!.trim()
      : (this.numbers.findLast((n) => n !== null) ?? null);
  }

  private event(element: XmlElement, service: string, account: string | null, number: string | null): void {
    const incident = childOf(element, 'incidentSummary');
    const details = childrenOf(element, 'internetDetails');
    const urls = details.flatMap((detail) => textsNamed(detail, 'url'));
    const reporter = childOf(element, 'reporter');
    const escalated = textOf(incident, 'escalateToHighPriority');
    const text = canonicalJson({
      additional_info: filled([
        ...childrenOf(element, 'additionalInfo').map((each) => each.text),
        ...details.flatMap((detail) => textsNamed(detail, 'additionalInfo')),
      ]),
      annotations: filled(
        (childOf(element, 'reportAnnotations')?.children ?? [])
          .filter((each) => isTrue(each.text))
          .map((each) => each.name),
      ),
      escalated: escalated ?? undefined,
      esp_service: textOf(childOf(element, 'personOrUserReported'), 'espService') ?? undefined,
      incident_kind: filled(details.flatMap((detail) => detail.children.map((each) => each.name))),
      incident_type: textOf(incident, 'incidentType') ?? undefined,
      law_enforcement: filled(textsWithin(childOf(element, 'lawEnforcement'))),
      provenance: 'A provider said',
      report: number ?? undefined,
      reporter: textOf(childOf(reporter, 'reportingPerson'), 'email') ?? undefined,
      time_means: textOf(incident, 'incidentDateTimeDescription') ?? undefined,
      urls: filled(urls),
    });
    const row = {
      service,
      action: 'provider report',
      account,
      target: number === null ? null : `report ${number}`,
      ...stampColumns(stampOf(this.records, incident, 'incidentDateTime')),
      url: urls[0],
      text,
    };
    this.records.table('event').add(row, element.offset, element.length);
  }

  /** Those whom the report names besides; they are never the reported. */
  private others(element: XmlElement, parties: Parties, reported: string | null, fallback: string): void {
    for (const role of ['intended recipient', 'victim'] as const) {
      const children = childrenOf(element, role === 'victim' ? 'victim' : 'intendedRecipient');
      children.forEach((child, index) => {
        const account = parties.tell(child, role, `${fallback} ${role} ${index + 1}`);
        if (account === null || reported === null) return;
        const row = { relation: role, from_account: reported, to_account: account };
        this.records.table('relation').add(row, child.offset, child.length);
      });
    }
  }
}

/**
 * The provider as a service: the domain that its desk writes from, else the name of the service it states.
 * The name is free text and differs between products of one provider, so the domain goes first.
 */
function serviceOf(report: XmlElement): string {
  const reporter = childOf(report, 'reporter');
  for (const person of ['reportingPerson', 'contactPerson']) {
    const email = canonicalEmail(textOf(childOf(reporter, person), 'email') ?? '');
    if (email !== null) return email.slice(email.indexOf('@') + 1);
  }
  const stated = textOf(childOf(report, 'personOrUserReported'), 'espService');
  if (stated === null) return 'provider';
  return canonicalDomain(stated) ?? stated.toLowerCase().replace(/\s+/g, ' ').replaceAll('/', '_');
}

function filled(texts: readonly string[]): readonly string[] | undefined {
  const kept = texts.filter((text) => text !== '');
  return kept.length === 0 ? undefined : kept;
}

function textsNamed(element: XmlElement, name: string): string[] {
  const own = element.name === name && element.text !== '' ? [element.text] : [];
  return [...own, ...element.children.flatMap((child) => textsNamed(child, name))];
}

function textsWithin(element: XmlElement | undefined): string[] {
  if (element === undefined) return [];
  return [element.text, ...element.children.flatMap(textsWithin)];
}
