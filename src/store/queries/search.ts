/** Where and when something was seen first; places without a time come last. */
const firstPlace = `min({'known': coalesce(time, 9007199254740991), 'source_path': source_path, 'source_offset': source_offset,
  'source_length': source_length, 'time': time, 'time_text': time_text, 'time_zone': time_zone})`;
const firstPlaceWithoutTime = `min({'known': 9007199254740991, 'source_path': source_path, 'source_offset': source_offset,
  'source_length': source_length, 'time': null::bigint, 'time_text': null::varchar, 'time_zone': null::varchar})`;

/**
 * What is searched, one row for each document, in the order of time (those without one last) and place: every
 * message; every name, selector and file name once for each account and exhibit, at its first place.
 */
export const searchDocuments = `
with named as (
  select exhibit, account, selector, raw, time, time_text, time_zone, source_path, source_offset, source_length
  from sighting where selector in ('name', 'handle') and raw is not null
  union all
  select exhibit, account, 'handle', handle, time, time_text, time_zone, source_path, source_offset, source_length
  from account where handle is not null
  union all
  select exhibit, sender, 'sender name', sender_name, time, time_text, time_zone, source_path, source_offset, source_length
  from message where sender_name is not null
),
labelled as (
  select 'name' as kind, exhibit, account, raw as label, null as canonical, null as channel, min(selector) as selector,
         count(*) as times,
         ${firstPlace} as place
  from named group by exhibit, account, raw
  union all
  select 'selector', exhibit, account, raw, canonical, null, selector, count(*),
         ${firstPlace}
  from sighting where selector not in ('name', 'handle') and raw is not null group by exhibit, account, selector, raw, canonical
  union all
  select 'file', exhibit, account, concat_ws(' ', name, case when stored_name <> name then stored_name end), null, null, null,
         count(*),
         ${firstPlace}
  from file where coalesce(name, stored_name) is not null group by exhibit, account, name, stored_name
  union all
  select 'file', exhibit, null, name, null, null, null, count(*),
         ${firstPlaceWithoutTime}
  from content where name is not null and name <> '' group by exhibit, name
)
select kind, selector, exhibit, source_path, source_offset, source_length, service, account, channel, time, time_text,
       time_zone, subject, body, body_format, label, canonical, times
from (
  select 'message' as kind, null as selector, exhibit, source_path, source_offset, source_length, service,
         sender as account, channel, time, time_text, time_zone, subject, body, body_format, null as label,
         null as canonical, 1 as times
  from message
  union all
  select kind, selector, exhibit, place.source_path, place.source_offset, place.source_length, case when account is not null then split_part(account, '/', 1) end,
         account, channel, place.time, place.time_text, place.time_zone, null, null, null, label, canonical, times
  from labelled
)
order by time nulls last, exhibit, source_path, source_offset, kind, selector, account, label, canonical, source_length, subject, body`;

export const searchDocumentCount = `
select (select count(*) from message) + (select count(distinct (exhibit, account, selector, raw)) from sighting) as documents`;

/** The handle that an exhibit states for an account; the first in the order of the alphabet where there are more. */
export const accountHandles = `
select account, min(handle) as handle from account where handle is not null group by account order by account`;

/** Persons of accounts, for a page of hits. */
export const personsOfAccounts = `
select account, person from person where account in (select unnest($accounts)) order by account`;

/** Where each account's person most likely lives, as the generation says; accounts of whom it says nothing are left out. */
export const countriesOfAccounts = `
select p.account, j.country from person p join jurisdiction j on j.person = p.person
where j.standing = 1 and j.likely and j.country is not null order by p.account`;

/** The text of one message, for a deliberate look. */
export const messageText = `
select subject, body, body_format from message
where exhibit = $exhibit and source_path = $path and source_offset = $offset and source_length = $length`;

/**
 * A list of selectors ($line, $kind and $value side by side) against all that is known: sightings, requests of logs,
 * files and hash lists, in one pass.
 */
const listedHits = `
with wanted as (select unnest($line)::bigint as line, unnest($kind) as kind, unnest($value) as value),
stored as (
  select account, time, md5, sha1, sha256, exhibit, source_path, source_offset, source_length from file
  union all
  select null, null, md5, sha1, sha256, exhibit, source_path, source_offset, source_length from content
),
digest as (
  select *, 'md5' as algorithm, lower(md5) as value from stored where md5 is not null
  union all select *, 'sha1', lower(sha1) from stored where sha1 is not null
  union all select *, 'sha256', lower(sha256) from stored where sha256 is not null
),
hit as (
  select w.line, 'sighting' as place, s.selector, s.account, s.time,
         pointer_of(s.exhibit, s.source_path, s.source_offset, s.source_length) as pointer
  from wanted w join sighting s on s.selector = w.kind and s.canonical = w.value
  union all
  select w.line, 'request', 'ip', e.account, e.time,
         pointer_of(e.exhibit, e.source_path, e.source_offset, e.source_length)
  from (select * from wanted where kind = 'ip') w join event e on e.ip = w.value
  union all
  select w.line, 'file', d.algorithm, d.account, d.time,
         pointer_of(d.exhibit, d.source_path, d.source_offset, d.source_length)
  from wanted w join digest d on d.algorithm = w.kind and d.value = w.value
  union all
  select w.line, 'listed hash', l.algorithm, null, null,
         pointer_of(l.exhibit, l.source_path, l.source_offset, l.source_length)
  from wanted w join listed_hash l on l.algorithm = w.kind and lower(l.value) = w.value
)`;

export const selectorListCounts = `${listedHits}
select line, place, selector, count(*) as hits, count(distinct coalesce(account, '')) as accounts
from hit group by line, place, selector order by line, place, selector`;

export const selectorListAccounts = `${listedHits}
select h.line, h.place, h.selector, h.account, count(*) as hits, min(h.time) as first_time, max(h.time) as last_time,
       min(h.pointer) as pointer
from hit h group by h.line, h.place, h.selector, h.account
qualify row_number() over (partition by h.line order by count(*) desc, h.place, h.selector, h.account nulls last) <= $most::bigint
order by h.line, hits desc, h.place, h.selector, h.account nulls last`;
