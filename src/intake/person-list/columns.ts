import { parse as parseYaml } from 'yaml';
import { WaymarkError } from '../../base/errors.ts';
import { detectCsv, headRecords } from '../csv.ts';

/** What a column of a person list can say. Columns of no role are kept as attributes of the record. */
export const personRoles = [
  'id',
  'name',
  'given name',
  'surname',
  'birthday',
  'gender',
  'email',
  'phone',
  'handle',
  'key',
  'street',
  'place',
  'postcode',
  'region',
  'occupation',
] as const;
export type PersonRole = (typeof personRoles)[number];

/** A column mapping as given by people: role to the names of its columns, which are joined by a space. */
export type PersonMapping = Readonly<Partial<Record<PersonRole, readonly string[]>>>;

/** The names of a list's columns, or the values of a row. */
export interface Header {
  readonly count: number;
  /** '' for a field that is not there. */
  text(field: number): string;
}

/** Fields of the file by role. */
export type PersonColumns = Readonly<Record<PersonRole, readonly number[]>> & {
  readonly names: readonly string[];
};

/** Names of columns, letters and digits alone, under which lists in use give each role. */
const knownNames: Readonly<Record<PersonRole, RegExp>> = {
  id: /^(id|recid|recordid|uniqueid|rowid|number|no|nr|ref|reference|personnr|customerid|memberid)$/,
  name: /^(name|fullname|personname|displayname|realname)$/,
  'given name': /^(givennames?|firstnames?|forenames?|middlenames?|vornamen?|prenom|fname)$/,
  surname: /^(surnames?|lastnames?|familynames?|nachname|nom|lname)$/,
  birthday: /^(dob|dateofbirth|birthdate|birthday|born|geburtsdatum|birthdt)$/,
  gender: /^(gender|sex|geschlecht)$/,
  email: /^(email|emailaddress|mail|mailaddress|emailid)$/,
  phone: /^(phone|phonenumber|telephone|tel|mobile|mobilephone|cell|cellphone|msisdn|telefon)$/,
  handle: /^(username|user|handle|nick|nickname|login|screenname|accountname)$/,
  key: /^(ssn|socsecid|socialsecuritynumber|nationalid|nin|passport|passportno|taxid|idcard|nhsnumber)$/,
  street:
    /^(address|address\d|addressline\d?|street|streetname|streetnumber|streetaddress|housenumber|road)$/,
  place: /^(place|city|town|suburb|locality|village|birthplace|placeofbirth|residence|ort)$/,
  postcode: /^(postcode|postcodefake|zip|zipcode|postalcode|plz)$/,
  region: /^(state|region|county|province|country)$/,
  occupation: /^(occupation|job|jobtitle|profession|trade|beruf)$/,
};

/** Columns by the names in use. Null when they do not make a list of people. */
export function detectColumns(header: Header): PersonColumns | null {
  const names = headerNames(header);
  const fields = emptyColumns();
  names.forEach((name, field) => {
    const role = personRoles.find((each) => knownNames[each].test(name));
    if (role && (role !== 'id' || fields.id.length === 0)) fields[role].push(field);
  });
  // A full name says what its parts say: both would count the same words twice.
  if (fields.name.length > 0) {
    fields.name.length = 1;
  }
  const columns = { ...fields, names: rawNames(header) };
  return describesPeople(columns) ? columns : null;
}

/** A person is named, or told by two things besides. */
function describesPeople(columns: PersonColumns): boolean {
  const has = (role: PersonRole) => columns[role].length > 0;
  const others = (['birthday', 'email', 'phone', 'key', 'postcode', 'place', 'occupation'] as const).filter(
    has,
  );
  if (has('given name') || has('surname')) return others.length >= 1;
  if (has('name')) return others.length >= 1 && (has('birthday') || others.length >= 2);
  return has('birthday') && others.length >= 2;
}

/** Columns by a given mapping. Null when the header lacks a column that the mapping names. */
export function mappedColumns(header: Header, mapping: PersonMapping): PersonColumns | null {
  const names = headerNames(header);
  const fields = emptyColumns();
  for (const role of personRoles) {
    for (const wanted of mapping[role] ?? []) {
      const field = names.indexOf(bareName(wanted));
      if (field < 0) return null;
      fields[role].push(field);
    }
  }
  return { ...fields, names: rawNames(header) };
}

/**
 * A mapping from its file, YAML or JSON: an object of role to column name, or to a list of them, which are joined by a
 * space (`{"given name": "voornaam", "street": ["straat", "huisnummer"]}`). Throws WaymarkError 'usage' for a
 * role that is not known and for any other shape.
 */
export function parseMapping(text: string): PersonMapping {
  const value = mappingObject(text);
  if (value === null) {
    throw new WaymarkError('usage', 'the column mapping is no object of roles, in JSON or YAML');
  }
  const mapping: Partial<Record<PersonRole, string[]>> = {};
  for (const [role, given] of Object.entries(value)) {
    const list = typeof given === 'string' ? [given] : given;
    if (!isRole(role) || !isStrings(list)) {
      throw new WaymarkError(
        'usage',
        'the column mapping has an unknown role or a value that names no column',
        {
          remedy: `Roles are: ${personRoles.join(', ')}.`,
        },
      );
    }
    mapping[role] = list;
  }
  return mapping;
}

/** How surely the first bytes of a file are a column mapping: some of its keys are roles. */
export function judgeMapping(head: Uint8Array): number {
  const value = mappingObject(Buffer.from(head).toString('utf8'));
  const keys = Object.keys(value ?? {});
  if (!keys.some(isRole)) return 0;
  return keys.every(isRole) ? 0.9 : 0.5;
}

function mappingObject(text: string): Record<string, unknown> | null {
  try {
    // No aliases: a few bytes of them can stand for gigabytes.
    const value: unknown = parseYaml(text, { maxAliasCount: 0, logLevel: 'error' });
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function isRole(text: string): text is PersonRole {
  return (personRoles as readonly string[]).includes(text);
}

/** The first record of a head, for sniffing. */
export function judgePersonList(head: Uint8Array): number {
  let columns: PersonColumns | null = null;
  let rows = 0;
  let fitting = 0;
  for (const record of headRecords(head, detectCsv(head))) {
    if (record.count === 0 && !record.damaged) continue;
    if (columns === null) {
      if (record.damaged) return 0;
      columns = detectColumns(record);
      if (columns === null) return 0;
    } else {
      rows++;
      if (!record.damaged && record.count === columns.names.length) fitting++;
    }
  }
  if (columns === null) return 0;
  return rows === 0 ? 0.3 : fitting >= rows * 0.8 ? 0.8 : 0;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function emptyColumns(): Record<PersonRole, number[]> {
  return Object.fromEntries(personRoles.map((role) => [role, [] as number[]])) as Record<
    PersonRole,
    number[]
  >;
}

function rawNames(header: Header): string[] {
  return Array.from({ length: header.count }, (_, field) => header.text(field).trim());
}

function headerNames(header: Header): string[] {
  return rawNames(header).map(bareName);
}

function bareName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
