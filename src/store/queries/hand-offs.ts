/**
 * Given selectors, hand-offs and leads. Channels on which few people read what one writes; mail to a list and
 * chats of many are none.
 */
const privateChannels = `('private message', 'mail', 'chat')`;

/**
 * Messages that $most people or fewer read, each once, with their readers: those addressed, or where a chat names
 * nobody, the others who write in it. Only those whose text matches $hint, or in which $offered finds a name that
 * another service knows, and what the same account wrote to the
 * same readers right before and after. Ordered so that these follow each other.
 */
export const privateMessages = `
with handle as (
  select distinct service, lower(handle) as handle from known_account
  where service <> 'mail' and length(handle) >= 6 and kind is distinct from 'system' and kind is distinct from 'subscriber'
),
word as (
  select message, service, unnest(regexp_extract_all(lower(body), $offered, 1)) as word
  from message where channel in ${privateChannels}
),
named as (
  select distinct w.message from word w join handle h on h.handle = w.word and h.service <> w.service
),
said as materialized (
  select message, service, channel, sender, time, time_text, time_zone, thread, exhibit, source_path, source_offset,
         source_length, (regexp_matches(lower(body), $hint) or regexp_matches(body, '[a-z0-9]AT[a-z0-9]')
         or message in (select message from named)) as hinted
  from message
  where channel in ${privateChannels} and body is not null and sender is not null
    and not (channel = 'mail' and place is not null)
  qualify row_number() over (partition by message order by exhibit, source_path, source_offset) = 1
),
addressed as (
  select object as message, list_sort(list(distinct to_account)) as readers
  from relation where relation in ('to', 'cc', 'bcc') and from_account <> to_account and to_account is not null
  group by object
),
spoke as (
  select thread, list_sort(list(distinct sender)) as speakers
  from said where channel = 'chat' and thread is not null group by thread
),
heard as (
  select s.*, coalesce(a.readers, list_filter(p.speakers, lambda x: x <> s.sender)) as readers
  from said s left join addressed a on a.message = s.message
       left join spoke p on s.channel = 'chat' and p.thread = s.thread and a.readers is null
),
beside as (
  select *, hinted or coalesce(lag(hinted) over talk, false) or coalesce(lead(hinted) over talk, false) as near
  from heard where len(readers) between 1 and $most
  window talk as (partition by sender, readers, channel order by time nulls last, exhibit, source_path, source_offset)
)
select b.message, b.service, b.channel, b.sender, b.time, b.time_text, b.time_zone, m.body,
       pointer_of(b.exhibit, b.source_path, b.source_offset, b.source_length) as pointer,
       array_to_string(b.readers, chr(31)) as readers
from beside b join message m on m.message = b.message and m.exhibit = b.exhibit
  and m.source_path is not distinct from b.source_path and m.source_offset is not distinct from b.source_offset
where b.near
order by b.sender, readers, b.channel, b.time nulls last, b.exhibit, b.source_path, b.source_offset`;

/** Handles by which accounts are known on services other than mail, whose names are those of people. */
export const handlesByService = `
select distinct service, lower(handle) as handle from (
  select service, handle from known_account
  where handle is not null and service <> 'mail' and kind is distinct from 'system' and kind is distinct from 'subscriber'
  union all
  select split_part(account, '/', 1), raw from sighting
  where selector = 'handle' and context in ('user name', 'former name') and raw is not null and account is not null
) where length(handle) >= 4 order by service, handle`;

/** Accounts that state a selector as their own. */
export const statedBy = `
select distinct selector, canonical, account from sighting
where selector in ('email', 'phone', 'messenger') and basis in ('self-declared', 'provider-verified')
  and context not in ('to', 'cc', 'bcc') and canonical in (select unnest($values)) and account is not null
order by selector, canonical, account`;

export const createGivenSelectors = `create table given_selector (given varchar, message varchar, from_account varchar,
  to_account varchar, service varchar, channel varchar, selector_kind varchar, selector_service varchar, selector varchar,
  comparison_key varchar, raw varchar, style varchar, meant varchar, time bigint, time_text varchar, time_zone varchar,
  pointers varchar)`;
export const insertGivenSelectors = `insert into given_selector select unnest($given), unnest($message), unnest($from),
  unnest($to), unnest($service), unnest($channel), unnest($kind), nullif(unnest($selectorService), ''), unnest($selector),
  unnest($key), unnest($raw), unnest($style), unnest($meant), nullif(unnest($time), '')::bigint,
  nullif(unnest($timeText), ''), nullif(unnest($timeZone), ''), unnest($pointers)`;
export const allGivenSelectors = `
select * from given_selector order by time nulls last, given`;

/** Accounts by which a selector is known on a channel: the mailbox itself, or a name or id stated there. */
export const accountsOfSelectors = `
select 'email' as kind, native_id as canonical, account, null as service from known_account
where service = 'mail' and native_id in (select unnest($values))
union
select 'handle', lower(handle), account, service from known_account
where service <> 'mail' and kind is distinct from 'subscriber' and kind is distinct from 'system'
  and lower(handle) in (select unnest($values))
union
select selector, canonical, account, split_part(account, '/', 1) from sighting
where selector in ('messenger', 'phone', 'handle') and basis in ('self-declared', 'provider-verified')
  and (selector <> 'handle' or context = 'user name') and canonical in (select unnest($values)) and account is not null
order by all`;

/** Messages named by a table named heard (message), each once, with the first place each stands. */
const heardMessages = `
select message, any_value(channel) as channel, arg_min(time, k) as time, arg_min(time_text, k) as time_text,
       arg_min(time_zone, k) as time_zone, bool_and(in_reply_to is null) as opens, min(k) as pointer
from (select *, pointer_of(exhibit, source_path, source_offset, source_length) as k from message
      where channel in ${privateChannels} and message in (select message from heard))
group by message`;

/** Private traffic in which one of $accounts takes part, each message and reader once. */
export const trafficOf = `
with wanted as (select unnest($accounts) as account),
loose as materialized (
  select distinct message, sender, thread from message
  where channel = 'chat' and thread is not null and sender is not null
    and message not in (select object from relation where relation in ('to', 'cc', 'bcc') and object is not null)
),
heard as materialized (
  select distinct from_account, to_account, object as message from relation
  where relation in ('to', 'cc', 'bcc') and from_account <> to_account
    and (from_account in (select account from wanted) or to_account in (select account from wanted))
  union
  select distinct a.sender, b.sender, a.message
  from loose a join (select distinct sender, thread from loose) b on a.thread = b.thread and a.sender <> b.sender
  where a.sender in (select account from wanted) or b.sender in (select account from wanted)
),
known as (${heardMessages})
select a.from_account, a.to_account, m.channel, m.message, m.time, m.time_text, m.time_zone, m.opens, m.pointer
from heard a join known m on m.message = a.message
order by m.time nulls last, m.pointer, a.from_account, a.to_account`;

/** Private messages between pairs ($a[i], $b[i]), both ways. */
export const trafficBetween = `
with pair as (
  select distinct unnest($a) as a, unnest($b) as b union select distinct unnest($b), unnest($a)
),
heard as materialized (
  select distinct r.from_account, r.to_account, r.object as message
  from relation r join pair p on r.from_account = p.a and r.to_account = p.b
  where r.relation in ('to', 'cc', 'bcc')
),
known as (${heardMessages})
select a.from_account, a.to_account, m.channel, m.time, m.time_text, m.time_zone, m.pointer
from heard a join known m on m.message = a.message
order by m.time nulls last, m.pointer, a.from_account, a.to_account`;

/** Addresses that accounts used, by day, with the first place. */
export const addressesUsed = `
select account, canonical as ip, cast(floor(time / 86400e6) as bigint) as day,
       min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
from sighting
where selector = 'ip' and canonical is not null and time is not null and account in (select unnest($accounts))
group by all order by account, ip, day`;

/** By how many accounts of one service an address was used in each week: public lines are used by many. */
export const addressUsers = `
select canonical as ip, cast(floor(time / (7 * 86400e6)) as bigint) as week, max(accounts) as accounts from (
  select canonical, time, count(distinct account) over (
    partition by canonical, split_part(account, '/', 1), cast(floor(time / (7 * 86400e6)) as bigint)) as accounts
  from sighting where selector = 'ip' and time is not null and account is not null
    and canonical in (select unnest($ips)))
group by all order by ip, week`;

export const personsOf = `
select account, person from person where account in (select unnest($accounts)) order by account`;
export const accountsBeside = `
select p.person, q.account from (select distinct person from person where account in (select unnest($accounts))) p
join person q on q.person = p.person order by q.account`;

/**
 * Pairs of persons who wrote to each other on two channels or more: the private forum contact ended, the other began
 * after it.
 */
export const movedContacts = `
with sides as (
  select least(a.person, b.person) as one, greatest(a.person, b.person) as other, c.channel, c.from_account, c.to_account,
         c.messages, c.first_time, c.last_time
  from contact c join person a on a.account = c.from_account join person b on b.account = c.to_account
  where a.person <> b.person and c.channel in ${privateChannels}
),
total as (
  select one, other, channel, sum(messages)::bigint as messages, min(first_time) as first_time, max(last_time) as last_time,
         min_by(from_account || chr(31) || to_account, (first_time, from_account)) as began,
         max_by(from_account || chr(31) || to_account, (last_time, from_account)) as ended
  from sides group by one, other, channel
)
select b.one, b.other, b.channel as before, a.channel as after, b.messages as messages_before, a.messages as messages_after,
       b.last_time, a.first_time, b.ended, a.began
from total b join total a on a.one = b.one and a.other = b.other and a.channel <> b.channel
where b.channel = 'private message' and b.messages >= $least and a.messages >= 2
  and a.first_time > b.last_time and a.first_time - b.last_time <= $within::bigint * 1000000
order by b.one, b.other, a.channel`;

export const createHandOffs = `create table hand_off (hand_off varchar, from_account varchar, to_account varchar,
  from_person varchar, to_person varchar, from_channel varchar, channel varchar, service varchar, style varchar,
  selector_kind varchar, selector varchar, raw varchar, from_other_account varchar, to_other_account varchar,
  first_writer varchar, given_time bigint, first_time bigint, delay_seconds bigint, messages bigint, confidence varchar,
  reasons_for varchar, reasons_against varchar, chain varchar, given varchar)`;
export const insertHandOffs = `insert into hand_off select unnest($handOff), unnest($from), unnest($to),
  nullif(unnest($fromPerson), ''), nullif(unnest($toPerson), ''), unnest($fromChannel), unnest($channel), unnest($service),
  unnest($style), nullif(unnest($kind), ''), nullif(unnest($selector), ''), nullif(unnest($raw), ''), unnest($fromOther),
  unnest($toOther), unnest($firstWriter), nullif(unnest($givenTime), '')::bigint, nullif(unnest($firstTime), '')::bigint,
  nullif(unnest($delay), '')::bigint, unnest($messages)::bigint, unnest($confidence), unnest($reasonsFor),
  unnest($reasonsAgainst), unnest($chain), nullif(unnest($given), '')`;

const sureness = `case confidence when 'firm' then 1 when 'likely' then 2 else 3 end`;
const handOffColumns = `h.hand_off, h.from_account, h.to_account, kf.handle as from_handle, kt.handle as to_handle,
  h.from_person, h.to_person, h.from_channel, h.channel, h.service, h.style, h.selector_kind, h.selector, h.raw,
  h.from_other_account, h.to_other_account, h.first_writer, h.first_time, h.delay_seconds, h.messages, h.confidence,
  h.reasons_for, h.reasons_against, h.chain`;
export const handOffsPage = `
select ${handOffColumns} from hand_off h left join known_account kf on kf.account = h.from_account
  left join known_account kt on kt.account = h.to_account
where $person = '' or h.from_person = $person or h.to_person = $person
order by ${sureness}, h.first_time nulls last, h.hand_off limit $limit offset $offset`;
export const handOffCounts = `
select confidence, count(*) as hand_offs from hand_off
where $person = '' or from_person = $person or to_person = $person group by confidence order by confidence`;
export const givenOfPerson = `
select g.given, g.from_account, g.to_account, kf.handle as from_handle, kt.handle as to_handle, pf.person as from_person,
       pt.person as to_person, g.channel, g.style, g.selector_kind, g.selector_service as service, g.selector, g.raw,
       g.meant, g.time, g.time_text, g.time_zone, g.pointers,
       g.given in (select given from hand_off where given is not null) as followed
from given_selector g left join person pf on pf.account = g.from_account left join person pt on pt.account = g.to_account
  left join known_account kf on kf.account = g.from_account left join known_account kt on kt.account = g.to_account
where pf.person = $person or pt.person = $person
order by g.time nulls last, g.given limit $limit`;
/** What an exercise is scored by. */
export const handOffsFound = `
select from_account, to_account, channel, selector, style, confidence, given_time, first_time, from_other_account,
       to_other_account, chain from hand_off order by hand_off`;
export const givenFound = `
select from_account, to_account, channel, selector, comparison_key, style, meant, time, message from given_selector order by given`;

/** Mail accounts in whose own mailbox an exhibit lies: who takes part in (nearly) all of a file's mails. */
export const mailboxOwners = `
with mail as (
  select m.exhibit, m.source_path, m.message, m.sender from message m
  where m.channel = 'mail' and m.sender is not null
),
part as (
  select exhibit, source_path, message, sender as account from mail
  union
  select m.exhibit, m.source_path, m.message, r.to_account from mail m
  join relation r on r.object = m.message and r.exhibit = m.exhibit and r.source_path = m.source_path
),
total as (select exhibit, source_path, count(distinct message) as mails from mail group by all)
select distinct account from (
  select p.account, count(distinct p.message) as took, any_value(t.mails) as mails
  from part p join total t on t.exhibit = p.exhibit and t.source_path = p.source_path
  group by p.account, p.exhibit, p.source_path
) where mails >= 5 and took >= mails * 0.6 order by account`;

/** Where selectors stand with an account that a provider answers for: nothing is left to ask about who holds them. */
export const answeredSelectors = `
select distinct selector as kind, canonical from sighting
where basis = 'provider-verified' and selector in ('email', 'phone', 'messenger') and canonical is not null
  and context in ('subscriber', 'registration', 'reported') order by kind, canonical`;

/** Accounts of direct chats that an exhibit holds. */
export const chatAccounts = `
select distinct sender as account from message where channel = 'chat' and sender is not null order by account`;

export const queuedPersons = `
select q.rank, q.person, p.account, k.handle from queue q join person p on p.person = q.person
join known_account k on k.account = p.account order by q.rank, p.account`;
export const personHandles = `
select p.person, p.account, k.handle, q.rank from person p join known_account k on k.account = p.account
left join queue q on q.person = p.person
where p.person in (select unnest($persons)) order by p.person, p.account`;

/** Logins and other uses of an address by accounts, in order of time. */
export const loginsOf = `
select p.person, s.account, s.canonical as ip, s.raw, s.port, s.time, s.time_text, s.time_zone, s.context,
       pointer_of(s.exhibit, s.source_path, s.source_offset, s.source_length) as pointer
from sighting s join person p on p.account = s.account
where s.selector = 'ip' and s.context not in ('lease', 'asked time') and p.person in (select unnest($persons))
order by p.person, s.time nulls last, s.time_text, pointer`;

/** What subscriber returns answer: an address over a time, or at a time. */
export const answeredAddresses = `
select service, action, ip, port, time, text from event
where action in ('lease', 'subscriber at time') order by service, ip, time nulls last, text`;

export const createLeads = `create table lead (rank bigint, lead varchar, kind varchar, provider varchar,
  provider_basis varchar, selector_kind varchar, selector varchar, queue_rank bigint, persons varchar, accounts varchar,
  count bigint, why varchar, ask varchar, cannot varchar, times varchar, pointers varchar, left_out bigint)`;
export const insertLeads = `insert into lead select unnest($rank)::bigint, unnest($lead), unnest($kind),
  nullif(unnest($provider), ''), unnest($providerBasis), unnest($selectorKind), unnest($selector),
  nullif(unnest($queueRank), '')::bigint, unnest($persons), unnest($accounts), unnest($count)::bigint, unnest($why),
  unnest($ask), nullif(unnest($cannot), ''), unnest($times), unnest($pointers), unnest($leftOut)::bigint`;
export const leadsPage = `
select * from lead where $person = '' or contains(persons, '"' || $person || '"') order by rank limit $limit offset $offset`;
export const leadCounts = `
select count(*) as kept, coalesce(max(left_out), 0) as left_out from lead`;
export const personKnown = `select count(*) as accounts from person where person = $person`;
