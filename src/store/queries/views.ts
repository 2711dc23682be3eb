import { exportJurisdictions } from './place.ts';

/** What people look at: one person, lists, exports. Times come as UTC microseconds. */
export const personsPage = `
with listed as (
  select p.person, count(*) as accounts, any_value(q.band) as band, any_value(q.rank) as rank, count(*) over () as total
  from person p left join queue q on q.person = p.person
  where p.person not in (select unnest($hidden)) and (not $only_noted or p.person in (select unnest($noted)))
    and ($text = '' or p.person = $text or p.person in (
      select p2.person from person p2 join known_account k2 on k2.account = p2.account
      where contains(lower(coalesce(k2.handle, '') || ' ' || p2.account), lower($text))))
  group by p.person order by rank nulls last, accounts desc, p.person limit $limit offset $offset
)
select l.person, l.accounts, list(p.account order by p.account) as account_list,
       list(coalesce(k.handle, '') order by p.account) as handles, l.band, l.rank, l.total
from listed l join person p on p.person = l.person join known_account k on k.account = p.account
group by l.person, l.accounts, l.band, l.rank, l.total order by l.rank nulls last, l.accounts desc, l.person`;

export const personAccounts = `
select k.account, k.service, k.native_id, k.handle, k.kind, k.status, k.time, k.time_text, k.time_zone, k.attributes, k.pointer
from person p join known_account k on k.account = p.account where p.person = $person order by k.account`;

export const personSelectors = `
select s.account, s.selector, s.raw, s.canonical, s.basis, s.context, count(*) as times, min(s.time) as first_time,
       max(s.time) as last_time, min(pointer_of(s.exhibit, s.source_path, s.source_offset, s.source_length)) as pointer
from sighting s join person p on p.account = s.account
where p.person = $person
group by s.account, s.selector, s.raw, s.canonical, s.basis, s.context
order by s.selector, times desc, s.raw, s.account limit 500`;

export const personLinks = `
select l.account_a, l.account_b, l.bits, l.decision, l.threshold, l.evidence,
       pa.person as person_a, pb.person as person_b, ka.handle as handle_a, kb.handle as handle_b
from link l join person pa on pa.account = l.account_a join person pb on pb.account = l.account_b
     join known_account ka on ka.account = l.account_a join known_account kb on kb.account = l.account_b
where pa.person = $person or pb.person = $person
order by l.bits desc, l.account_a, l.account_b limit 200`;

export const personContacts = `
select c.from_account, c.to_account, c.channel, c.messages, c.first_time, c.last_time, c.pointer,
       pf.person as from_person, pt.person as to_person, kf.handle as from_handle, kt.handle as to_handle
from contact c left join person pf on pf.account = c.from_account left join person pt on pt.account = c.to_account
     join known_account kf on kf.account = c.from_account join known_account kt on kt.account = c.to_account
where pf.person = $person or pt.person = $person
order by c.messages desc, c.from_account, c.to_account, c.channel limit 500`;

export const personFiles = `
select f.account, f.name, f.stored_name, f.media_type, f.size, f.time, f.time_text, f.time_zone, f.state,
       coalesce(f.md5, c.md5) as md5, coalesce(f.sha1, c.sha1) as sha1, coalesce(f.sha256, c.sha256) as sha256,
       pointer_of(f.exhibit, f.source_path, f.source_offset, f.source_length) as pointer
from file f join person p on p.account = f.account left join content c on c.name = f.stored_name
where p.person = $person
order by f.time nulls last, pointer limit 500`;

export const personReasons = `select rank, band, reasons from queue where person = $person`;

/** Messages without their text: reading it is a deliberate act on the source. */
export const personMessages = `
select m.sender, m.channel, m.time, m.time_text, m.time_zone, m.place, m.state, octet_length(encode(coalesce(m.body, ''))) as body_bytes,
       pointer_of(m.exhibit, m.source_path, m.source_offset, m.source_length) as pointer
from message m join person p on p.account = m.sender where p.person = $person
order by m.time nulls last, pointer limit $limit offset $offset`;

export const warningsOfExhibit = `
select code, text, pointer_of(exhibit, source_path, source_offset, source_length) as pointer
from warning where exhibit = $exhibit order by source_path, source_offset limit 500`;

export const accountExists = 'select account from known_account where account = $account';
export const accountsWithPersons = `
select k.service, k.native_id, p.person from person p join known_account k on k.account = p.account order by p.account`;
export const contactCounts = 'select from_account, to_account, channel, messages from contact order by all';
export const linksInsidePersons = `
select l.account_a, l.account_b from link l join person a on a.account = l.account_a
join person b on b.account = l.account_b where a.person = b.person`;
export const queueRows = 'select rank, person, band, accounts, reasons from queue order by rank';
export const claimedPlaces = 'select exhibit, source_path from claimed_content';
export const footprintCounts = `
select (select count(*) from known_account) as accounts, (select count(*) from contact) as contacts`;

/** Exports: column names are a contract with outside users. */
export const exportTables = {
  persons: `select p.person as person_id, k.service, k.native_id, k.handle
            from person p join known_account k on k.account = p.account order by p.person, p.account`,
  accounts: `select account, service, native_id, handle, kind, status, iso(time) as created_at, time_text as created_text,
                    time_zone as created_zone, attributes, pointer from known_account order by account`,
  contacts: `select f.service as from_service, f.native_id as from_native_id, t.service as to_service,
                    t.native_id as to_native_id, c.channel, c.messages as count, iso(c.first_time) as first_at,
                    iso(c.last_time) as last_at
             from contact c join known_account f on f.account = c.from_account join known_account t on t.account = c.to_account
             order by c.from_account, c.to_account, c.channel`,
  events: `select service, action, account, target, iso(time) as at, time_text, time_zone, ip, port, session, host, method,
                  url, status, bytes, referrer, agent, text,
                  pointer_of(exhibit, source_path, source_offset, source_length) as pointer
           from event order by time nulls last, exhibit, source_path, source_offset`,
  messages: `select message, service, native_id, channel, sender, sender_name, iso(time) as at, time_text, time_zone, ip,
                    subject, body, body_format, thread, place, in_reply_to, state, attributes,
                    pointer_of(exhibit, source_path, source_offset, source_length) as pointer
             from message order by time nulls last, exhibit, source_path, source_offset`,
  children: `select c.case_number, c.country, c.state, c.since as state_since, c.agency, c.urgency,
                    c.proposed as proposed_urgency, c.owner, c.missing, c.person as person_id, k.service, k.native_id,
                    c.basis, c.pointer
             from listed_child c left join known_account k on k.account = c.account
             order by c.case_number, c.account, c.pointer`,
  outcomes: `select o.sequence as decision, o.kind, o.country, o.agency, o.date, o.case_number, p.person as person_id,
                    k.service, k.native_id, o.reason, o.author, o.time as decided_at
             from listed_outcome o left join known_account k on k.account = o.account
                  left join person p on p.account = o.account
             order by o.sequence, o.account`,
  notes: `select n.sequence as decision, n.kind, n.tag, n.what, p.person as person_id, k.service, k.native_id, n.pointer,
                 n.text, n.author, n.time as noted_at
          from listed_note n left join known_account k on k.account = n.account left join person p on p.account = n.account
          order by n.sequence, n.account`,
  hand_offs: `select h.hand_off, f.service as from_service, f.native_id as from_native_id, t.service as to_service,
                     t.native_id as to_native_id, h.from_person, h.to_person, h.from_channel, h.channel, h.style,
                     h.selector_kind, h.selector, h.raw, h.from_other_account, h.to_other_account, h.first_writer,
                     iso(h.given_time) as given_at, iso(h.first_time) as first_at, h.delay_seconds, h.messages,
                     h.confidence, h.reasons_for, h.reasons_against, h.chain
              from hand_off h join known_account f on f.account = h.from_account join known_account t on t.account = h.to_account
              order by h.hand_off`,
  leads: `select rank, lead, kind, provider, provider_basis, selector_kind, selector, queue_rank, persons, accounts,
                 count, why, ask, cannot, times, pointers
          from lead order by rank`,
  jurisdictions: exportJurisdictions,
  queue: `select rank, person as person_id, band, accounts, reasons from queue order by rank`,
  contact_days: `select from_account, to_account, channel, exhibit,
                        cast(date '1970-01-01' + cast(day as integer) as varchar) as day, messages, first_messages, pointer
                 from contact_day order by from_account, to_account, channel, exhibit, day nulls last`,
  given_selectors: `select given, from_account, to_account, service, channel, selector_kind, selector_service, selector, raw,
                           style, meant, iso(time) as at, time_text, time_zone, pointers
                    from given_selector order by given`,
  place_evidence: `select person as person_id, kind, country, round(score, 3) as score, text, account, against,
                          iso(first_time) as first_at, iso(last_time) as last_at, pointers
                   from place_evidence order by person, row`,
  timeline: `select account, iso(time) as at, time_text, time_zone, kind, role, action, other_account, service, ip, copies,
                    pointer_of(exhibit, source_path, source_offset, source_length) as pointer
             from (select * from timeline union all by name select * from timeline_untimed)
             order by account, time nulls last, pointer, kind, role, other_account`,
  clock_skew: `select * from clock_skew order by basis, exhibit, source_path, reference, from_time`,
} as const;

export type ExportTable = keyof typeof exportTables;

/** Writes an export as Parquet. */
export function copyExport(table: ExportTable, file: string): string {
  return `copy (${exportTables[table]}) to '${file.replaceAll("'", "''")}' (format parquet, compression zstd)`;
}
