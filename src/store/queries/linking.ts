/** Accounts that can be persons: not crawlers and guests. */
export const linkableAccounts = `
select account, handle, kind, pointer from known_account
where kind is distinct from 'system' order by account`;

/** Handles an account has had, besides its present one, and those that a person list states. */
export const formerHandles = `
select account, raw as handle, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting where selector = 'handle' and context in ('former name', 'person list') and account is not null and raw is not null
group by account, raw order by account, raw`;

/** Stated contacts: what an account gives as its own, once each, with the first place it stands. */
export const statedSelectors = `
select account, selector, canonical, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer,
       min_by(context, pointer_of(exhibit, source_path, source_offset, source_length)) as context
from sighting
where selector in ('email', 'phone', 'messenger', 'url', 'key') and basis in ('self-declared', 'provider-verified')
  and context not in ('to', 'cc', 'bcc') and canonical is not null and account is not null
group by account, selector, canonical order by selector, canonical, account`;

/** Addresses an account used, by window of $days days: on how many days, and the first place each stands. */
export const usedAddresses = `
select account, canonical as ip, cast(floor(time / (86400e6 * $days)) as bigint) as period,
       count(distinct cast(floor(time / 86400e6) as bigint)) as days,
       min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting
where selector = 'ip' and canonical is not null and time is not null and account is not null
group by all order by ip, period, account`;

/** What accounts say of the person behind them, once each, with the first place it stands. */
export const statedOfPersons = `
select account, selector, canonical, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting
where selector in ('name', 'birthday', 'place', 'postcode', 'gender', 'occupation', 'address', 'region')
  and basis in ('self-declared', 'provider-verified') and canonical is not null and account is not null
group by account, selector, canonical order by account, selector, canonical`;

/** One account leaving a line and another taking it up within $seconds: on how many days, and where it shows. */
export const handOvers = `
with used as (
  select account, canonical as ip, time, pointer_of(exhibit, source_path, source_offset, source_length) as pointer
  from sighting where selector = 'ip' and canonical is not null and time is not null and account is not null
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
export const populationSize = `select count(*) as accounts from person`;
