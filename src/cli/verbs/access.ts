import { type Command, Option } from 'commander';
import { authorityKinds } from '../../access/authority.ts';
import { givenRoles } from '../../access/can.ts';
import { twoPersonActs } from '../../persons/decision-kinds.ts';
import type { Operation } from '../../store/operation.ts';
import {
  type AuthorityView,
  addAuthority,
  applyExpiry,
  listAuthorities,
  showAuthority,
  withdrawAuthority,
} from '../../workbench/authorities.ts';
import type { Exclusion } from '../../workbench/exclude.ts';
import { generationInForce } from '../../workbench/overview.ts';
import { answerRequest, listRequests, personsNeeded, requestAct } from '../../workbench/two-persons.ts';
import { addUser, listUsers, recoverUser, setPassword, setRoles, setStatus } from '../../workbench/users.ts';
import { readPassword } from '../log-in.ts';
import { safeText, table } from '../terminal.ts';
import { type Options, print, verb, withGeneration, withOperation, withProgress } from '../verb.ts';
import { actOptions, byOf, oneOf, record } from './acts.ts';

/** Who may come in, what two people must want, and the legal bases of exhibits. */
export function addAccessVerbs(program: Command): void {
  addUserVerbs(program);
  addRequestVerbs(program);
  addAuthorityVerbs(program);
}

function addUserVerbs(program: Command): void {
  const user = program.command('user').description('who may log in to this operation, and as what');
  verb(user, 'list', 'users with their roles', { isDefault: true }).action(withOperation(false, list));
  const role = () =>
    new Option('--role <role...>', 'what they are to the operation')
      .choices([...givenRoles])
      .makeOptionMandatory();
  verb(user, 'add', 'add a user with a first password; the first one is an administrator')
    .argument('<name>')
    .requiredOption('--full-name <text>', 'name of the person')
    .addOption(role())
    .action(withOperation(true, add));
  verb(user, 'roles', 'give a user other roles')
    .argument('<name>')
    .addOption(role())
    .action(
      withOperation(false, (operation, options, name: string) =>
        change(operation, options, `${name} has other roles.`, () =>
          setRoles(operation, name, options.role as string[]),
        ),
      ),
    );
  verb(user, 'close', 'a user logs in no more')
    .argument('<name>')
    .action(
      withOperation(false, (operation, options, name: string) =>
        change(operation, options, `${name} is closed.`, () => setStatus(operation, name, 'closed')),
      ),
    );
  verb(user, 'open', 'open a user who is closed or locked')
    .argument('<name>')
    .action(
      withOperation(false, (operation, options, name: string) =>
        change(operation, options, `${name} is open.`, () => setStatus(operation, name, 'active')),
      ),
    );
  verb(user, 'password', 'set a password of your own').action(
    withOperation(false, (operation, options) => newPassword(operation, options, operation.actor)),
  );
  verb(user, 'reset', 'give a user a new first password, which they must change; opens a lock')
    .argument('<name>')
    .action(withOperation(false, newPassword));
  verb(user, 'recover', 'make a user administrator again when nobody can log in; recorded')
    .argument('<name>')
    .action(withOperation(false, recover));
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const users = listUsers(operation);
  print(options, { users }, () =>
    users.length === 0
      ? 'No users: one officer works here alone.'
      : table(
          ['user', 'person', 'roles', 'status', 'password'],
          users.map((user) => [
            user.name,
            user.full_name,
            user.roles.join(', '),
            user.status,
            user.must_change ? 'to be changed' : '',
          ]),
        ),
  );
}

async function add(operation: Operation, options: Options, name: string): Promise<undefined> {
  const password = await firstPassword(name);
  const given = {
    name,
    full_name: options.fullName as string,
    roles: options.role as string[],
    password,
  };
  const act = await addUser(operation, given);
  await change(operation, options, `${name} can log in, and must then choose a password.`, act);
}

async function newPassword(operation: Operation, options: Options, name: string): Promise<undefined> {
  const act = await setPassword(operation, name, await firstPassword(name));
  await change(operation, options, `${name} has a new password.`, act);
}

async function recover(operation: Operation, options: Options, name: string): Promise<undefined> {
  const act = await recoverUser(operation, name, await firstPassword(name));
  await change(operation, options, `${name} is an administrator and must choose a password.`, act);
}

function firstPassword(name: string): Promise<string> {
  return readPassword(`New password for ${name}: `, 'WAYMARK_NEW_PASSWORD_FILE');
}

async function change(
  operation: Operation,
  options: Options,
  then: string,
  act: () => void,
): Promise<undefined> {
  await operation.exclusively(async () => act());
  print(options, { done: true }, () => then);
}

function addRequestVerbs(program: Command): void {
  const request = program.command('request').description('acts that two people must want');
  verb(request, 'list', 'who asked, who answered, what was carried out', { isDefault: true }).action(
    withOperation(false, listAll),
  );
  verb(request, 'make', 'ask a second person for an export or an erasure of exactly this')
    .argument('<act>', twoPersonActs.join(' or '))
    .argument('<what...>', 'for an export: "table persons" "format csv"')
    .requiredOption('--reason <text>', 'why, in a sentence')
    .action(withOperation(false, make));
  verb(request, 'answer', "approve or refuse another person's request")
    .argument('<number>')
    .addOption(
      new Option('--as <answer>', 'what you say').choices(['approved', 'refused']).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why, in a sentence')
    .action(withOperation(false, answer));
}

async function listAll(operation: Operation, options: Options): Promise<undefined> {
  const requests = listRequests(operation);
  const needed = {
    export: personsNeeded(operation, 'export'),
    erasure: personsNeeded(operation, 'erasure'),
  };
  print(options, { needed, requests }, () =>
    [
      `persons needed: ${needed.export} to export, ${needed.erasure} to erase`,
      table(
        ['#', 'act', 'what', 'asked by', 'why', 'answer'],
        requests.map((each) => [
          String(each.sequence),
          each.act,
          each.what.join(', '),
          each.author,
          each.reason,
          each.answer
            ? `${each.answer.value} by ${each.answer.author}${each.used ? ', carried out' : ''}`
            : 'open',
        ]),
      ),
    ].join('\n\n'),
  );
}

function make(operation: Operation, options: Options, act: string, what: string[]): Promise<undefined> {
  const matter = { act: oneOf(twoPersonActs, act, 'act'), what };
  return record(
    operation,
    options,
    () => requestAct(operation, matter, byOf(options)),
    'Another person answers it.',
  );
}

function answer(operation: Operation, options: Options, number: string): Promise<undefined> {
  const value = options.as as 'approved' | 'refused';
  return record(operation, options, () => answerRequest(operation, Number(number), value, byOf(options)), '');
}

function addAuthorityVerbs(program: Command): void {
  const authority = program
    .command('authority')
    .description('legal bases under which exhibits were obtained: what each covers, and until when');
  verb(authority, 'list', 'how they stand today, with their exhibits', { isDefault: true }).action(
    withOperation(false, listThem),
  );
  verb(authority, 'show', 'one authority: records inside and outside it, every act')
    .argument('<reference>')
    .action(withOperation(false, showIt));
  actOptions(verb(authority, 'add', 'record an authority, or its new terms'))
    .argument('<reference>', 'as exhibits name it with --authority')
    .addOption(new Option('--kind <kind>', 'what it is').choices([...authorityKinds]).makeOptionMandatory())
    .requiredOption('--issuer <text>', 'court, prosecutor or agency that issued it')
    .option('--valid-from <day>', 'first day on which it stands, in UTC')
    .option('--valid-until <day>', 'last day on which it stands')
    .option('--people <account...>', 'accounts whose records it covers; none: all')
    .option('--services <service...>', 'services whose records it covers; none: all')
    .option('--records-from <day>', 'first day of the records that it covers')
    .option('--records-until <day>', 'last day of the records that it covers')
    .option('--purposes <text...>', 'what may be done with it; none: not limited')
    .option('--unviewed-files', 'it allows to open files that no provider looked at')
    .action(withOperation(true, addIt));
  verb(authority, 'withdraw', 'withdraw an authority: its exhibits close and are excluded')
    .argument('<reference>')
    .requiredOption('--reason <text>', 'why')
    .action(withOperation(false, withdraw));
  verb(authority, 'expire', 'exclude the exhibits of authorities that have expired, and list what fell')
    .requiredOption('--reason <text>', 'why')
    .action(withOperation(false, expire));
}

async function listThem(operation: Operation, options: Options): Promise<undefined> {
  const view = listAuthorities(operation, operation.time());
  print(options, view, () =>
    [
      table(
        ['authority', 'kind', 'issuer', 'covers', 'valid', 'stands', 'exhibits'],
        view.authorities.map((each) => [
          each.reference,
          each.kind ?? '',
          each.issuer ?? '',
          coversText(each),
          validText(each),
          each.standing,
          `${each.exhibits.length}${each.excluded.length > 0 ? ` and ${each.excluded.length} excluded` : ''}`,
        ]),
      ),
      view.without.length > 0 ? `${view.without.length} exhibits name no authority.` : '',
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
}

function coversText(each: AuthorityView): string {
  const parts = [
    each.people && `${each.people.length} people`,
    each.services?.join(', '),
    (each.records_from || each.records_until) &&
      `records ${each.records_from ?? ''} to ${each.records_until ?? ''}`,
    each.purposes && `for ${each.purposes.join(', ')}`,
    each.unviewed_files && 'files no provider viewed',
  ];
  return parts.filter(Boolean).join('; ') || (each.recorded ? 'all' : '');
}

function validText({ valid_from, valid_until }: AuthorityView): string {
  return valid_from || valid_until ? `${valid_from ?? ''} to ${valid_until ?? ''}` : '';
}

async function showIt(operation: Operation, options: Options, reference: string): Promise<undefined> {
  const now = operation.time();
  const detail =
    generationInForce(operation) === null
      ? await showAuthority(operation, null, reference, now)
      : await withGeneration(operation, (engine) => showAuthority(operation, engine, reference, now));
  print(options, detail, () =>
    [
      `${safeText(detail.reference)}: ${detail.standing}; ${coversText(detail) || 'its terms are not recorded'}`,
      table(
        ['exhibit', 'records', 'read', 'inside', 'outside'],
        detail.records.map((row) => [
          row.exhibit,
          row.table,
          String(row.read),
          String(row.inside),
          String(row.outside),
        ]),
      ),
      detail.locked.files > 0 ? `${detail.locked.files} files are locked: no provider looked at them.` : '',
      table(
        ['#', 'time', 'by', 'act', 'why'],
        detail.history.map((each) => [
          String(each.sequence),
          each.time,
          each.author,
          each.value,
          each.reason,
        ]),
      ),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
}

function addIt(operation: Operation, options: Options, reference: string): Promise<undefined> {
  const given = {
    kind: options.kind,
    issuer: options.issuer,
    valid_from: options.validFrom,
    valid_until: options.validUntil,
    people: options.people,
    services: options.services,
    records_from: options.recordsFrom,
    records_until: options.recordsUntil,
    purposes: options.purposes,
    unviewed_files: options.unviewedFiles,
  };
  const terms = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return record(
    operation,
    options,
    () => addAuthority(operation, reference, terms as never, byOf(options)),
    'It holds at once for what is opened; results follow with the next build.',
  );
}

async function withdraw(operation: Operation, options: Options, reference: string): Promise<undefined> {
  const result = await withProgress((onProgress) =>
    withdrawAuthority(operation, reference, byOf(options), onProgress),
  );
  print(options, result, () => fellText(result.exclusions));
}

async function expire(operation: Operation, options: Options): Promise<undefined> {
  const result = await withProgress((onProgress) => applyExpiry(operation, byOf(options), onProgress));
  print(options, result, () => fellText(result.exclusions));
}

function fellText(exclusions: readonly Exclusion[]): string {
  if (exclusions.length === 0) return 'No exhibit had to be excluded.';
  const lines = exclusions.map(
    ({ exhibit, generation, packages }) =>
      `Exhibit ${exhibit} is excluded; generation ${generation} stands without it; ${packages.length} packages sent cite it.`,
  );
  return [...lines, 'What fell with each stays on record: "exhibit show", or --json here.'].join('\n');
}
