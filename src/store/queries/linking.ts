/** Accounts that can be persons: not crawlers and guests. */
export const linkableAccounts = `
select account, handle, kind, pointer from known_account
where kind is distinct from 'system' order by account`;

/** Handles an account has had, besides its present one. */
export const formerHandles = `
select account, raw as handle, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting where selector = 'handle' and context = 'former name' and account is not null and raw is not null
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

export const createPersons = 'create table person (person varchar, account varchar)';
export const createLinks = `create table link (account_a varchar, account_b varchar, bits double, decision varchar,
  evidence varchar)`;
export const createGenerics = `create table generic_selector (selector varchar, canonical varchar, accounts bigint, cap bigint)`;

export const insertPersons = 'insert into person select unnest($persons), unnest($accounts)';
export const insertLinks = `insert into link select unnest($a), unnest($b), unnest($bits)::double,
  nullif(unnest($decisions), ''), unnest($evidence)`;
export const insertGenerics = `insert into generic_selector
  select unnest($selectors), unnest($canonicals), unnest($accounts)::bigint, unnest($caps)::bigint`;
