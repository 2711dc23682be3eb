/** What a package says of chosen persons ($persons). Column names are a contract with partner agencies. */
export const packagedAccounts = `
select p.person, k.account, k.service, k.native_id, k.handle, k.kind, k.status, iso(k.time) as created_at,
       k.time_text as created_text, k.time_zone as created_zone, k.pointer
from person p join known_account k on k.account = p.account
where p.person in (select unnest($persons)) order by p.person, k.account`;

export const packagedSelectors = `
select p.person, s.account, s.selector, s.raw, s.canonical, s.port, s.basis, s.context, count(*) as times,
       iso(min(s.time)) as first_at, iso(max(s.time)) as last_at,
       min_by(s.time_text, s.time) as first_text, min_by(s.time_zone, s.time) as first_zone,
       min(pointer_of(s.exhibit, s.source_path, s.source_offset, s.source_length)) as pointer
from sighting s join person p on p.account = s.account
where p.person in (select unnest($persons))
group by p.person, s.account, s.selector, s.raw, s.canonical, s.port, s.basis, s.context
order by p.person, s.account, s.selector, s.canonical, s.raw, s.port, s.basis, s.context`;

export const packagedIndicators = `
select p.person, i.account, i.indicator, i.text, i.pointer, i.more_pointers, i.against, iso(i.time) as at
from indicator i join person p on p.account = i.account
where p.person in (select unnest($persons)) order by p.person, i.account, i.indicator, i.pointer`;

/** Links inside the chosen persons: what speaks for and against their accounts being one human's. */
export const packagedLinks = `
select a.person, l.account_a, l.account_b, l.bits, l.decision, l.evidence
from link l join person a on a.account = l.account_a join person b on b.account = l.account_b
where a.person = b.person and a.person in (select unnest($persons)) order by l.account_a, l.account_b`;

/** Contacts among the chosen persons; those with others are only counted. */
export const packagedContacts = `
select a.person as from_person, c.from_account, b.person as to_person, c.to_account, c.channel, c.messages,
       iso(c.first_time) as first_at, iso(c.last_time) as last_at, c.pointer
from contact c join person a on a.account = c.from_account join person b on b.account = c.to_account
where a.person in (select unnest($persons)) and b.person in (select unnest($persons))
order by c.from_account, c.to_account, c.channel`;

export const withheldContacts = `
select count(*) as contacts
from contact c left join person a on a.account = c.from_account left join person b on b.account = c.to_account
where (a.person in (select unnest($persons))) is distinct from (b.person in (select unnest($persons)))`;

/** What the chosen persons wrote: text alone, never a file. */
export const packagedMessages = `
select p.person, m.message, m.service, m.channel, m.sender, iso(m.time) as at, m.time_text, m.time_zone, m.place, m.thread,
       m.subject, m.body, m.state, pointer_of(m.exhibit, m.source_path, m.source_offset, m.source_length) as pointer
from message m join person p on p.account = m.sender
where p.person in (select unnest($persons))
order by p.person, m.time nulls last, pointer`;

/** The selectors of a person, each value once. */
export const selectorsOfPerson = `
select distinct s.selector, s.canonical from sighting s join person p on p.account = s.account
where p.person = $person and s.canonical is not null order by s.selector, s.canonical`;
