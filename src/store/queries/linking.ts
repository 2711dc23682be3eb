/** Accounts that can be persons: not crawlers and guests. */
export const linkableAccounts = `
select account, handle, kind, pointer from known_account
where kind is distinct from 'system' order by account`;

/** Handles an account has had, besides its present one, and those that a person list states. */
export const formerHandles = `
select account, raw as handle, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting where selector = 'handle' and context in ('former name', 'person list') and account is not null and raw is not null
group by account, raw order by account, raw`;

/**
 * Stated contacts: what an account gives as its own, once each, with the first place it stands. A mailbox is its
 * own address, whether or not it ever sent anything.
 */
export const statedSelectors = `
select account, 'email' as selector, native_id as canonical, pointer, 'mailbox' as context
from known_account where service = 'mail' and contains(native_id, '@')
union all
select account, selector, canonical, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer,
       min_by(context, pointer_of(exhibit, source_path, source_offset, source_length)) as context
from sighting
where selector in ('email', 'phone', 'messenger', 'url', 'key') and basis in ('self-declared', 'provider-verified')
  and context not in ('to', 'cc', 'bcc') and canonical is not null and account is not null
group by account, selector, canonical order by selector, canonical, account`;

/** Addresses an account used, by window of $days days: on how many days, first and last, and the first place. */
export const usedAddresses = `
select account, canonical as ip, cast(floor(time / (86400e6 * $days)) as bigint) as period,
       count(distinct cast(floor(time / 86400e6) as bigint)) as days,
       min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer,
       cast(floor(min(time) / 86400e6) as bigint) as first_day, cast(floor(max(time) / 86400e6) as bigint) as last_day
from sighting
where selector = 'ip' and canonical is not null and time is not null and account is not null
group by all order by ip, period, account`;

/**
 * The browsers of accounts, by window of $days days: those that a service states, and those of requests in web
 * logs from the same address in the same second as something the service records of one account alone. Who pays for
 * a line was asked about that very second, and used no browser. Browsers are numbered, since their names in millions of
 * groups would take a gigabyte.
 */
export const usedBrowsers = `
with used as (
  select account, canonical as ip, time from sighting
  where selector = 'ip' and basis = 'log-derived' and canonical is not null and time is not null and account is not null
    and account not in (select account from known_account where kind = 'subscriber')
),
alone as (select ip, time, min(account) as account from used group by ip, time having min(account) = max(account)),
browser as materialized (
  select agent, row_number() over (order by agent) as number
  from (select distinct agent from event where method is not null and account is null and agent is not null)
),
requested as (
  select e.ip, e.time, min(b.number) as number,
         min(pointer_of(e.exhibit, e.source_path, e.source_offset, e.source_length)) as pointer
  from event e join browser b using (agent)
  where e.method is not null and e.account is null and e.ip is not null and e.time is not null
    and (e.ip, e.time) in (select ip, time from alone)
  group by e.ip, e.time having min(b.number) = max(b.number)
),
known as (
  select account, agent, time, pointer from alone join requested using (ip, time) join browser using (number)
  union all
  select account, raw, time, pointer_of(exhibit, source_path, source_offset, source_length)
  from sighting where selector = 'agent' and raw is not null and time is not null and account is not null
)
select account, agent, cast(floor(time / (86400e6 * $days)) as bigint) as period, min(pointer) as pointer
from known group by all order by account, period, agent`;

/** IPv6 addresses in full that several accounts used on one day: the address of a device, not of a line. */
export const sharedAddresses = `
select account, canonical as ip, cast(floor(time / 86400e6) as bigint) as day,
       min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting
where selector = 'ip' and contains(canonical, ':') and basis = 'log-derived' and time is not null and account is not null
  and account not in (select account from known_account where kind = 'subscriber')
group by account, canonical, cast(floor(time / 86400e6) as bigint)
qualify count(*) over (partition by canonical, cast(floor(time / 86400e6) as bigint)) > 1
order by ip, day, account`;

/** The first ban of each account. */
export const bans = `
select e.target as account, any_value(o.service) as service, min(e.time) as time,
       min(pointer_of(e.exhibit, e.source_path, e.source_offset, e.source_length)) as pointer
from event e join known_account o on o.account = e.target
where e.action = 'ban' and e.time is not null group by e.target order by account`;

/** When accounts were made, in that order for each service. */
export const accountsMade = `
select service, account, time, pointer from known_account where time is not null order by service, time, account`;

/**
 * Mailboxes and names ($names, of $accounts) that one account alone gives in private, however they are written. With
 * each the reader it was first given to, how many readers it was given to at all, and with whom the named account first
 * talked within $seconds after.
 */
export const givenAccounts = `
with known as (select unnest($names) as word, unnest($accounts) as named),
said as (
  select from_account as sender, to_account as taker, meant, style, time, json_extract_string(pointers, '$[0]') as pointer,
         lower(case when selector_kind = 'messenger' then regexp_replace(comparison_key, '^[^:]*:', '') else comparison_key end) as word
  from given_selector where time is not null
),
given as (
  select s.sender, k.named, k.word, s.meant, s.style, s.taker, s.time, s.pointer from said s join known k on k.word = s.word
  where s.sender <> k.named
  qualify count(distinct s.sender) over (partition by k.word) = 1
),
once as (
  select sender, named, min(word) as word, min(time) as time, min_by(pointer, (time, pointer)) as pointer,
         min_by(taker, (time, pointer, taker)) as taker, count(distinct taker) as takers,
         bool_or(meant = 'contact') as offered, min_by(style, (time, pointer)) as style
  from given group by sender, named
),
talked as (
  select x, y, min(time) as time, min_by(pointer, (time, pointer)) as pointer
  from (
    select from_account as x, to_account as y, first_time as time, pointer from contact
    union all select to_account, from_account, first_time, pointer from contact
  ) where time is not null group by x, y
),
after as (
  select o.sender, o.named, min_by(t.y, (t.time, t.y)) as partner, min_by(t.pointer, (t.time, t.y)) as pointer,
         min(t.time) - any_value(o.time) as delay
  from once o join talked t on t.x = o.named and t.time > o.time and t.time <= o.time + $seconds::bigint * 1000000
  group by o.sender, o.named
)
select o.sender, o.named, o.word, o.pointer, o.taker, o.takers, a.partner, a.pointer as talk_pointer,
       cast(a.delay / 3600e6 as double) as hours, o.offered, o.style
from once o left join after a on a.named = o.named and a.sender = o.sender
order by o.sender, o.named`;

/** What accounts say of the person behind them, once each, with the first place it stands. */
export const statedOfPersons = `
select account, selector, canonical, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting
where selector in ('name', 'birthday', 'place', 'postcode', 'gender', 'occupation', 'address', 'region')
  and basis in ('self-declared', 'provider-verified') and canonical is not null and account is not null
group by account, selector, canonical order by account, selector, canonical`;

/** One account leaving a line and another taking it up within $seconds: on how many days, and where it shows. */
export const handOvers = `
with shared as (
  select canonical as ip from sighting
  where selector = 'ip' and canonical is not null and time is not null and account is not null
  group by canonical having min(account) <> max(account)
),
used as (
  select account, canonical as ip, time, pointer_of(exhibit, source_path, source_offset, source_length) as pointer
  from sighting where selector = 'ip' and canonical in (select ip from shared) and time is not null and account is not null
),
followed as (
  select ip, time, account, pointer,
         lag(account) over line as before, lag(time) over line as before_time, lag(pointer) over line as before_pointer
  from used window line as (partition by ip order by time, account, pointer)
)
select least(account, before) as a, greatest(account, before) as b, ip,
       count(distinct cast(floor(time / 86400e6) as bigint)) as days,
       min_by(case when account < before then pointer else before_pointer end, time) as pointer_a,
       min_by(case when account < before then before_pointer else pointer end, time) as pointer_b
from followed
where account <> before and time - before_time <= $seconds * 1000000
group by all order by a, b, ip`;

/** Facts by which an account is a victim's or a suspect's, as exhibits hold them. */
export const roleFacts = `
select account, substr(action, 15) as fact from event
where action like 'officer fact: %' and account is not null order by account, fact`;

export const createPersons = 'create table person (person varchar, account varchar)';
export const createLinks = `create table link (account_a varchar, account_b varchar, bits double, decision varchar,
  threshold double, evidence varchar)`;
export const createGenerics = `create table generic_selector (selector varchar, canonical varchar, accounts bigint, cap bigint)`;

export const insertPersons = 'insert into person select unnest($persons), unnest($accounts)';
export const insertLinks = `insert into link select unnest($a), unnest($b), unnest($bits)::double,
  nullif(unnest($decisions), ''), unnest($thresholds)::double, unnest($evidence)`;
export const insertGenerics = `insert into generic_selector
  select unnest($selectors), unnest($canonicals), unnest($accounts)::bigint, unnest($caps)::bigint`;

/** Links as they stand in a generation, for explanation and review. */
export const allLinks = `
select account_a as a, account_b as b, bits, decision, threshold from link order by account_a, account_b`;
export const linksAmong = `
select l.account_a as a, l.account_b as b, l.bits, l.decision, l.threshold, l.evidence
from link l where l.account_a in (select unnest($accounts)) and l.account_b in (select unnest($accounts))
order by l.account_a, l.account_b`;
export const accountsOfPerson = `select account from person where person = $person order by account`;
export const personsOfAccounts = `
select account, person from person where account in (select unnest($accounts)) order by account`;
export const allAccounts = 'select account from person order by account';
export const populationSize = `select count(*) as accounts from person`;

/** Pairs with evidence, for judging against truth. */
export const judgedLinks = `
select account_a as a, account_b as b, bits from link where evidence <> '[]' order by account_a, account_b`;
export const genericValues = `
select selector, canonical, accounts, cap from generic_selector
order by accounts desc, selector, canonical limit $limit offset $offset`;
export const genericCount = 'select count(*) as generics from generic_selector';
