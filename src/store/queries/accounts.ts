/**
 * Every account known to the operation, once: those that an exhibit states (the first statement in the order
 * of exhibit and place stands for the rest) and those only referred to, such as the deleted recipient of a
 * message.
 */
export const makeKnownAccounts = `
create table known_account as
with stated as (
  select account, service, native_id, handle, kind, status, time, time_text, time_zone, attributes,
         pointer_of(exhibit, source_path, source_offset, source_length) as pointer
  from account
  qualify row_number() over (partition by account order by exhibit, source_path, source_offset) = 1
),
reference as (
  select sender as account, exhibit, source_path, source_offset, source_length from message
  union all select from_account, exhibit, source_path, source_offset, source_length from relation
  union all select to_account, exhibit, source_path, source_offset, source_length from relation
  union all select account, exhibit, source_path, source_offset, source_length from sighting
  union all select account, exhibit, source_path, source_offset, source_length from file
  union all select account, exhibit, source_path, source_offset, source_length from event
),
referred as (
  select account, min(pointer_of(exhibit, source_path, source_offset, source_length)) as pointer
  from reference
  where account is not null and account not in (select account from stated)
  group by account
)
select * from stated
union all
select account, split_part(account, '/', 1), substr(account, instr(account, '/') + 1), null, 'referred to', null,
       null, null, null, null, pointer
from referred
order by account`;

/** Messages once each, however many exhibits hold them; the first pointer stands, all are counted. */
export const makeKnownMessages = `
create table known_message as
select message, any_value(service) as service, any_value(channel) as channel, arg_min(sender, place_key) as sender,
       arg_min(time, place_key) as time, min(place_key) as pointer, count(*) as copies
from (select *, pointer_of(exhibit, source_path, source_offset, source_length) as place_key from message)
group by message`;

/** Contacts between accounts: messages addressed by one to another, per channel, each message once. */
export const makeContacts = `
create table contact as
select r.from_account, r.to_account, m.channel, count(distinct m.message) as messages,
       min(m.time) as first_time, max(m.time) as last_time, min(m.pointer) as pointer
from relation r join known_message m on m.message = r.object
where r.relation in ('to', 'cc', 'bcc') and r.from_account <> r.to_account
group by all
order by all`;

/**
 * Requests of web logs whose session id the board's own records give to one account: who did what. A session
 * that several accounts used says nothing.
 */
export const makeAttributedRequests = `
create table attributed_request as
with owner as (
  select e.session, min(e.account) as account
  from event e join known_account k on k.account = e.account
  where e.action = 'session' and e.session is not null and k.kind is distinct from 'system'
  group by e.session having count(distinct e.account) = 1
)
select o.account, r.action, r.target, r.time, r.time_text, r.time_zone, r.ip, r.status, r.session,
       r.exhibit, r.source_path, r.source_offset, r.source_length,
       pointer_of(r.exhibit, r.source_path, r.source_offset, r.source_length) as pointer
from event r join owner o on o.session = r.session
where r.method is not null and r.account is null
order by pointer`;
