import * as fs from 'node:fs';
import { type Command, Option } from 'commander';
import type { Over } from '../../footprint/graph/model.ts';
import type { Network } from '../../footprint/graph/network.ts';
import type { EdgeView, FilterText, ShownNode } from '../../footprint/graph/questions.ts';
import type { Operation } from '../../store/operation.ts';
import {
  type NetworkFormat,
  neighbours,
  openNetwork,
  path,
  summary,
  writeNetwork,
} from '../../workbench/network.ts';
import { assertTwoPersons, carriedOut } from '../../workbench/two-persons.ts';
import { safeText, table } from '../terminal.ts';
import { count, isoOf, type Options, print, verb, withOperation, withProgress } from '../verb.ts';

/** Who is in contact with whom. */
export function addNetworkVerbs(program: Command): void {
  const network = program.command('network').description('who is in contact with whom');
  filtered(verb(network, 'neighbours', 'whom an account or person is in contact with'))
    .argument('<person|account>')
    .addOption(new Option('--hops <n>', 'steps away').choices(['1', '2']).default('1'))
    .option('--fan <n>', 'neighbours shown for each, most messages first', count, 25)
    .option('--limit <n>', 'how many in all', count, 300)
    .action(withOperation(false, showNeighbours));
  filtered(verb(network, 'path', 'the shortest ways by which two are in contact'))
    .argument('<a>', 'a person or account')
    .argument('<b>', 'another')
    .option('--limit <n>', 'how many paths', count, 20)
    .option('--hub <n>', 'walk through nobody with more neighbours than this', count, 0)
    .action(withOperation(false, showPath));
  filtered(verb(network, 'summary', 'contacts by channel, and who has most of them', { isDefault: true }))
    .option('--limit <n>', 'how many', count, 20)
    .action(withOperation(false, showSummary));
  filtered(verb(network, 'export', 'write the contact graph for other programs'))
    .addOption(new Option('--format <format>', 'of the file').choices(['graphml', 'csv']).default('csv'))
    .option('--out <file>', 'file to write instead of standard output')
    .action(withOperation(false, exportNetwork));
}

function filtered(command: Command): Command {
  return command
    .addOption(new Option('--over <nodes>', 'what stands for one').choices(['accounts', 'persons']))
    .option('--from <day>', 'first day (UTC), as 2019-01-31')
    .option('--to <day>', 'last day (UTC)')
    .option('--channel <channel>', 'this channel only')
    .option('--exhibit <exhibit>', 'what stands in this exhibit only');
}

function filterOf(options: Options): FilterText {
  const [from, to, channel, exhibit] = ['from', 'to', 'channel', 'exhibit'].map(
    (name) => options[name] as string | undefined,
  );
  return { from, to, channel, exhibit };
}

async function withNetwork<T>(operation: Operation, work: (network: Network) => Promise<T>): Promise<T> {
  return withProgress(async (onProgress) => {
    const network = await openNetwork(operation, onProgress);
    try {
      return await work(network);
    } finally {
      network.close();
    }
  });
}

const nameOf = (nodes: readonly ShownNode[]) => {
  const labels = new Map(nodes.map(({ node, label }) => [node, label]));
  return (node: string) => (labels.get(node) === node ? node : `${labels.get(node)} (${node})`);
};

async function showNeighbours(operation: Operation, options: Options, of: string): Promise<undefined> {
  const answer = await withNetwork(operation, (network) =>
    neighbours(network, {
      of,
      hops: options.hops === '2' ? 2 : 1,
      over: options.over as Over | undefined,
      fan: Math.max(1, options.fan as number),
      most: Math.max(1, options.limit as number),
      filter: filterOf(options),
    }),
  );
  const name = nameOf(answer.nodes);
  print(options, answer, () =>
    [
      `${safeText(name(answer.of))}: ${answer.reach.one} in contact${answer.reach.two === null ? '' : `, ${answer.reach.two} more at two steps`}`,
      table(
        [
          'step',
          answer.over === 'persons' ? 'person' : 'account',
          'neighbours',
          'hidden',
          'sent',
          'received',
          'band',
          'is',
        ],
        answer.nodes.map((node) => [
          String(node.hop),
          name(node.node),
          String(node.neighbours),
          node.hidden === 0 ? '' : `+${node.hidden} hidden`,
          String(node.sent),
          String(node.received),
          node.band ?? '',
          node.certainty,
        ]),
      ),
      edgeTable(answer.edges, name),
      ...leftOut(answer.hidden.nodes, 'nodes', '--fan or --limit'),
      ...leftOut(answer.hidden.edges, 'pairs'),
      ...undatedLine(answer.undated),
    ].join('\n'),
  );
}

function edgeTable(edges: readonly EdgeView[], name: (node: string) => string): string {
  return table(
    [
      'from',
      'to',
      'channel',
      'messages',
      'first (UTC)',
      'last (UTC)',
      'weaker share',
      'stands out',
      'source',
    ],
    edges.flatMap((edge) =>
      edge.ways.map((way) => [
        name(way.from),
        name(way.to),
        way.channel,
        String(way.messages),
        isoOf(way.first_time),
        isoOf(way.last_time),
        edge.reciprocity.toFixed(2),
        edge.bursts.map((burst) => `${burst.from} to ${burst.to}: ${burst.messages}`).join('; '),
        way.pointer,
      ]),
    ),
  );
}

function leftOut(hidden: number, what: string, remedy?: string): string[] {
  return hidden === 0 ? [] : [`+${hidden} ${what} hidden${remedy ? ` (${remedy} shows more)` : ''}`];
}

function undatedLine(undated: number): string[] {
  return undated === 0
    ? []
    : [`${undated} messages whose time is not known are left out by the range of time`];
}

async function showPath(operation: Operation, options: Options, a: string, b: string): Promise<undefined> {
  const answer = await withNetwork(operation, (network) =>
    path(network, {
      a,
      b,
      over: options.over as Over | undefined,
      most: Math.max(1, options.limit as number),
      hub: options.hub as number,
      filter: filterOf(options),
    }),
  );
  const name = nameOf(answer.nodes);
  print(options, answer, () =>
    [
      answer.length === null
        ? 'No path of contacts leads from one to the other.'
        : `${answer.length} steps; ${answer.exact ? '' : 'more than '}${answer.total} shortest paths`,
      ...answer.paths.map((nodes) => nodes.map((node) => safeText(name(node))).join(' - ')),
      ...leftOut(answer.hidden, 'paths', '--limit'),
      ...(answer.hubs_passed_over === 0
        ? []
        : [`${answer.hubs_passed_over} with more than ${answer.hub} neighbours were not walked through`]),
      ...(answer.edges.length === 0 ? [] : [edgeTable(answer.edges, name)]),
      ...undatedLine(answer.undated),
    ].join('\n'),
  );
}

async function showSummary(operation: Operation, options: Options): Promise<undefined> {
  const answer = await withNetwork(operation, (network) =>
    summary(network, {
      over: (options.over as Over | undefined) ?? 'persons',
      limit: options.limit as number,
      filter: filterOf(options),
      wait: true,
    }),
  );
  const { totals } = answer;
  print(options, answer, () =>
    [
      `${totals.nodes} ${answer.over}, ${totals.without_contact} of them without contact; ${totals.pairs} pairs, ${totals.mutual} both ways; ${totals.messages} messages, ${totals.inside} more between accounts of one person`,
      table(
        ['channel', 'messages', 'pairs', 'both ways', 'weaker share', 'first (UTC)', 'last (UTC)'],
        answer.channels.map((each) => [
          each.channel,
          String(each.messages),
          String(each.pairs),
          String(each.mutual),
          each.reciprocity.toFixed(2),
          isoOf(each.first_time),
          isoOf(each.last_time),
        ]),
      ),
      table(
        [
          'most contacts',
          'neighbours',
          'sent',
          'received',
          'core',
          'between',
          'page rank',
          'community',
          'band',
          'is',
        ],
        answer.most.map((node) => [
          node.label === node.node ? node.node : `${node.label} (${node.node})`,
          String(node.neighbours),
          String(node.sent),
          String(node.received),
          String(node.core ?? ''),
          node.between?.toFixed(4) ?? '',
          node.page_rank?.toFixed(5) ?? '',
          String(node.community ?? ''),
          node.band ?? '',
          node.certainty,
        ]),
      ),
      answer.note,
      ...undatedLine(answer.undated),
    ].join('\n'),
  );
}

async function exportNetwork(operation: Operation, options: Options): Promise<undefined> {
  const matter = { act: 'export', what: [`format ${options.format}`, 'table network'] } as const;
  const approval = assertTwoPersons(operation, matter, operation.time());
  const by = { reason: 'the contact graph was exported', time: operation.time() };
  await operation.exclusively(async () => carriedOut(operation, approval, by));
  const out = options.out as string | undefined;
  const target = out === undefined ? process.stdout : fs.createWriteStream(out);
  const counts = await withNetwork(operation, (network) =>
    writeNetwork(
      network,
      { over: (options.over as Over | undefined) ?? 'persons', filter: filterOf(options) },
      options.format as NetworkFormat,
      target,
    ),
  );
  if (out === undefined) return;
  await new Promise((resolve) => (target as fs.WriteStream).end(resolve));
  print(options, { file: out, ...counts }, () => `${counts.ways} lines of contact in ${safeText(out)}`);
}
