/** Files lying in an exhibit that a record names: by the name under which the service stored them. */
export const claimedContent = `
create table claimed_content as
select distinct c.exhibit, c.source_path, c.name, c.sha256
from content c join file f on f.stored_name = c.name
order by all`;

/**
 * Files that an account posted, sent or mailed, with every hash known for them: stated by the record itself or
 * taken from the stored bytes. `report` is the provider's report that a file stands in.
 */
const hashedFiles = `
select f.account, f.service, f.message, f.name, f.time, f.state, r.target as report,
       pointer_of(f.exhibit, f.source_path, f.source_offset, f.source_length) as pointer,
       coalesce(f.md5, c.md5) as md5, coalesce(f.sha1, c.sha1) as sha1, coalesce(f.sha256, c.sha256) as sha256,
       case when c.exhibit is null then null
            else pointer_of(c.exhibit, c.source_path, c.source_offset, c.source_length) end as content_pointer
from file f left join content c on c.name = f.stored_name
     left join (select exhibit, source_path, source_offset, min(target) as target from event
                where action = 'reported file' group by all) r
       on r.exhibit = f.exhibit and r.source_path is not distinct from f.source_path and r.source_offset = f.source_offset
where f.account is not null`;

/** Hashes of no bytes at all: an empty file is nobody's conduct, whatever a list says. */
export const emptyHashes = `('d41d8cd98f00b204e9800998ecf8427e', 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')`;

/**
 * Files of accounts whose hash stands on a supplied list, each act once however many of a file's hashes are
 * listed and however many exhibits hold the message; categories in $notPertinent ('<scheme> <category>') are no
 * listing. `known_good` names a known-good list it stands on as well, which speaks against.
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
         pointer_of(l.exhibit, l.source_path, l.source_offset, l.source_length) as list_pointer,
         coalesce(h.message, h.pointer) || ' ' || coalesce(h.sha256, h.sha1, h.md5) as act
  from hash h join listed_hash l on l.algorithm = h.algorithm and l.value = h.value
  where l.disposition in ('listed', 'known-good') and h.value not in ${emptyHashes}
    and coalesce(upper(l.scheme), '') || ' ' || coalesce(l.category, '') not in (select unnest($notPertinent))
)
select account, min(service) as service, min(pointer) as pointer, min(content_pointer) as content_pointer,
       min(time) as time, min(report) as report,
       list(distinct pointer order by pointer) as pointers,
       min(case when disposition = 'listed' then list end) as list,
       min(case when disposition = 'listed' then coalesce(scheme, '') || ' ' || coalesce(category, '') end) as category,
       min(case when disposition = 'listed' then list_pointer end) as list_pointer,
       min(case when disposition = 'known-good' then list end) as known_good,
       min(case when disposition = 'known-good' then list_pointer end) as known_good_pointer
from hit
group by account, act
having count(*) filter (where disposition = 'listed') > 0
order by account, pointer, act`;

/** Facts that an officer entered about an account, as exhibits hold them. */
export const officerFacts = `
select account, substr(action, 15) as fact, text, time,
       pointer_of(exhibit, source_path, source_offset, source_length) as pointer
from event where action like 'officer fact: %' and account is not null
order by account, pointer`;

/** Accounts that the service itself names as its founder or administrator. */
export const administrators = `
select account, status, pointer from known_account where status = 'founder' order by account`;
