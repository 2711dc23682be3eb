/**
 * What an authority does not cover is not there for anybody: each view of records whose exhibit is limited is
 * replaced by one that leaves out what lies outside, and what it was stays readable as `every_<table>` for counting.
 *
 * Dates: a record whose time lies outside is outside; a message or an event whose time the exhibit does not state is
 * outside too, since it cannot be shown to be inside. Accounts, and sightings, files and relations without a time,
 * are limited by people and services only; a file or relation of a message goes with its message.
 */
export interface ScopeRow {
  readonly exhibit: string;
  readonly from: number | null;
  readonly until: number | null;
  readonly services: readonly string[] | null;
  readonly people: readonly string[] | null;
}

/** Tables that a scope limits, in the order in which their views must be replaced. */
export const scopedTables = ['message', 'account', 'sighting', 'event', 'file', 'relation'] as const;
export type ScopedTable = (typeof scopedTables)[number];

export const makeScope = `
create or replace temp table scope as
select unnest(from_json($scopes::json,
  '[{"exhibit":"VARCHAR","from_time":"BIGINT","until_time":"BIGINT","has_services":"BOOLEAN","has_people":"BOOLEAN"}]'),
  recursive := true)`;
export const makeScopeServices = `
create or replace temp table scope_service as
select unnest($exhibits::varchar[]) as exhibit, unnest($services::varchar[]) as service`;
export const makeScopePeople = `
create or replace temp table scope_person as
select unnest($exhibits::varchar[]) as exhibit, unnest($people::varchar[]) as account`;

export function renameForScope(table: string): string {
  return `alter view ${table} rename to every_${table}`;
}

const dated =
  '(s.from_time is null or r.time >= s.from_time) and (s.until_time is null or r.time < s.until_time)';
const undated = '(s.from_time is null and s.until_time is null)';
const inDates = `case when r.time is null then true else ${dated} end`;
const inDatesStrictly = `case when r.time is null then ${undated} else ${dated} end`;

function ofService(service: string): string {
  return `(not s.has_services or exists (
    select 1 from scope_service w where w.exhibit = r.exhibit and w.service = ${service}))`;
}

function ofPeople(accounts: readonly string[], more = 'false'): string {
  const named = accounts.map((account) => `w.account = ${account}`).join(' or ');
  return `(not s.has_people or ${more} or exists (
    select 1 from scope_person w where w.exhibit = r.exhibit and (${named})))`;
}

function withMessage(key: string): string {
  return `(r.${key} is null or not exists (
    select 1 from every_message e where e.exhibit = r.exhibit and e.message = r.${key}
    except select 1 from message m where m.exhibit = r.exhibit and m.message = r.${key}))`;
}

const received = `exists (
  select 1 from every_relation t join scope_person w on w.exhibit = t.exhibit and w.account = t.to_account
  where t.exhibit = r.exhibit and t.object = r.message)`;
const serviceOf = (account: string) => `split_part(${account}, '/', 1)`;

const conditions: Record<ScopedTable, readonly string[]> = {
  message: [inDatesStrictly, ofService('r.service'), ofPeople(['r.sender'], received)],
  account: [ofService('r.service'), ofPeople(['r.account'])],
  sighting: [inDates, ofService(serviceOf('r.account')), ofPeople(['r.account'])],
  event: [inDatesStrictly, ofService('r.service'), ofPeople(['r.account', 'r.target'])],
  file: [
    inDates,
    ofService('r.service'),
    ofPeople(['r.account'], 'r.message is not null'),
    withMessage('message'),
  ],
  relation: [
    inDates,
    ofService(serviceOf('r.from_account')),
    ofPeople(['r.from_account', 'r.to_account'], 'r.object is not null'),
    withMessage('object'),
  ],
};

/** The view of what the authorities cover. */
export function scopedView(table: ScopedTable): string {
  const inside = conditions[table].map((condition) => `(${condition})`).join(' and ');
  return `create view ${table} as
    select r.* from every_${table} r left join scope s on s.exhibit = r.exhibit
    where s.exhibit is null or (${inside})`;
}

/** Records of limited exhibits: read, and inside. */
export function countsOf(table: ScopedTable): string {
  return `select e.exhibit, '${table}' as "table", e.n as read, coalesce(i.n, 0) as inside
    from (select exhibit, count(*) as n from every_${table} where exhibit in (select exhibit from scope) group by exhibit) e
    left join (select exhibit, count(*) as n from ${table} group by exhibit) i on i.exhibit = e.exhibit
    order by e.exhibit`;
}

/** Whether bytes of an exhibit belong to a record outside, and to none inside. */
export const outsidePlace = `
select (select count(*) from (${scopedTables
  .map((table) => placesIn(`every_${table}`))
  .join(' union all ')})) as every, (select count(*) from (${scopedTables
  .map((table) => placesIn(table))
  .join(' union all ')})) as inside`;

function placesIn(view: string): string {
  return `select 1 from ${view} where exhibit = $exhibit and source_path = $path
    and source_offset < $end and source_offset + source_length > $start`;
}

/**
 * Files in exhibits that a provider reported without having looked at them: found by hash, or by name inside the same
 * exhibit. What the provider does not state, it did not look at. A file reported twice, once as looked at, is open.
 */
export const unviewedFiles = `
with reported as (
  select exhibit, json_extract_string(text, '$.viewed_by_provider') = 'true' as viewed,
         lower(json_extract_string(text, '$.hashes.md5')) as md5, lower(json_extract_string(text, '$.hashes.sha1')) as sha1,
         lower(json_extract_string(text, '$.hashes.sha256')) as sha256, json_extract_string(text, '$.name') as name
  from event where action = 'reported file' and text is not null
),
matched as (
  select c.exhibit, c.source_path, coalesce(r.viewed, false) as viewed
  from content c join reported r on r.md5 = lower(c.md5) or r.sha1 = lower(c.sha1) or r.sha256 = lower(c.sha256)
       or (r.exhibit = c.exhibit and r.name is not null and r.name = c.name)
)
select exhibit, source_path from matched group by exhibit, source_path having not bool_or(viewed)
order by exhibit, source_path`;
