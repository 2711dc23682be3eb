/**
 * Children at risk, apart from the ranking of adults: these statements may read who is named beside whom,
 * because a child is put on the list by it and nobody is ranked by it.
 */

/** Accounts that a provider's report names as a victim's, with the account that the report is about. */
export const victimsInReports = `
select a.account, min(pointer_of(a.exhibit, a.source_path, a.source_offset, a.source_length)) as pointer
from account a where a.status = 'victim' and a.kind = 'provider account' and a.account is not null
group by a.account order by a.account`;
export const reportedBesideVictims = `
select to_account as account, from_account as reported,
       min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from relation where relation = 'victim' and to_account is not null and from_account is not null
group by all order by account, reported`;

export const createChildSources = `create table child_source (case_number varchar, account varchar, own boolean,
  basis varchar, text varchar, pointer varchar)`;
export const insertChildSources = `insert into child_source select unnest($case_number), nullif(unnest($account), ''),
  unnest($own)::boolean, unnest($basis), unnest($text), unnest($pointer)`;

export const childSources = `
select case_number, account, own, basis, text, pointer from child_source
order by case_number, own, account, pointer`;
export const linkedAccounts = `
select k.account, k.handle, p.person, q.rank, q.band
from known_account k left join person p on p.account = k.account left join queue q on q.person = p.person
where k.account in (select unnest($accounts)) order by k.account`;

/**
 * Persons whose evidence is counted by kind: those in the queue and those linked to a child. Requests of web logs are
 * those of a session that the service records, and those from the address and in the second of something that the
 * service records of this account and no other: a board keeps sessions for an hour only.
 */
export const makeCompleteness = `
create table completeness as
with shown as (
  select person from queue union
  select p.person from child_source c join person p on p.account = c.account where not c.own
),
member as (select p.person, p.account from person p join shown s on s.person = p.person),
told as (
  select m.person, count(distinct t.message) filter (where t.channel in ('post', 'private message')) as board,
         count(distinct t.message) filter (where t.channel = 'mail') as mail,
         count(distinct t.message) filter (where t.channel = 'chat') as chat
  from message t join member m on m.account = t.sender group by m.person
),
recorded as (
  select s.account, s.canonical as ip, s.time from sighting s
  where s.selector = 'ip' and s.basis = 'log-derived' and s.canonical is not null and s.time is not null
    and s.account is not null
),
alone as (
  select ip, time, min(account) as account from recorded
  where (ip, time) in (select r.ip, r.time from recorded r join member m on m.account = r.account)
  group by ip, time having count(distinct account) = 1
),
request as (
  select m.person, r.exhibit, r.source_path, r.source_offset
  from attributed_request r join member m on m.account = r.account
  union
  select m.person, e.exhibit, e.source_path, e.source_offset
  from alone a join member m on m.account = a.account join event e on e.ip = a.ip and e.time = a.time
  where e.method is not null and e.account is null
),
logged as (select person, count(*) as logs from request group by person),
answer as (
  select e.ip, e.exhibit, e.source_path, e.source_offset,
         case when e.action = 'lease' then (e.text::json ->> 'from_micros')::bigint else e.time end as since,
         case when e.action = 'lease' then (e.text::json ->> 'to_micros')::bigint else e.time end as until
  from event e where e.action in ('lease', 'subscriber at time') and e.ip is not null
),
answered as (
  select m.person, count(distinct (a.exhibit, a.source_path, a.source_offset)) as returns
  from sighting s join member m on m.account = s.account
       join answer a on a.ip = s.canonical and s.time between a.since and a.until
  where s.selector = 'ip' group by m.person
),
placed as (
  select m.person, count(distinct s.raw) as place from sighting s join member m on m.account = s.account
  where s.selector in ('place', 'postcode', 'address', 'region') group by m.person
)
select s.person, coalesce(t.board, 0) as board, coalesce(t.mail, 0) as mail, coalesce(t.chat, 0) as chat,
       coalesce(l.logs, 0) as logs, coalesce(a.returns, 0) as returns, coalesce(p.place, 0) as place,
       (select count(*) from member m where m.person = s.person) as accounts
from shown s left join told t using (person) left join logged l using (person) left join answered a using (person)
     left join placed p using (person)
order by s.person`;
export const completenessOf = `
select person, board, mail, chat, logs, returns, place, accounts from completeness
where person in (select unnest($persons)) order by person`;
