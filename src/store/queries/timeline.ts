/**
 * The timeline of accounts: every thing that an exhibit says an account did, received, or had recorded about
 * it, once. A row of evidence that became several records (a post, its address, its registration) is one entry;
 * a message that lies in several exhibits is one entry with the number of its copies. Never the text.
 */

const place = 'exhibit, source_path, source_offset, source_length';

/** A time in microseconds taken down to a multiple; times before 1970 as well. */
function floorTo(time: string, step: number): string {
  return `(${time} - ((${time}) % ${step} + ${step}) % ${step})`;
}

/** What kind of thing an event is, from what its source calls it. */
const kindOfEvent = `
case when action = 'ban' then 'ban'
     when action = 'warning' then 'warning'
     when action = 'report' then 'report'
     when action = 'session' then 'session'
     when action like 'officer fact: %' then 'officer fact'
     when action in ('provider report', 'reported file') then 'provider report'
     when action in ('lease', 'subscriber at time', 'correction') then 'subscriber return'
     when action like 'LOG\\_%' escape '\\' then 'moderation'
     when method is not null then 'request'
     when action in ('login', 'logout', 'remembered login', 'failed login') then 'login'
     else 'other' end`;

const recordedAbout = `('officer fact', 'provider report', 'subscriber return', 'ban', 'warning')`;

/** One message once, at the first place that holds it. */
const makeSaid = `
create temp table timeline_said as
select coalesce(message, exhibit || source_path || source_offset) as message, sender, channel, service, time, time_text,
       time_zone, ip, state, ${place},
       count(*) over (partition by coalesce(message, exhibit || source_path || source_offset)) as copies
from message
qualify row_number() over (partition by coalesce(message, exhibit || source_path || source_offset)
                           order by ${place}) = 1`;

const makeReceived = `
create temp table timeline_received as
select object as message, to_account as account, min(relation) as relation
from relation where relation in ('to', 'cc', 'bcc') and to_account is not null and object is not null
group by object, to_account`;

/** Entries from messages, events, files and registrations. */
const makeEntries = `
create temp table timeline_entry as
with addressed as (select message, min(account) as account from timeline_received group by message),
happened as (
  -- Requests of nobody's, most of a web log, stand in no timeline: they are left out before anything is made of them.
  select *, ${kindOfEvent} as kind from event
  where (account is not null or method is null) and (action <> 'mailbox copy' or action is null)
),
entry as (
  select s.sender as account, s.time, s.time_text, s.time_zone, s.channel as kind, 'by' as role, s.state as action,
         a.account as other_account, s.service, s.ip, s.copies, s.exhibit, s.source_path, s.source_offset, s.source_length
  from timeline_said s left join addressed a on a.message = s.message where s.sender is not null
  union all
  select r.account, s.time, s.time_text, s.time_zone, s.channel, 'to', r.relation, s.sender, s.service, null, s.copies,
         s.exhibit, s.source_path, s.source_offset, s.source_length
  from timeline_received r join timeline_said s on s.message = r.message where r.account is distinct from s.sender
  union all
  select account, time, time_text, time_zone, kind, case when kind in ${recordedAbout} then 'about' else 'by' end, action,
         target, service, ip, 1, ${place}
  from happened where account is not null
  union all
  select h.target, h.time, h.time_text, h.time_zone, h.kind, 'about', h.action, h.account, h.service, null, 1,
         h.exhibit, h.source_path, h.source_offset, h.source_length
  from happened h
  where h.target in (select account from known_account) and h.target is distinct from h.account and h.method is null
  union all
  select o.account, o.time, o.time_text, o.time_zone, 'request', 'by', o.action, o.target, k.service, o.ip, 1,
         o.exhibit, o.source_path, o.source_offset, o.source_length
  from attributed_request o join known_account k on k.account = o.account
  union all
  select account, time, time_text, time_zone, 'file', 'by', state, null, service, null, 1, ${place}
  from file where account is not null
  union all
  select account, time, time_text, time_zone, 'registration', 'by', kind, null, service, null, 1, ${place}
  from account where account is not null and (time is not null or time_text is not null)
)
select account, time, time_text, time_zone, kind, role, min(action) as action, min(other_account) as other_account,
       min(service) as service, min(ip) as ip, max(copies) as copies, ${place}
from entry
group by account, time, time_text, time_zone, kind, role, ${place}`;

/** Rows that say something of an account already: sightings on them are no entries of their own. */
const makeCovered = `
create temp table timeline_covered as
select account, exhibit, source_path, source_offset from timeline_entry
union
select sender, exhibit, source_path, source_offset from message where sender is not null
union
select r.account, m.exhibit, m.source_path, m.source_offset
from timeline_received r join message m on m.message = r.message`;

const makeSightings = `
insert into timeline_entry
select s.account, s.time, s.time_text, s.time_zone, 'sighting',
       case when bool_and(s.basis in ('mentioned', 'provider-verified', 'analyst')) then 'about' else 'by' end,
       min(s.selector || coalesce(': ' || s.context, '')), null, min(split_part(s.account, '/', 1)),
       min(case when s.selector = 'ip' then s.canonical end), 1, s.exhibit, s.source_path, s.source_offset, min(s.source_length)
from sighting s anti join timeline_covered c
  on c.account = s.account and c.exhibit = s.exhibit and c.source_path = s.source_path and c.source_offset = s.source_offset
where s.account is not null and (s.time is not null or s.time_text is not null)
group by s.account, s.time, s.time_text, s.time_zone, s.exhibit, s.source_path, s.source_offset`;

/** The entries that have a time, by account and time: one account's lie together in the file. */
const makeTimeline = `
create table timeline as
select account, time, kind, role, action, other_account, service, ip, copies, time_text, time_zone, ${place}
from timeline_entry where time is not null`;

const makeUntimed = `
create table timeline_untimed as
select account, time, kind, role, action, other_account, service, ip, copies, time_text, time_zone, ${place}
from timeline_entry where time is null`;

/** The same rows in order of time alone: a page of everybody lies together in this file. */
const makeTimelineByTime = 'create view timeline_by_time as select * from timeline';

/** All accounts together, by the hour: what histograms of the whole operation are made from. */
const makeTimelineHour = `
create table timeline_hour as
select ${floorTo('time', 3_600_000_000)} as hour, kind, exhibit, service, count(*) as events,
       min(time) as first_time, max(time) as last_time
from timeline group by 1, 2, 3, 4`;

/** Events of the operation that no account is known for: they stand in no timeline. */
const makeUnattributed = `
create table timeline_unattributed as
select cast((select count(*) from event where account is null)
     - (select count(*) from attributed_request)
     - (select count(*) from event where account is null and method is null
          and target in (select account from known_account)) as bigint) as events`;

const drop = ['timeline_said', 'timeline_received', 'timeline_entry', 'timeline_covered'].map(
  (table) => `drop table ${table}`,
);

export const makeTimelines = [
  makeSaid,
  makeReceived,
  makeEntries,
  makeCovered,
  makeSightings,
  makeTimeline,
  makeTimelineByTime,
  makeUntimed,
  makeTimelineHour,
  makeUnattributed,
  ...drop,
];

/** Accounts up to which each is named in the statement, so that the engine skips what is not theirs. */
export const mostNamedAccounts = 400;

/**
 * Which entries are asked for. Parameters beside the accounts: $from, $to, $kinds, $exhibit; the places of noted
 * records as $noted_exhibit, $noted_path, $noted_offset and $noted_length, side by side.
 */
export interface TimelineScope {
  /** Number of accounts named $account0, $account1 ...; 'list' where $accounts lists more; null for the operation. */
  readonly accounts: number | 'list' | null;
  readonly from: boolean;
  readonly to: boolean;
  readonly kinds: boolean;
  readonly exhibit: boolean;
  readonly noted: boolean;
}

/**
 * The rows of the accounts asked for. Each account is a select of its own: the engine then reads only the part of the
 * file where it lies, which it does not for a list (measured: 68 against 2,476 ms over ten million entries).
 */
function rowsOf(
  table: 'timeline' | 'timeline_by_time' | 'timeline_untimed' | 'timeline_hour',
  scope: TimelineScope,
): string {
  if (typeof scope.accounts === 'number' && table === 'timeline_by_time') {
    const named = Array.from({ length: scope.accounts }, (_, n) => `$account${n}`).join(', ');
    return `(select * from timeline_by_time where account in (${named}))`;
  }
  if (scope.accounts === null) return `(select * from ${table})`;
  if (scope.accounts === 'list')
    return `(select * from ${table} where account in (select unnest($accounts)))`;
  const each = Array.from(
    { length: scope.accounts },
    (_, n) => `select * from ${table} where account = $account${n}`,
  );
  return `(${each.join(' union all ')})`;
}

const isNoted = `(t.exhibit, t.source_path, t.source_offset, t.source_length) in (
  select unnest($noted_exhibit), unnest($noted_path), cast(unnest($noted_offset) as bigint), cast(unnest($noted_length) as bigint))`;

function conditions(scope: TimelineScope, time: string | null): string {
  const all: string[] = [];
  if (time !== null && scope.from) all.push(`${time} >= $from::bigint`);
  if (time !== null && scope.to) all.push(`${time} < $to::bigint`);
  if (scope.kinds) all.push('t.kind in (select unnest($kinds))');
  if (scope.exhibit) all.push('t.exhibit = $exhibit');
  if (scope.noted) all.push(isNoted);
  return all.length === 0 ? 'true' : all.join(' and ');
}

const shown = `
select t.time, t.time_text, t.time_zone, t.kind, t.role, t.action, t.account, k.handle, p.person, t.other_account,
       t.service, t.ip, t.copies, t.exhibit, t.pointer
from page t left join known_account k on k.account = t.account left join person p on p.account = t.account`;

const pointer = 'pointer_of(t.exhibit, t.source_path, t.source_offset, t.source_length)';

/**
 * A time up to which a page can be filled, so that only rows up to it are put in order; null where there are fewer.
 * Parameters: $limit, and $time where `after`.
 */
export function timelineBound(scope: TimelineScope, after: boolean): string {
  if (scope.accounts !== null || scope.noted) {
    const next = after ? 'and t.time > $time::bigint' : '';
    return `
select max(time) as until from (
  select t.time from ${rowsOf('timeline', scope)} t where ${conditions(scope, 't.time')} ${next} order by t.time limit $limit
)`;
  }
  // The hour in which a page begins may lie half before it: it fills nothing here.
  const start = after ? '$time::bigint' : scope.from ? '$from::bigint' : '-9000000000000000';
  return `
with counted as (
  select t.hour, sum(sum(t.events)) over (order by t.hour) as events
  from timeline_hour t
  where t.hour > ${start} ${scope.to ? 'and t.hour < $to::bigint' : ''} and ${conditions({ ...scope, from: false, to: false }, null)}
  group by t.hour
)
select min(hour) + 3600000000 as until from counted where events >= $limit`;
}

/**
 * About how many entries of all accounts lie in the hours from $start to $until: fewer than `mostInTime`, and a page of
 * some accounts is sooner found in the order of time.
 */
export const entriesBetween = `
select coalesce(sum(events), 0) as entries from timeline_hour
where hour >= $start::bigint - 3600000000 and hour <= $until::bigint`;
export const mostInTime = 400_000;

/**
 * A page in the order of the key (time, pointer, account, role). Parameters: $limit, the key where `after`, $until
 * where `bounded`. `inTime`: from the table in order of time, else from each account's own rows.
 */
export function timelinePage(
  scope: TimelineScope,
  after: boolean,
  bounded: boolean,
  inTime: boolean,
): string {
  const key = 'time, pointer, account, role, kind';
  const next = after
    ? `and t.time >= $time::bigint and (t.time > $time::bigint
         or (${pointer}, t.account, t.role, t.kind) > ($pointer, $account, $role, $kind))`
    : '';
  return `
with page as (
  select t.*, ${pointer} as pointer from ${rowsOf(inTime ? 'timeline_by_time' : 'timeline', scope)} t
  where ${conditions(scope, 't.time')} ${bounded ? 'and t.time <= $until::bigint' : ''} ${next}
  order by ${key} limit $limit
)
${shown} order by t.time, t.pointer, t.account, t.role, t.kind`;
}

/** Entries without a time, in the order of their places. Parameters: $limit, $offset. */
export function untimedPage(scope: TimelineScope): string {
  const key = 'kind, pointer, account, role';
  return `
with page as (
  select t.*, ${pointer} as pointer from ${rowsOf('timeline_untimed', scope)} t
  where ${conditions(scope, null)} order by ${key} limit $limit offset $offset
)
${shown} order by t.kind, t.pointer, t.account, t.role`;
}

export function untimedCount(scope: TimelineScope): string {
  return `select count(*) as entries from ${rowsOf('timeline_untimed', scope)} t where ${conditions(scope, null)}`;
}

/** Bucket sizes and the expression that gives a bucket's beginning in UTC microseconds (weeks begin on Monday). */
const dayMicros = 86_400_000_000;
const buckets = {
  hour: (time: string) => floorTo(time, dayMicros / 24),
  day: (time: string) => floorTo(time, dayMicros),
  // 1970-01-01 was a Thursday: three days after a Monday.
  week: (time: string) => `${floorTo(`(${time} + ${3 * dayMicros})`, 7 * dayMicros)} - ${3 * dayMicros}`,
  month: (time: string) => `epoch_us(date_trunc('month', make_timestamp(${time})))`,
  'hour-of-day': (time: string) =>
    `(${floorTo(time, dayMicros / 24)} - ${floorTo(time, dayMicros)}) // ${dayMicros / 24}`,
} as const;
export type Bucket = keyof typeof buckets;
export const bucketNames = Object.keys(buckets) as Bucket[];

const splits = {
  kind: 't.kind',
  exhibit: 't.exhibit',
  service: `coalesce(t.service, '')`,
  none: `''`,
} as const;
export type Split = keyof typeof splits;
export const splitNames = Object.keys(splits) as Split[];

/**
 * Counts by bucket. `hourly`: from the table of all accounts by the hour, which serves the whole operation where
 * `from` and `to` stand on whole hours. Parameter: $most, the buckets that are shown.
 */
export function histogram(scope: TimelineScope, by: Bucket, split: Split, hourly: boolean): string {
  const time = hourly ? 't.hour' : 't.time';
  const [table, events, first, last] = hourly
    ? (['timeline_hour', 'sum(t.events)', 'min(t.first_time)', 'max(t.last_time)'] as const)
    : (['timeline', 'count(*)', 'min(t.time)', 'max(t.time)'] as const);
  return `
with counted as (
  select cast(${buckets[by](time)} as bigint) as start, ${splits[split]} as name, cast(${events} as bigint) as events,
         ${first} as first_time, ${last} as last_time
  from ${rowsOf(table, scope)} t where ${conditions(scope, time)} group by 1, 2
)
select start, name, events, cast(sum(events) over () as bigint) as total, min(first_time) over () as first_time,
       max(last_time) over () as last_time, count(*) over () as buckets
from counted order by start, name limit $most`;
}

export const unattributedCount = 'select events from timeline_unattributed';

export const accountsOfPersonList = `
select account from person where person in (select unnest($persons)) order by account`;

/** Own acts of every person, for habits: accounts in the order of the table, times in order. */
export const ownActs = `
select p.person, t.time, ${pointer} as pointer
from timeline t join person p on p.account = t.account
where t.role = 'by' and t.kind in ('post', 'private message', 'mail', 'chat', 'login', 'registration', 'request', 'session')
  and ($person = '' or p.person = $person)
order by p.person, t.time, pointer`;
