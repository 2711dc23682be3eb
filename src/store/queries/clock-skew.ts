/**
 * Pairs of records of one happening in two sources, for comparing their clocks. `seconds` is source minus
 * reference. Parameters: $window (seconds either way), $weekly (compared of one reference in a week), $crowd
 * (log lines of one address in a week above which it is left out).
 */

const week = (time: string) => `cast(floor(${time} / 604800e6) as bigint)`;
const at = (row: string) =>
  `pointer_of(${row}.exhibit, ${row}.source_path, ${row}.source_offset, ${row}.source_length)`;

/** What a board stores with address and second, and the request that must have made it. */
const boardDeeds = `
select case channel when 'post' then 'post' else 'compose private message' end as deed, ip, time, exhibit,
       ${at('message')} as pointer
from message where channel in ('post', 'private message') and ip is not null and time is not null
union all
select 'register', canonical, time, exhibit, ${at('sighting')}
from sighting where selector = 'ip' and context = 'registration' and canonical is not null and time is not null
union all
select 'login', ip, time, exhibit, ${at('event')}
from event where method is null and action in ('login', 'failed login') and ip is not null and time is not null`;

export const makeLogPairs = `
create temp table skew_pair as
with deed as (
  select *, ${week('time')} as week,
         row_number() over (partition by exhibit, ${week('time')} order by md5(pointer), deed, ip) as n
  from (${boardDeeds})
),
reference as (select * from deed where n <= $weekly),
line as (
  select action as deed, ip, time, exhibit, source_path, source_offset, source_length, ${week('time')} as week
  from event
  where method = 'POST' and action in ('post', 'compose private message', 'register', 'login')
    and ip is not null and time is not null
),
-- A table of the crowded, not a count beside every line: millions of lines need not be put in order for it.
crowded as (select deed, ip, week from line group by deed, ip, week having count(*) > $crowd),
near as (select r.*, unnest([week - 1, week, week + 1]) as near_week from reference r)
select 'board and web log' as basis, n.exhibit as reference, l.exhibit, l.source_path, n.time,
       (l.time - n.time) / 1e6 as seconds, n.pointer as reference_pointer, ${at('l')} as pointer
from near n join line l on l.deed = n.deed and l.ip = n.ip and l.week = n.near_week
     anti join crowded c on c.deed = l.deed and c.ip = l.ip and c.week = l.week
where abs(l.time - n.time) <= $window * 1e6`;

/** One message in two exhibits: the first in the order of exhibits is the reference. */
export const addMessagePairs = `
insert into skew_pair
with held as (
  select message, exhibit, source_path, time, ${at('message')} as pointer
  from message where message is not null and time is not null
  qualify row_number() over (partition by message, exhibit order by source_path, source_offset) = 1
),
pair as (
  select a.exhibit as reference, b.exhibit, b.source_path, a.time, (b.time - a.time) / 1e6 as seconds,
         a.pointer as reference_pointer, b.pointer,
         row_number() over (partition by a.exhibit, b.exhibit, b.source_path, ${week('a.time')} order by md5(a.pointer), b.pointer) as n
  from held a join held b on b.message = a.message and a.exhibit < b.exhibit
)
select 'same message', reference, exhibit, source_path, time, seconds, reference_pointer, pointer
from pair where n <= $weekly and $window > 0 and $crowd > 0`;

/**
 * The times that a provider says it was asked about, and what other exhibits show of that address: board records and
 * log lines that a whole number of quarter hours parts, to $slack seconds. Zones differ by no less; what somebody
 * did minutes before or after says nothing of a clock.
 */
export const addReturnPairs = `
insert into skew_pair
with asked as (
  select ip, time, exhibit, source_path, ${at('event')} as pointer from event
  where action = 'subscriber at time' and time is not null and ip is not null
),
seen as (
  select canonical as ip, time, exhibit, ${at('sighting')} as pointer from sighting
  where selector = 'ip' and time is not null and basis = 'log-derived' and context not in ('asked time', 'lease')
    and canonical in (select ip from asked)
  union all
  select ip, time, exhibit, ${at('event')} from event
  where method is not null and time is not null and ip in (select ip from asked)
),
pair as (
  select s.exhibit as reference, a.exhibit, a.source_path, s.time, (a.time - s.time) / 1e6 as seconds,
         s.pointer as reference_pointer, a.pointer
  from asked a join seen s on s.ip = a.ip
  where s.exhibit <> a.exhibit and abs(a.time - s.time) <= $returnWindow * 1e6
)
select 'return and use', * from pair
where abs(seconds - round(seconds / 900) * 900) <= $slack`;

/** How often each difference, to the second, occurs in each week; and how many happenings were compared. */
export const pairCounts = `
select basis, reference, exhibit, source_path, ${week('time')} as week, cast(round(seconds) as bigint) as seconds,
       count(distinct case basis when 'return and use' then pointer else reference_pointer end) as pairs
from skew_pair group by 1, 2, 3, 4, 5, 6
order by 1, 2, 3, 4, 5, 6`;

export const comparedCounts = `
select basis, reference, exhibit, source_path, ${week('time')} as week,
       count(distinct case basis when 'return and use' then pointer else reference_pointer end) as compared
from skew_pair group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;

/** Pairs of one source whose difference is near one of $offsets, in order of time. */
export const pairsNear = `
with offset_ as (select unnest($offsets)::double as seconds)
select p.time, p.seconds, o.seconds as offset, p.reference_pointer, p.pointer
from skew_pair p join offset_ o on abs(p.seconds - o.seconds) <= $tolerance
where p.basis = $basis and p.reference = $reference and p.exhibit = $exhibit and p.source_path = $path
order by p.time, p.reference_pointer, p.pointer, o.seconds`;

export const dropPairs = 'drop table skew_pair';

export const createClockSkew = `create table clock_skew (basis varchar, exhibit varchar, source_path varchar,
  reference varchar, from_time bigint, to_time bigint, pairs bigint, agreeing bigint, median_seconds double,
  spread_seconds double, standing varchar, samples varchar)`;

export const insertClockSkew = `insert into clock_skew select unnest($basis), unnest($exhibit), unnest($path),
  unnest($reference), nullif(unnest($from), '')::bigint, nullif(unnest($to), '')::bigint, unnest($pairs)::bigint, unnest($agreeing)::bigint,
  unnest($median)::double, unnest($spread)::double, unnest($standing), unnest($samples)`;

export const clockSkewRows = `
select exhibit, source_path as path, reference, basis, from_time, to_time, pairs, agreeing, median_seconds,
       spread_seconds, standing, samples
from clock_skew
order by case standing when 'differs' then 0 when 'too few to say' then 2 else 1 end, exhibit, source_path,
         reference, basis, from_time`;
