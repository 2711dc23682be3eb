/**
 * What a role may not know is not there for it: every view is replaced by one without the rows that are about
 * withheld accounts or stand in withheld exhibits and records, and texts that quote them are masked. What was there
 * stays as `whole_<view>`, for counting.
 */
export const makeWithheld = [
  'create or replace temp table withheld_exhibit as select unnest($exhibits::varchar[]) as exhibit',
  'create or replace temp table withheld_pointer as select unnest($pointers::varchar[]) as pointer',
  'create or replace temp table withheld_account as select distinct unnest($accounts::varchar[]) as account',
] as const;

/** Accounts that records name as a child's own are withheld like those that a human put into the category. */
export const withholdChildren = `
insert into withheld_account
select distinct account from child_source where own and account is not null
  and account not in (select account from withheld_account)`;

/** All accounts of a person go together. */
export const withholdPersons = `
create or replace temp table withheld_person as
select distinct person from person where account in (select account from withheld_account)`;
export const withholdTheirAccounts = `
insert into withheld_account
select account from person where person in (select person from withheld_person)
  and account not in (select account from withheld_account)`;
export const noPersons = 'create or replace temp table withheld_person (person varchar)';

/** A message is withheld with its sender and with each who received it. */
export const withholdMessages = `
create or replace temp table withheld_message as
select distinct message from (
  select message from message where sender in (select account from withheld_account)
  union all
  select object from relation where to_account in (select account from withheld_account)
) where message is not null`;

export const withheldAccounts = `
select w.account, k.handle from withheld_account w left join whole_known_account k on k.account = w.account order by w.account`;
export const bareWithheldAccounts = 'select account, null as handle from withheld_account order by account';
export const withheldPersons = 'select person from withheld_person order by person';

/** Views and their columns. */
export const viewColumns = `
select c.table_name as view, c.column_name as name, c.data_type as type
from information_schema.columns c
join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
where t.table_type = 'VIEW' and t.table_schema = 'main' and not starts_with(c.table_name, 'every_')
order by c.table_name, c.ordinal_position`;

export interface ViewColumn {
  readonly view: string;
  readonly name: string;
  readonly type: string;
}

const accountColumns = new Set([
  'account',
  'account_a',
  'account_b',
  'from_account',
  'to_account',
  'other_account',
  'from_other_account',
  'to_other_account',
  'sender',
  'target',
]);
const personColumns = new Set(['person', 'from_person', 'to_person']);
/** Texts of derived tables that quote other accounts and places. */
const quotingColumns = new Set([
  'accounts',
  'against',
  'chain',
  'evidence',
  'more_pointers',
  'persons',
  'pointers',
  'reasons',
  'reasons_against',
  'reasons_for',
  'text',
  'times',
  'why',
]);

export function renameWhole(view: string): string {
  return `alter view ${view} rename to whole_${view}`;
}

/** The view without what is withheld. `patterns`: what is masked in texts that quote. */
export function keptView(view: string, columns: readonly ViewColumn[], patterns: readonly string[]): string {
  const names = new Set(columns.map(({ name }) => name));
  const lies = columns.flatMap(({ name }) => {
    if (accountColumns.has(name)) return [`${name} in (select account from withheld_account)`];
    if (personColumns.has(name)) return [`${name} in (select person from withheld_person)`];
    if (name === 'exhibit') return ['exhibit in (select exhibit from withheld_exhibit)'];
    if (name === 'message' || name === 'object') return [`${name} in (select message from withheld_message)`];
    if (name === 'pointer') {
      return [
        'left(pointer, 16) in (select exhibit from withheld_exhibit)',
        'pointer in (select pointer from withheld_pointer)',
      ];
    }
    return [];
  });
  if (names.has('source_path') && names.has('source_offset')) {
    lies.push(
      'pointer_of(exhibit, source_path, source_offset, source_length) in (select pointer from withheld_pointer)',
    );
  }
  const quoting = columns.filter(({ name, type }) => quotingColumns.has(name) && type === 'VARCHAR');
  const masked = quoting.map(({ name }) => `${maskOf(name, patterns)} as ${name}`);
  const shown = masked.length > 0 && patterns.length > 0 ? `* replace (${masked.join(', ')})` : '*';
  const kept = lies.map((condition) => `not coalesce(${condition}, false)`).join(' and ') || 'true';
  return `create view ${view} as select ${shown} from whole_${view} where ${kept}`;
}

function maskOf(column: string, patterns: readonly string[]): string {
  return patterns.reduce(
    (text, pattern) => `regexp_replace(${text}, '${pattern.replaceAll("'", "''")}', '(withheld)', 'g')`,
    column,
  );
}

/** How many rows of a view are withheld. */
export function withheldRows(view: string): string {
  return `select (select count(*) from whole_${view}) - (select count(*) from ${view}) as n`;
}

export const withheldPersonCount = 'select count(*) as n from withheld_person';

const placed = ['account', 'sighting', 'event', 'message', 'file', 'relation'] as const;

/** Records at a place: all of them, and those that are shown. */
export const recordsAtPlace = `
select (select count(*) from (${placed.map((table) => placesIn(`whole_${table}`)).join(' union all ')})) as whole,
       (select count(*) from (${placed.map((table) => placesIn(table)).join(' union all ')})) as shown`;

function placesIn(view: string): string {
  return `select 1 from ${view} where exhibit = $exhibit and source_path = $path
    and source_offset < $end and source_offset + source_length > $start`;
}
