/** What stands side by side when a human judges whether two accounts are one person. */
export const accountsOfPairs = `
select k.account, k.service, k.native_id, k.handle, k.kind, k.status, k.time, k.time_text, k.time_zone, k.pointer, p.person
from known_account k join person p on p.account = k.account
where k.account in (select unnest($accounts)) order by k.account`;

/** Each selector of these accounts once with how often it was seen, and how many others of them there are. */
export const selectorsOfPairs = `
with seen as (
  select s.account, s.selector, s.canonical, min(s.raw) as raw, min(s.basis) as basis, count(*) as times,
         min(s.time) as first_time, max(s.time) as last_time,
         min(pointer_of(s.exhibit, s.source_path, s.source_offset, s.source_length)) as pointer
  from sighting s where s.account in (select unnest($accounts))
  group by s.account, s.selector, s.canonical)
select *, total - $each as more from (
  select *, row_number() over (partition by account order by selector = 'ip', times desc, selector, canonical) as place,
         count(*) over (partition by account) as total
  from seen)
where place <= $each order by account, place`;

/** How each of these accounts writes: numbers only, never text. */
export const activityOfPairs = `
select m.sender as account, count(*) as messages, min(m.time) as first_time, max(m.time) as last_time
from message m where m.sender in (select unnest($accounts)) group by m.sender order by m.sender`;
