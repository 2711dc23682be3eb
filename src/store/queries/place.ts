/** What bears on where a person is: addresses by day, stated facts, registry tables. */

const at = (row: string) =>
  `pointer_of(${row}.exhibit, ${row}.source_path, ${row}.source_offset, ${row}.source_length)`;

/** Ranges of registry tables that state their day. */
export const registryRanges = `
select registry, snapshot, family, country, first, last, status, holder, ${at('registry_range')} as pointer
from registry_range where snapshot is not null and registry is not null
order by registry, snapshot, pointer`;

/**
 * Addresses that accounts used, by month: a bit for each day of the month, and the first place it stands. Months count
 * from January of the year 0.
 */
export const linesUsed = `
select p.person, s.account, s.canonical as ip, month, bit_or(1 << (day - 1)) as days,
       min(time) as first_time, max(time) as last_time, arg_min(pointer, (time, pointer)) as pointer
from (
  select account, canonical, time, ${at('sighting')} as pointer,
         year(make_timestamp(time)) * 12 + month(make_timestamp(time)) - 1 as month, day(make_timestamp(time)) as day
  from sighting
  where selector = 'ip' and canonical is not null and not contains(canonical, '/') and time is not null
    and basis = 'log-derived' and context not in ('asked time', 'lease') and account is not null
) s join person p on p.account = s.account
group by 1, 2, 3, 4
order by 1, 2, 4, 3`;

/** Numbers, places and addresses that an account states or its provider has verified, once each. */
export const statedForPlace = `
select p.person, s.account, s.selector, s.raw, s.canonical, s.basis, s.context, min(${at('s')}) as pointer
from sighting s join person p on p.account = s.account
where s.selector in ('phone', 'place', 'email') and s.basis in ('self-declared', 'provider-verified')
  and s.context not in ('to', 'cc', 'bcc', 'from') and s.raw is not null
group by 1, 2, 3, 4, 5, 6, 7
order by 1, 2, 3, 4, 5, 6, 7`;

/** Mail addresses are accounts of their own: the domain stands in their number. */
export const accountsForPlace = `
select p.person, k.account, k.service, k.native_id, k.kind, k.attributes, k.pointer
from person p join known_account k on k.account = p.account order by p.person, k.account`;

/**
 * Subscribers whose provider says that they had an address at the second at which an account used it, or for a
 * span in which it did. Parameter: $seconds.
 */
export const subscribersOfAccounts = `
with answer as (
  select account as subscriber, ip, action, time,
         try_cast(regexp_extract(text, '"to_micros":(\\d+)', 1) as bigint) as until, ${at('event')} as pointer
  from event where action in ('lease', 'subscriber at time') and time is not null and ip is not null and account is not null
),
used as (
  select p.person, s.account, s.canonical as ip, s.time, ${at('s')} as pointer
  from sighting s join person p on p.account = s.account
  where s.selector = 'ip' and s.time is not null and s.basis = 'log-derived'
    and s.context not in ('asked time', 'lease') and s.canonical in (select ip from answer)
)
select u.person, a.subscriber, min(u.account) as account, count(*) as times, min(u.time) as first_time,
       max(u.time) as last_time, min(u.pointer) as pointer, min(a.pointer) as answer_pointer
from used u join answer a on a.ip = u.ip
where case a.action when 'lease' then u.time >= a.time and (a.until is not null and u.time < a.until)
      else abs(u.time - a.time) <= $seconds * 1e6 end
group by 1, 2 order by 1, 2`;

export const createPlaceEvidence = `create table place_evidence (person varchar, kind varchar, country varchar,
  score double, text varchar, account varchar, against varchar, first_time bigint, last_time bigint, pointers varchar,
  row bigint)`;

export const insertPlaceEvidence = `insert into place_evidence select unnest($person), unnest($kind),
  nullif(unnest($country), ''), unnest($score)::double, unnest($text), unnest($account), unnest($against),
  nullif(unnest($first), '')::bigint, nullif(unnest($last), '')::bigint, unnest($pointers), unnest($row)::bigint`;

export const createJurisdictions = `create table jurisdiction (person varchar, standing bigint, country varchar,
  score double, share double, likely boolean, why varchar, reasons varchar)`;

export const insertJurisdictions = `insert into jurisdiction select unnest($person), unnest($standing)::bigint,
  nullif(unnest($country), ''), unnest($score)::double, unnest($share)::double, unnest($likely) = 'yes', unnest($why),
  unnest($reasons)`;

export const personPlaces = `
select standing, country, score, share, likely, why, reasons from jurisdiction where person = $person order by standing`;

/** Parameter: $most rows. */
export const personPlaceEvidence = `
select kind, country, score, text, account, against, first_time, last_time, pointers, count(*) over () as total
from place_evidence where person = $person order by score desc, row limit $most`;

export const jurisdictionCounts = `
select case when j.likely then j.country end as country, count(*) as persons, count(q.person) as queued
from jurisdiction j left join queue q on q.person = j.person
where j.standing = 1 group by 1 order by persons desc, country`;

/** Persons of a likely country; $country '' for those of none. */
export const personsOfCountry = `
with handles as (
  select p.person, list(k.handle order by p.account) filter (where k.handle is not null) as handles
  from person p join known_account k on k.account = p.account group by p.person
)
select j.person, coalesce(h.handles, []) as handles, q.rank, j.country, j.score, j.share,
       s.country as second, coalesce(s.share, 0) as second_share
from jurisdiction j left join handles h on h.person = j.person left join queue q on q.person = j.person
     left join jurisdiction s on s.person = j.person and s.standing = 2
where j.standing = 1 and case when $country = '' then not j.likely else j.likely and j.country = $country end
order by q.rank nulls last, j.person limit $limit offset $offset`;

/** The likely country of every person that has one, and all candidates, for measuring. */
export const allJurisdictions = `
select person, standing, country, score, share, likely from jurisdiction order by person, standing`;

export const exportJurisdictions = `
select person as person_id, standing, country, round(score, 3) as score, round(share, 3) as share,
       likely as stated, why, reasons
from jurisdiction order by person, standing`;
