import type { Command } from 'commander';
import type { Operation } from '../../store/operation.ts';
import {
  adoptRules,
  checkRules,
  type MovedPerson,
  previewRules,
  readRulesFile,
  showRules,
} from '../../workbench/rules.ts';
import { exitCode, safeText, table } from '../terminal.ts';
import { type Options, print, verb, withGeneration, withOperation } from '../verb.ts';
import { byOf, record } from './acts.ts';

/** The rules by which persons are ranked. */
export function addRulesVerbs(program: Command): void {
  const rules = program.command('rules').description('the rules by which persons are ranked');
  verb(rules, 'show', 'the rules in force, as a file that can be edited and adopted', {
    isDefault: true,
  }).action(withOperation(false, show));
  verb(rules, 'check', 'whether a file can be adopted, and if not, why and where')
    .argument('<file>', 'a file, or a scheme that Waymark brings')
    .action(withOperation(false, check));
  verb(rules, 'preview', 'who would enter, leave or move; nothing changes')
    .argument('<file>')
    .action(withOperation(false, preview));
  verb(rules, 'adopt', 'adopt rules by decision; they rank from the next build on')
    .argument('<file>')
    .requiredOption('--reason <text>', 'why, in a sentence')
    .action(withOperation(false, adopt));
}

async function show(operation: Operation, options: Options): Promise<undefined> {
  const view = showRules(operation);
  print(options, view, () =>
    [
      view.adopted
        ? `# adopted by decision ${view.adopted.sequence}, ${safeText(view.adopted.author)}, ${view.adopted.time}: ${safeText(view.adopted.reason)}`
        : '# the scheme that Waymark brings',
      `# digest ${view.digest}${view.built ? '' : '; not built yet'}`,
      view.text.trimEnd(),
    ].join('\n'),
  );
}

async function check(_operation: Operation, options: Options, file: string): Promise<number> {
  const { scheme, digest, problems } = checkRules(readRulesFile(file));
  print(options, { scheme, digest, problems }, () =>
    scheme
      ? `"${safeText(scheme.name)}" version ${scheme.version} can be adopted: ${scheme.bands.length} bands, ${scheme.rules.length} rules, digest ${digest}`
      : problems
          .map(
            ({ line, what, remedy }) =>
              `${line === null ? file : `${file}:${line}`}: ${safeText(what)}. ${remedy}`,
          )
          .join('\n'),
  );
  return scheme ? exitCode.done : exitCode.failed;
}

async function preview(operation: Operation, options: Options, file: string): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => previewRules(engine, readRulesFile(file), file));
  print(options, view, () =>
    [
      `${view.persons.now} persons now, ${view.persons.after} then: ${view.enters} enter, ${view.leaves} leave, ${view.changesBand} change band, ${view.moves} move within theirs`,
      table(
        ['band', 'now', 'then'],
        view.bands.map(({ band, now, after }) => [band, String(now), String(after)]),
      ),
      table(
        ['person', 'accounts', 'now', 'then'],
        view.changes.map((each) => [
          each.person,
          each.handles.join(', '),
          placeText(each.from),
          placeText(each.to),
        ]),
        60,
      ),
      ...(view.more ? ['more changes are not shown'] : []),
      'Nothing was changed.',
    ].join('\n'),
  );
}

function placeText(place: MovedPerson['from']): string {
  return place === null ? 'not in the queue' : `${place.band} ${place.rank}`;
}

async function adopt(operation: Operation, options: Options, file: string): Promise<undefined> {
  const text = readRulesFile(file);
  return record(
    operation,
    options,
    () => adoptRules(operation, text, byOf(options), file),
    'Run "build" for the queue that follows from it.',
  );
}
