import { emptyHashes } from './files.ts';

/**
 * Every record of a file once, with each hash known for it (stated, or of the stored bytes that bear its name) and the
 * lists it stands on. `standing`: 'listed', 'known-good', 'both', 'on no list', 'no hash'. Where several stored files bear
 * one name, the one with the least SHA-256 stands for them.
 */
const standings = `
with stored as (
  select name, min(sha256) as sha256, arg_min(md5, coalesce(sha256, '')) as md5, arg_min(sha1, coalesce(sha256, '')) as sha1,
         arg_min(pointer_of(exhibit, source_path, source_offset, source_length), coalesce(sha256, '')) as pointer
  from content where name is not null group by name
),
record as (
  select row_number() over (order by f.exhibit, f.source_path, f.source_offset, f.account, f.name, f.sha256, f.md5) as nr,
         f.account, f.service, f.name, f.stored_name, f.media_type, f.size, f.time, f.time_text, f.time_zone, f.state,
         coalesce(f.md5, s.md5) as md5, coalesce(f.sha1, s.sha1) as sha1, coalesce(f.sha256, s.sha256) as sha256,
         pointer_of(f.exhibit, f.source_path, f.source_offset, f.source_length) as pointer, s.pointer as content_pointer
  from file f left join stored s on s.name = f.stored_name
),
hash as (
  select nr, 'md5' as algorithm, md5 as value from record where md5 is not null
  union all select nr, 'sha1', sha1 from record where sha1 is not null
  union all select nr, 'sha256', sha256 from record where sha256 is not null
),
mark as (
  select h.nr,
         min(l.list) filter (where l.disposition = 'listed') as list,
         min(concat_ws(' ', l.scheme, l.category)) filter (where l.disposition = 'listed') as category,
         min(pointer_of(l.exhibit, l.source_path, l.source_offset, l.source_length))
           filter (where l.disposition = 'listed') as list_pointer,
         min(l.list) filter (where l.disposition = 'known-good') as known_good,
         min(pointer_of(l.exhibit, l.source_path, l.source_offset, l.source_length))
           filter (where l.disposition = 'known-good') as known_good_pointer
  from hash h join listed_hash l on l.algorithm = h.algorithm and l.value = h.value
  where h.value not in ${emptyHashes}
  group by h.nr
),
standing as (
  select r.*, m.list, m.category, m.list_pointer, m.known_good, m.known_good_pointer,
         case when m.list is not null and m.known_good is not null then 'both'
              when m.list is not null then 'listed'
              when m.known_good is not null then 'known-good'
              when coalesce(r.md5, r.sha1, r.sha256) is null then 'no hash'
              else 'on no list' end as standing
  from record r left join mark m using (nr)
)`;

/** How many records of files have each standing. */
export const fileStandings = `${standings}
select standing, count(*) as files, count(distinct coalesce(sha256, sha1, md5)) as hashes, count(distinct account) as accounts
from standing group by standing order by standing`;

/** How many by the type that the source states. */
export const fileKinds = `${standings}
select media_type, count(*) as files from standing where $standing = '' or standing = $standing
group by media_type order by files desc, media_type limit 50`;

/** Lists with how many records of files stand on each. */
export const fileLists = `
${standings}
select l.list, l.disposition, count(distinct h.nr) as files, count(distinct l.value) as matched
from hash h join listed_hash l on l.algorithm = h.algorithm and l.value = h.value
where h.value not in ${emptyHashes}
group by l.list, l.disposition order by files desc, l.list, l.disposition`;

/** A page of the records of files with a standing ('' for any), those on lists first. */
export const filesPage = `${standings}
select s.* exclude (nr), k.handle, p.person
from standing s left join known_account k on k.account = s.account left join person p on p.account = s.account
where $standing = '' or s.standing = $standing
order by case s.standing when 'listed' then 0 when 'both' then 1 when 'known-good' then 2 when 'on no list' then 3 else 4 end,
         s.nr
limit $limit offset $offset`;
