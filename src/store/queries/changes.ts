/**
 * What differs between two sets of derived tables, `before_<table>` and `after_<table>`: for showing what falls
 * when an exhibit is taken out, and what comes when it is taken back in. `$most` caps what is listed, never what is
 * counted.
 */

/** The tables that are compared. */
export const comparedTables = [
  'known_account',
  'person',
  'link',
  'queue',
  'child_source',
  'hand_off',
  'lead',
] as const;

/** A view of one of the tables, over its file. */
export function viewOfSide(
  side: 'before' | 'after',
  table: (typeof comparedTables)[number],
  file: string,
): string {
  return `create view ${side}_${table} as select * from read_parquet('${file.replaceAll("'", "''")}')`;
}

/**
 * For each person before, the person after that shares most of its accounts (of equals the first), or none; with
 * the persons its accounts went to and how many of them are in no person any more.
 */
export const makeHeirs = `
create temp table heir as
with shared as (
  select b.person, a.person as heir, count(*) as accounts
  from before_person b join after_person a on a.account = b.account group by b.person, a.person
),
size as (select person, count(*) as accounts from before_person group by person)
select z.person, min_by(s.heir, (-s.accounts, s.heir)) as heir, count(s.heir) as parts,
       z.accounts, z.accounts - coalesce(sum(s.accounts), 0)::bigint as lost
from size z left join shared s on s.person = z.person group by z.person, z.accounts`;

/** Accounts that are known on one side only. */
export function accountsOnlyIn(side: 'before' | 'after'): string {
  const other = side === 'before' ? 'after' : 'before';
  return `
select k.account, k.handle, k.pointer, count(*) over () as found
from ${side}_known_account k where k.account not in (select account from ${other}_known_account)
order by k.account limit $most`;
}

const joined = (side: 'before' | 'after') => `
  select l.account_a, l.account_b, l.bits, l.decision, l.evidence from ${side}_link l
  join ${side}_person a on a.account = l.account_a join ${side}_person b on b.account = l.account_b
  where a.person = b.person`;

/** Links that hold persons together on one side only, the strongest first; \`gone\`: an account is known no more. */
export function linksOnlyIn(side: 'before' | 'after'): string {
  const other = side === 'before' ? 'after' : 'before';
  return `
with here as (${joined(side)}), there as (${joined(other)})
select h.account_a as a, h.account_b as b, h.bits, h.decision, h.evidence,
       (select count(*) from ${other}_known_account k where k.account in (h.account_a, h.account_b)) < 2 as gone,
       count(*) over () as found
from here h left join there t on t.account_a = h.account_a and t.account_b = h.account_b
where t.account_a is null order by h.bits desc, a, b limit $most`;
}

/** Links that stand on both sides and have lost (or gained) pieces of evidence, those that changed most first. */
export function linksReweighed(direction: 'weaker' | 'stronger'): string {
  const [less, more] = direction === 'weaker' ? ['a', 'b'] : ['b', 'a'];
  return `
with b as (${joined('before')}), a as (${joined('after')})
select b.account_a as a, b.account_b as b, b.bits as bits_before, a.bits as bits_after, b.evidence as before,
       a.evidence as after, count(*) over () as found
from b join a on a.account_a = b.account_a and a.account_b = b.account_b
where json_array_length(${less}.evidence) < json_array_length(${more}.evidence)
   or (json_array_length(a.evidence) = json_array_length(b.evidence) and abs(a.bits - b.bits) >= 1 and ${less}.bits < ${more}.bits)
order by abs(b.bits - a.bits) desc, b.account_a, b.account_b limit $most`;
}

/** Persons whose accounts are several persons after; those who are first in the queue first. */
export const personsSplit = `
select h.person, h.heir, h.parts, h.accounts, h.lost, q.rank, count(*) over () as found
from heir h left join before_queue q on q.person = h.person
where h.parts > 1 order by q.rank nulls last, h.person limit $most`;

/** Persons of several persons before. */
export const personsJoined = `
with part as (
  select a.person, count(distinct b.person) as parts
  from after_person a join before_person b on b.account = a.account group by a.person having count(distinct b.person) > 1
)
select p.person, p.parts, q.rank, count(*) over () as found
from part p left join after_queue q on q.person = p.person order by q.rank nulls last, p.person limit $most`;

/** Where the accounts of persons went: $persons of before, part by part. */
export const partsAfter = `
select b.person, a.person as part, list(b.account order by b.account) as accounts
from before_person b left join after_person a on a.account = b.account
where b.person in (select unnest($persons)) group by b.person, a.person order by b.person, part nulls last`;

/** Where the accounts of persons came from: $persons of after, part by part. */
export const partsBefore = `
select a.person, b.person as part, list(a.account order by a.account) as accounts
from after_person a left join before_person b on b.account = a.account
where a.person in (select unnest($persons)) group by a.person, b.person order by a.person, part nulls last`;

export const personCounts = `
select (select count(*) from heir) as before, (select count(distinct person) from after_person) as after,
       (select count(*) from heir where heir is null) as gone, (select count(*) from heir where parts > 1) as split,
       (select count(*) from heir where lost > 0 and heir is not null) as smaller,
       (select count(*) from (select distinct person from after_person
                              where person not in (select heir from heir where heir is not null))) as appeared`;

/** Places in the queue that change: a person before beside its heir, those that leave first, then by rank. */
export const queueChanges = `
with moved as (
  select b.person, h.heir, b.rank as from_rank, b.band as from_band, a.rank as to_rank, a.band as to_band, b.accounts
  from before_queue b left join heir h on h.person = b.person left join after_queue a on a.person = h.heir
  union all
  select null, a.person, null, null, a.rank, a.band, a.accounts
  from after_queue a
  where a.person not in (select h.heir from before_queue b join heir h on h.person = b.person where h.heir is not null)
)
select *, case when to_rank is null then 'left' when from_rank is null then 'came'
               when from_band <> to_band then 'band' else 'moved' end as kind
from moved where from_rank is distinct from to_rank or from_band is distinct from to_band
order by case when to_rank is null then 0 when from_rank is null then 1 when from_band <> to_band then 2 else 3 end,
         coalesce(from_rank, to_rank), coalesce(person, heir)`;

/** Children whose sources differ: how many fell, came and stand, and the places of those that fell or came. */
export const childChanges = `
with b as (select distinct case_number, account, own, basis, text, pointer from before_child_source),
     a as (select distinct case_number, account, own, basis, text, pointer from after_child_source),
     fell as (select * from b except select * from a), came as (select * from a except select * from b),
     hit as (select case_number from fell union select case_number from came)
select c.case_number as child,
       (select count(*) from fell f where f.case_number = c.case_number) as fell,
       (select count(*) from came f where f.case_number = c.case_number) as came,
       (select count(*) from a f where f.case_number = c.case_number) as stand,
       coalesce((select list(distinct f.pointer order by f.pointer) from fell f where f.case_number = c.case_number), []) as fell_pointers,
       coalesce((select list(distinct f.pointer order by f.pointer) from came f where f.case_number = c.case_number), []) as came_pointers
from hit c order by c.case_number`;

/** Hand-offs and leads, by how many fell and came. */
export const followedCounts = `
select (select count(*) from before_hand_off where hand_off not in (select hand_off from after_hand_off)) as hand_offs_fell,
       (select count(*) from after_hand_off where hand_off not in (select hand_off from before_hand_off)) as hand_offs_came,
       (select count(*) from before_lead where lead not in (select lead from after_lead)) as leads_fell,
       (select count(*) from after_lead where lead not in (select lead from before_lead)) as leads_came`;

/** Which of $accounts are known after. */
export const accountsKnownAfter = `
select account from after_known_account where account in (select unnest($accounts)) order by account`;
