import type { Answer } from '../api.ts';
import { asEvidence, asSeen, type Evidence } from './evidence.ts';
import { utc } from './time.tsx';

type Lead = Answer<'listLeads'>['leads'][number];

/**
 * A lead as plain text for a request that a human writes: with marks for characters that would not be seen, so
 * that what is copied is what was read. Never sent by Waymark.
 */
export function draftOf(lead: Lead): Evidence {
  const lines = [
    'DRAFT of a request. To be checked, completed and sent by a human.',
    '',
    `To: ${lead.provider === null ? '(find out first who provides it)' : asSeen(lead.provider)}`,
    `Why this provider: ${lead.provider_basis}`,
    `Concerning: ${lead.selector_kind} ${asSeen(lead.selector)}`,
    '',
    `Why: ${asSeen(lead.why)}`,
    '',
    'What is asked:',
    ...lead.ask.map((ask, index) => `  ${index + 1}. ${asSeen(ask)}`),
    ...(lead.times.length === 0
      ? []
      : [
          '',
          'Times (UTC; as the source has it, with the zone it states):',
          ...lead.times.map((each) => {
            const when = each.time === null ? 'UTC not fixed' : `${utc(each.time)} UTC`;
            const stated = each.time_text === null ? '' : `, in the source "${asSeen(each.time_text)}"`;
            const zone = each.time_zone === null ? 'no zone stated' : `zone ${asSeen(each.time_zone)}`;
            const port = each.port === null ? 'port not stated' : `port ${each.port}`;
            return `  - ${when}${stated} (${zone}; ${each.zone_basis}), ${port}, ${each.what}; source ${asSeen(each.pointer)}`;
          }),
        ]),
    '',
    `Accounts: ${lead.accounts.map((account) => asSeen(account)).join(', ')}`,
    `Sources: ${lead.pointers.map((pointer) => asSeen(pointer)).join(', ')}`,
    ...(lead.count > lead.pointers.length ? [`(it stands in ${lead.count} places in all)`] : []),
  ];
  return asEvidence(lines.join('\n'));
}
