/** Files lying in an exhibit that a record names: by the name under which the service stored them. */
export const claimedContent = `
create table claimed_content as
select distinct c.exhibit, c.source_path, c.name, c.sha256
from content c join file f on f.stored_name = c.name
order by all`;

/**
 * Files that an account posted or sent, with every hash known for them: stated by the record itself or taken
 * from the stored bytes.
 */
const hashedFiles = `
select f.account, f.message, f.name, f.time, f.state,
       pointer_of(f.exhibit, f.source_path, f.source_offset, f.source_length) as pointer,
       coalesce(f.md5, c.md5) as md5, coalesce(f.sha1, c.sha1) as sha1, coalesce(f.sha256, c.sha256) as sha256,
       case when c.exhibit is null then null
            else pointer_of(c.exhibit, c.source_path, c.source_offset, c.source_length) end as content_pointer
from file f left join content c on c.name = f.stored_name
where f.account is not null`;

/**
 * Files of accounts whose hash stands on a supplied list, each file once however many of its hashes are
 * listed; categories in $notPertinent ('<scheme> <category>') are no listing. `known_good` counts the known-good lists it stands on as well, which speaks against.
 */
export const listedFiles = `
with hashed as (${hashedFiles}),
hash as (
  select *, 'md5' as algorithm, md5 as value from hashed where md5 is not null
  union all select *, 'sha1', sha1 from hashed where sha1 is not null
  union all select *, 'sha256', sha256 from hashed where sha256 is not null
),
hit as (
  select h.*, l.disposition, l.list, l.scheme, l.category,
         pointer_of(l.exhibit, l.source_path, l.source_offset, l.source_length) as list_pointer
  from hash h join listed_hash l on l.algorithm = h.algorithm and l.value = h.value
  where l.disposition in ('listed', 'known-good')
    and coalesce(upper(l.scheme), '') || ' ' || coalesce(l.category, '') not in (select unnest($notPertinent))
)
select account, pointer, any_value(content_pointer) as content_pointer, min(time) as time, any_value(name) as name,
       min(case when disposition = 'listed' then list end) as list,
       min(case when disposition = 'listed' then coalesce(scheme, '') || ' ' || coalesce(category, '') end) as category,
       min(case when disposition = 'listed' then list_pointer end) as list_pointer,
       min(case when disposition = 'known-good' then list end) as known_good,
       min(case when disposition = 'known-good' then list_pointer end) as known_good_pointer
from hit
group by account, pointer
having count(*) filter (where disposition = 'listed') > 0
order by account, pointer`;

/** Facts that an officer entered about an account, as exhibits hold them. */
export const officerFacts = `
select account, substr(action, 15) as fact, text, time,
       pointer_of(exhibit, source_path, source_offset, source_length) as pointer
from event where action like 'officer fact: %' and account is not null
order by account, pointer`;

/** Accounts that the service itself names as its founder or administrator. */
export const administrators = `
select account, status, pointer from known_account where status = 'founder' order by account`;

export const createIndicators = `create table indicator (account varchar, indicator varchar, text varchar,
  pointer varchar, more_pointers varchar, against varchar, time bigint)`;
export const insertIndicators = `insert into indicator select unnest($account), unnest($indicator), unnest($text),
  unnest($pointer), unnest($more), nullif(unnest($against), ''), nullif(unnest($time), '')::bigint`;

export const indicatorsByPerson = `
select p.person, i.account, i.indicator, i.text, i.pointer, i.more_pointers, i.against, i.time
from indicator i join person p on p.account = i.account
order by p.person, i.indicator, i.account, i.pointer`;

export const createQueue = `create table queue (rank bigint, person varchar, band varchar, accounts varchar, reasons varchar)`;
export const insertQueue = `insert into queue select unnest($rank)::bigint, unnest($person), unnest($band),
  unnest($accounts), unnest($reasons)`;
export const accountsOfPersons = `
select p.person, p.account, k.handle from person p join known_account k on k.account = p.account
where p.person in (select unnest($persons)) order by p.person, p.account`;
