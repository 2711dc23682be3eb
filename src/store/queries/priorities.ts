/**
 * What ranking may read: acts of an account's own, facts that officers entered, what the service says of its
 * founder. Nothing here reads who knows, answers or belongs to whom; a test holds that.
 */

/** Accounts that providers name as victims'. */
export const victimAccounts = `
select account, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from account where status = 'victim' and kind = 'provider account' and account is not null
group by account order by account`;

/** Reports of providers on what the account itself did, each report once however many exhibits hold it. */
export const providerReports = `
select account, service, target, min(time) as time, min(text) as text,
       list(pointer_of(exhibit, source_path, source_offset, source_length)
            order by pointer_of(exhibit, source_path, source_offset, source_length)) as pointers
from event where action = 'provider report' and account is not null
group by account, service, target, case when target is null
  then pointer_of(exhibit, source_path, source_offset, source_length) end
order by account, target, pointers`;

/** What providers say of the files of their reports. */
export const reportedFiles = `
select account, service, target, text, pointer_of(exhibit, source_path, source_offset, source_length) as pointer
from event where action = 'reported file' and account is not null
order by account, target, pointer`;

/** Later corrections of what was handed over. */
export const corrections = `
select target, text, time, pointer_of(exhibit, source_path, source_offset, source_length) as pointer
from event where action = 'correction' and target is not null
order by target, time, pointer`;

export const createIndicators = `create table indicator (account varchar, indicator varchar, text varchar,
  pointer varchar, more_pointers varchar, against varchar, time bigint, standing varchar, facts varchar)`;
export const insertIndicators = `insert into indicator select unnest($account), unnest($indicator), unnest($text),
  unnest($pointer), unnest($more), nullif(unnest($against), ''), nullif(unnest($time), '')::bigint,
  unnest($standing), nullif(unnest($facts), '')`;

export const indicatorsByPerson = `
select p.person, i.account, i.indicator, i.text, i.pointer, i.more_pointers, i.against, i.time, i.standing, i.facts
from indicator i join person p on p.account = i.account
order by p.person, i.indicator, i.account, i.pointer, i.text`;

export const indicatorsOfPerson = `
select p.person, i.account, i.indicator, i.text, i.pointer, i.more_pointers, i.against, i.time, i.standing, i.facts
from indicator i join person p on p.account = i.account where p.person = $person
order by i.indicator, i.account, i.pointer, i.text`;

export const createQueue = `create table queue (rank bigint, person varchar, band varchar, accounts varchar,
  reasons varchar, raise varchar, lower varchar)`;
export const insertQueue = `insert into queue select unnest($rank)::bigint, unnest($person), unnest($band),
  unnest($accounts), unnest($reasons), nullif(unnest($raise), ''), nullif(unnest($lower), '')`;
export const accountsOfPersons = `
select p.person, p.account, k.handle from person p join known_account k on k.account = p.account
where p.person in (select unnest($persons)) order by p.person, p.account`;

export const createRoles = 'create table account_role (account varchar, role varchar)';
export const insertRoles = 'insert into account_role select unnest($account), unnest($role)';

/** Reading a finished generation. */
export const queueLines = 'select rank, person, band, accounts from queue order by rank';
export const queueEntries = `
select rank, person, band, accounts, reasons, raise, lower from queue
where person in (select unnest($persons)) order by rank`;
/** Victims' accounts with indicators, and persons outside the queue of whom something was withdrawn. */
export const withheld = `
select count(distinct i.account) filter (where i.standing = 'victim') as victims,
       count(distinct p.person) filter (where i.standing = 'withdrawn'
         and p.person not in (select person from queue)) as withdrawn
from indicator i join person p on p.account = i.account`;
export const rolesOfPersons = `
select p.person, r.account, r.role from account_role r join person p on p.account = r.account
where p.person in (select unnest($persons)) order by p.person, r.account`;
export const unrankedMembers = `
select p.person from person p join known_account k on k.account = p.account
where k.kind = 'member' and p.person not in (select person from queue)
group by p.person order by p.person`;
export const handlesOfPersons = `
select p.person, list(coalesce(k.handle, k.account) order by p.account) as handles
from person p join known_account k on k.account = p.account
where p.person in (select unnest($persons)) group by p.person order by p.person`;
/** The queue of an earlier generation, from its file. */
export function earlierQueue(file: string): string {
  return `select rank, person, band, accounts from read_parquet('${file.replaceAll("'", "''")}') order by rank`;
}
