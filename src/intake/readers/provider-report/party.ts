import { canonicalJson } from '../../../base/json.ts';
import type { Stamp } from '../../../base/time.ts';
import { type Records, stampColumns } from '../../../evidence/records.ts';
import { canonicalSelector, type SelectorKind } from '../../../evidence/selectors.ts';
import { accountOf } from '../../../evidence/tables.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../xml/tree.ts';
import { isCarrierNat, portOf } from '../carrier-nat.ts';
import { enteredAt } from '../fact-list.ts';

/** Who a party is in a report. */
export type Role = 'reported' | 'intended recipient' | 'victim';

export interface Capture {
  readonly raw: string;
  readonly canonical: string | null;
  readonly port: number | null;
  readonly stamp: Stamp | null;
}

/** A party's account and what the report says of it, as records of one service. */
export class Parties {
  private readonly records: Records;
  private readonly service: string;

  constructor(records: Records, service: string) {
    this.records = records;
    this.service = service;
  }

  /**
   * Tells one party. Its native id is what the provider calls it by: `espIdentifier`, else the screen name;
   * where neither is given, `fallback` names it. Null when the element says nothing of anybody.
   */
  tell(element: XmlElement, role: Role, fallback: string): string | null {
    if (element.children.length === 0) return null;
    const nativeId = textOf(element, 'espIdentifier') ?? textOf(element, 'screenName') ?? fallback;
    const account = accountOf(this.service, nativeId);
    const row = {
      account,
      service: this.service,
      native_id: nativeId,
      handle: textOf(element, 'screenName') ?? textOf(element, 'displayName'),
      kind: 'provider account',
      status: role,
      attributes: attributesOf(element),
    };
    this.records.table('account').add(row, element.offset, element.length);
    this.names(account, element);
    const person = element.children.find((child) => /Person$/.test(child.name));
    this.person(account, person ?? element);
    for (const capture of childrenOf(element, 'ipCaptureEvent')) this.capture(account, capture, null);
    for (const device of childrenOf(element, 'deviceId')) this.device(account, device);
    for (const place of childrenOf(element, 'estimatedLocation')) this.location(account, place);
    return account;
  }

  private names(account: string, element: XmlElement): void {
    for (const each of childrenOf(element, 'screenName')) this.told(account, 'handle', each, 'screen name');
    for (const each of childrenOf(element, 'displayName')) this.told(account, 'handle', each, 'display name');
    for (const each of childrenOf(element, 'profileUrl')) this.told(account, 'url', each, 'profile');
  }

  private person(account: string, person: XmlElement): void {
    const name = [textOf(person, 'firstName'), textOf(person, 'lastName')].filter((part) => part !== null);
    if (name.length > 0)
      this.sighting(account, 'name', name.join(' '), person, 'self-declared', 'subscriber');
    for (const each of childrenOf(person, 'email')) this.told(account, 'email', each, 'subscriber');
    for (const each of childrenOf(person, 'phone')) this.told(account, 'phone', each, 'subscriber');
    for (const each of childrenOf(person, 'dateOfBirth')) this.told(account, 'birthday', each, 'subscriber');
    for (const each of childrenOf(person, 'address')) {
      const parts = each.children.map((part) => part.text).filter((part) => part !== '');
      const raw = parts.length > 0 ? parts.join(', ') : each.text;
      if (raw !== '') this.sighting(account, 'place', raw, each, 'self-declared', 'address');
    }
  }

  /** A value that the provider may have verified, which it then states beside it. */
  private told(account: string, kind: SelectorKind, element: XmlElement, context: string): void {
    if (element.text === '') return;
    const verified = isTrue(element.attributes.get('verified')) || element.attributes.has('verifiedDate');
    const basis = verified ? 'provider-verified' : 'self-declared';
    this.sighting(account, kind, element.text, element, basis, context);
  }

  private sighting(
    account: string,
    selector: SelectorKind,
    raw: string,
    { offset, length }: XmlElement,
    basis: string,
    context: string,
  ): void {
    const canonical = canonicalSelector(selector, raw);
    if (canonical === null) {
      const text = `the ${selector} is none as it stands: kept as written`;
      this.records.warn(`${selector}-malformed`, text, offset, length);
    }
    this.records.table('sighting').add({ account, selector, raw, canonical, basis, context }, offset, length);
  }

  /** An address that the provider saw; `event` names the occasion where the element does not. */
  capture(account: string | null, element: XmlElement, event: string | null): Capture | null {
    const { records } = this;
    const { offset, length } = element;
    const raw = textOf(element, 'ipAddress');
    if (raw === null) {
      records.warn('report-incomplete', 'an address capture states no address', offset, length);
      return null;
    }
    const canonical = canonicalSelector('ip', raw);
    if (canonical === null) {
      records.warn('ip-malformed', 'the ip is none as it stands: kept as written', offset, length);
    }
    const portText = textOf(element, 'port');
    const port = portText === null ? null : portOf(portText);
    if (portText !== null && port === null) {
      records.warn('port-malformed', 'the port is no number of a port', offset, length);
    }
    if (port === null && canonical !== null && isCarrierNat(canonical)) {
      const text = 'an address that a carrier shares among customers stands without its port';
      records.warn('port-missing', text, offset, length);
    }
    const stamp = stampOf(records, element, 'dateTime');
    const occasion = textOf(element, 'eventName') ?? event;
    const proxy = isTrue(textOf(element, 'possibleProxy') ?? undefined) ? 'possible proxy' : null;
    const context = [occasion, proxy].filter((part) => part !== null).join(', ');
    const row = {
      account,
      selector: 'ip',
      raw,
      canonical,
      port,
      ...stampColumns(stamp),
      basis: 'log-derived',
    };
    records.table('sighting').add({ ...row, context: context === '' ? null : context }, offset, length);
    return { raw, canonical, port, stamp };
  }

  private device(account: string, element: XmlElement): void {
    const raw = textOf(element, 'idValue') ?? (element.children.length === 0 ? element.text || null : null);
    if (raw === null) return;
    const type = textOf(element, 'idType');
    const row = {
      account,
      selector: 'device',
      raw,
      canonical: `${type === null ? '' : `${type.toLowerCase()}:`}${raw.toLowerCase()}`,
      ...stampColumns(stampOf(this.records, element, 'dateTime')),
      basis: 'log-derived',
      context: textOf(element, 'eventName') ?? 'device',
    };
    this.records.table('sighting').add(row, element.offset, element.length);
  }

  private location(account: string, element: XmlElement): void {
    const parts = ['city', 'region', 'countryCode'].flatMap((name) => textOf(element, name) ?? []);
    if (parts.length === 0) return;
    const raw = parts.join(', ');
    const row = {
      account,
      selector: 'place',
      raw,
      canonical: canonicalSelector('place', raw),
      ...stampColumns(stampOf(this.records, element, 'timestamp')),
      basis: isTrue(textOf(element, 'verified') ?? undefined) ? 'provider-verified' : 'log-derived',
      context: 'estimated location',
    };
    this.records.table('sighting').add(row, element.offset, element.length);
  }
}

/** The time in a child element; without a zone it stays unresolved, with a warning. */
export function stampOf(records: Records, element: XmlElement | undefined, name: string): Stamp | null {
  const child = childOf(element, name);
  const stamp = child === undefined ? null : enteredAt(child.text);
  if (child !== undefined && stamp !== null && stamp.micros === null) {
    records.warn(
      'time-zone',
      'the time is none with a zone, so it stays unresolved',
      child.offset,
      child.length,
    );
  }
  return stamp;
}

export function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(true|1)$/i.test(text.trim());
}

/** What the provider states of an account besides, as canonical JSON. */
function attributesOf(element: XmlElement): string | null {
  const all = (name: string) => {
    const texts = childrenOf(element, name).flatMap((child) => child.text || []);
    return texts.length === 0 ? undefined : texts;
  };
  const facts = {
    additional_info: all('additionalInfo'),
    earlier_reports: all('priorCTReports'),
    esp_service: textOf(element, 'espService') ?? undefined,
    group: all('groupIdentifier'),
    third_party: all('thirdPartyUserReported'),
    vehicle: all('vehicleDescription'),
  };
  return Object.values(facts).every((value) => value === undefined) ? null : canonicalJson(facts);
}
