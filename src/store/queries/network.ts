/**
 * Contacts by exhibit and day: what the contact graph is made of. A message that several exhibits hold stands
 * once for each in `messages`; in `first_messages` it stands for the first of them alone (in the order of
 * their ids), so that these add up to the messages of `contact`. Day: whole days since 1970-01-01 UTC, null
 * where the time is not known. The pointer leads to the earliest of the messages, in that exhibit.
 */
export const makeContactDays = `
create table contact_day as
with copy as (
  select message, exhibit, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
  from message group by message, exhibit
),
stated as (
  select from_account, to_account, object as message, exhibit,
         min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
  from relation
  where relation in ('to', 'cc', 'bcc') and from_account <> to_account
  group by from_account, to_account, object, exhibit
),
placed as (
  select s.from_account, s.to_account, m.channel, s.exhibit, s.message, m.time,
         cast(floor(m.time / 86400e6) as bigint) as day, coalesce(c.pointer, s.pointer) as pointer,
         s.exhibit = min(s.exhibit) over (partition by s.from_account, s.to_account, s.message) as is_first
  from stated s join known_message m on m.message = s.message
       left join copy c on c.message = s.message and c.exhibit = s.exhibit
)
select from_account, to_account, channel, exhibit, day, count(*) as messages,
       count(*) filter (is_first) as first_messages, min(time) as first_time, max(time) as last_time,
       arg_min(pointer, (coalesce(time, 9223372036854775807), pointer)) as pointer
from placed
group by from_account, to_account, channel, exhibit, day`;

/** Tables of a generation that the graph is read from. */
export const graphTables = ['known_account', 'contact_day', 'person', 'queue', 'link'] as const;

/** A table's file under its name. */
export function viewOfFile(table: string, file: string): string {
  return `create view ${table} as select * from read_parquet('${file.replaceAll("'", "''")}')`;
}

/** Accounts in the order of their numbers in `graphRows`, with the person each is part of. */
export const graphAccounts = `
select k.account, k.handle, p.person
from known_account k left join person p on p.account = k.account
order by k.account`;

export const graphRows = `
with numbered as (select account, row_number() over (order by account) - 1 as number from known_account)
select f.number as from_number, t.number as to_number, c.channel, c.exhibit, c.day, c.messages, c.first_messages,
       c.first_time, c.last_time, c.pointer
from contact_day c join numbered f on f.account = c.from_account join numbered t on t.account = c.to_account`;

export const graphBands = 'select person, band, rank from queue order by person';

/** Pairs that hold persons together, and pairs of which a human was unsure. */
export const graphLinks = `
select l.account_a, l.account_b, l.bits, l.decision, a.person is not distinct from b.person as joined
from link l join person a on a.account = l.account_a join person b on b.account = l.account_b
where a.person = b.person or l.decision = 'unsure'
order by l.account_a, l.account_b`;
