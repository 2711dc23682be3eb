/** What the operation board counts from the generation. */
export const boardCounts = `
select (select count(*) from known_account) as accounts,
       (select count(*) from known_account where kind = 'member') as members,
       (select count(distinct person) from person) as persons`;

export const likelyCountries = `
select person, min(country) as country from jurisdiction where standing = 1 and country is not null
group by person order by person`;

export const createListedNotes = `create or replace temp table listed_note (sequence bigint, kind varchar, tag varchar,
  what varchar, account varchar, pointer varchar, text varchar, author varchar, time varchar)`;
export const insertListedNotes = `insert into listed_note select unnest($sequence)::bigint, unnest($kind),
  nullif(unnest($tag), ''), unnest($what), nullif(unnest($account), ''), nullif(unnest($pointer), ''), unnest($text),
  unnest($author), unnest($time)`;

/** What humans decided, beside the generation's tables for an export; it is part of no generation. */
export const createListedChildren = `create or replace temp table listed_child (case_number varchar, country varchar,
  state varchar, since varchar, agency varchar, urgency varchar, proposed varchar, owner varchar, missing varchar,
  person varchar, account varchar, basis varchar, pointer varchar)`;
export const insertListedChildren = `insert into listed_child select unnest($case_number), nullif(unnest($country), ''),
  unnest($state), nullif(unnest($since), ''), nullif(unnest($agency), ''), nullif(unnest($urgency), ''),
  nullif(unnest($proposed), ''), nullif(unnest($owner), ''), unnest($missing), nullif(unnest($person), ''),
  nullif(unnest($account), ''), nullif(unnest($basis), ''), nullif(unnest($pointer), '')`;
export const createListedOutcomes = `create or replace temp table listed_outcome (sequence bigint, kind varchar,
  country varchar, agency varchar, date varchar, case_number varchar, account varchar, reason varchar,
  author varchar, time varchar)`;
export const insertListedOutcomes = `insert into listed_outcome select unnest($sequence)::bigint, unnest($kind),
  unnest($country), unnest($agency), unnest($date), nullif(unnest($case_number), ''), unnest($account),
  unnest($reason), unnest($author), unnest($time)`;
