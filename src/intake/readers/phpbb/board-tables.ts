import { activityTables } from './activity.ts';
import type { BoardTable } from './board-table.ts';
import { peopleTables } from './people.ts';
import { postTables } from './posts.ts';
import { privateMessageTables } from './private-messages.ts';
import { version2Tables } from './version2.ts';

/** Every table of phpBB that becomes records. To add one, write how its rows are taken and name it here. */
export const boardTables: readonly BoardTable[] = [
  ...peopleTables,
  ...postTables,
  ...privateMessageTables,
  ...version2Tables,
  ...activityTables,
];

/** Tables that are counted only, and why; the key is a beginning of the name behind the prefix. */
const countedTables: [RegExp, string][] = [
  [/^search_/, 'no record type: search index'],
  [/^(?:acl_|auth_access|moderator_cache)/, 'no record type: permissions'],
  [
    /^(?:config|modules|migrations|ext|extensions|extension_groups|lang|oauth_|confirm|words|disallow)/,
    'no record type: board settings',
  ],
  [
    /^(?:styles|themes|teampage|smilies|icons|bbcodes|ranks|categories|reports_reasons|sitelist)/,
    'no record type: board settings',
  ],
  [/^profile_(?:fields|lang)/, 'no record type: board settings'],
  [/^(?:topics|forums)_(?:track|posted|access)|^topics_posted/, 'no record type: reading marks'],
  [/^(?:notification|user_notifications)/, 'no record type: notifications'],
  [/^bots$/, 'no record type: list of crawlers'],
  [/^(?:poll_options|vote_desc|vote_results)/, 'no record type: poll options'],
];

/** Why rows of a board's table are counted only. */
export function reasonCounted(suffix: string): string {
  return countedTables.find(([pattern]) => pattern.test(suffix))?.[1] ?? 'no record type';
}
