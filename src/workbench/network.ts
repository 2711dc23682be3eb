import { once } from 'node:events';
import * as fs from 'node:fs';
import type { Writable } from 'node:stream';
import { csvCell } from '../base/csv.ts';
import { WaymarkError } from '../base/errors.ts';
import type { OnProgress } from '../base/progress.ts';
import { formatMicros } from '../base/time.ts';
import type { Over } from '../footprint/graph/model.ts';
import { Network } from '../footprint/graph/network.ts';
import type {
  Answers,
  ExportedWay,
  FilterText,
  Neighbours,
  NeighboursQuestion,
  NodeView,
  PathAnswer,
  PathQuestion,
  Summary,
  SummaryQuestion,
} from '../footprint/graph/questions.ts';
import type { Engine } from '../store/engine.ts';
import { assertIntact, generationPath } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import { copyTable } from '../store/queries/generation.ts';
import { graphTables } from '../store/queries/network.ts';
import { currentGeneration } from './build.ts';

/**
 * The contact graph of the generation in force, in a thread of its own; close it when done. Throws WaymarkError
 * 'not-found' before the first build, 'integrity' where a table differs from what was recorded.
 */
export async function openNetwork(operation: Operation, onProgress: OnProgress = () => {}): Promise<Network> {
  const generation = currentGeneration(operation);
  const files: Record<string, string> = {};
  for (const table of graphTables) {
    const stored = generationPath(generation, table);
    const file = operation.state.one<{ sha256: string }>(
      'select sha256 from generation_file where generation = $generation and path = $path',
      { generation, path: stored },
    );
    if (!file) {
      throw new WaymarkError('not-found', 'the generation in force has no contact graph', {
        remedy: 'It was built by an earlier Waymark: run "build".',
      });
    }
    await assertIntact(operation.path(stored), file.sha256);
    files[table] = operation.path(stored);
  }
  return openTables(operation, files, onProgress);
}

/** The contact graph as an engine shows it: where some of it is withheld. */
export async function openNetworkOf(operation: Operation, engine: Engine): Promise<Network> {
  const folder = operation.path('tmp', `engine-${process.pid}`, 'network-shown');
  fs.mkdirSync(folder, { recursive: true });
  const files: Record<string, string> = {};
  for (const table of graphTables) {
    files[table] = `${folder}/${table}.parquet`;
    await engine.run(copyTable(table, files[table]));
  }
  return openTables(operation, files, () => {});
}

function openTables(
  operation: Operation,
  files: Record<string, string>,
  onProgress: OnProgress,
): Promise<Network> {
  // Its own folder: the engine that answers other questions spills beside it.
  const temporaryFolder = operation.path('tmp', `engine-${process.pid}`, 'network');
  fs.mkdirSync(temporaryFolder, { recursive: true });
  const folders = [operation.path('generations'), operation.path('tmp')];
  return Network.open({ folders, temporaryFolder, files }, onProgress);
}

/** Whom an account or person is in contact with, one or two steps away. */
export function neighbours(
  network: Network,
  question: Omit<NeighboursQuestion, 'kind'>,
): Promise<Neighbours> {
  return network.ask({ kind: 'neighbours', ...question });
}

/** The shortest ways by which two are in contact. */
export function path(network: Network, question: Omit<PathQuestion, 'kind'>): Promise<PathAnswer> {
  return network.ask({ kind: 'path', ...question });
}

/** Counts by channel, exhibit and time, and who has most contacts. */
export function summary(network: Network, question: Omit<SummaryQuestion, 'kind'>): Promise<Summary> {
  return network.ask({ kind: 'summary', ...question });
}

/** The whole network as the bytes of its JSON: columns, or how far the work on it is. */
export function overview(
  network: Network,
  caps: { over: Over; nodes: number; edges: number },
): Promise<Uint8Array> {
  return network.ask({ kind: 'overview', ...caps });
}

export type NetworkFormat = 'graphml' | 'csv';

/**
 * Writes the graph to a stream: as CSV one line for each direction and channel with its source pointer; as GraphML the
 * nodes too, for other programs. What a format cannot hold is made visible, never dropped.
 */
export async function writeNetwork(
  network: Network,
  { over, filter }: { over: Over; filter: FilterText },
  format: NetworkFormat,
  target: Writable,
): Promise<{ nodes: number; ways: number }> {
  const counts = { nodes: 0, ways: 0 };
  const write = format === 'csv' ? csvWriter : graphmlWriter;
  await put(target, write.head);
  if (write.node) {
    for (let after: number | null = 0; after !== null; ) {
      const part: Answers['export nodes'] = await network.ask({ kind: 'export nodes', over, filter, after });
      counts.nodes += part.nodes.length;
      await put(target, part.nodes.map(write.node).join(''));
      after = part.after;
    }
  }
  for (let after: number | null = 0; after !== null; ) {
    const part: Answers['export ways'] = await network.ask({ kind: 'export ways', over, filter, after });
    counts.ways += part.ways.length;
    await put(target, part.ways.map(write.way).join(''));
    after = part.after;
  }
  await put(target, write.tail);
  return counts;
}

async function put(target: Writable, text: string): Promise<void> {
  if (text !== '' && !target.write(text)) await once(target, 'drain');
}

interface NetworkWriter {
  readonly head: string;
  readonly node?: (node: NodeView) => string;
  readonly way: (way: ExportedWay) => string;
  readonly tail: string;
}

/** Column names are a contract with outside users. */
const wayColumns = [
  'from',
  'to',
  'channel',
  'messages',
  'first_at',
  'last_at',
  'reciprocity',
  'certainty',
  'pointer',
];

function wayCells(way: ExportedWay): (string | number)[] {
  return [
    way.from,
    way.to,
    way.channel,
    way.messages,
    isoOrNothing(way.first_time),
    isoOrNothing(way.last_time),
    way.reciprocity,
    way.certainty,
    way.pointer,
  ];
}

function isoOrNothing(micros: number | null): string {
  return micros === null ? '' : formatMicros(micros);
}

const csvWriter: NetworkWriter = {
  head: `${wayColumns.join(',')}\r\n`,
  way: (way) => `${wayCells(way).map(csvCell).join(',')}\r\n`,
  tail: '',
};

const nodeFields = {
  label: 'string',
  person: 'string',
  accounts: 'int',
  neighbours: 'int',
  sent: 'int',
  received: 'int',
  band: 'string',
  certainty: 'string',
} as const;

const wayTypes: Readonly<Record<string, string>> = { messages: 'int', reciprocity: 'double' };

const graphmlWriter: NetworkWriter = {
  head: [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...Object.entries(nodeFields).map(
      ([name, type]) => `<key id="n_${name}" for="node" attr.name="${name}" attr.type="${type}"/>`,
    ),
    ...wayColumns
      .slice(2)
      .map(
        (name) =>
          `<key id="e_${name}" for="edge" attr.name="${name}" attr.type="${wayTypes[name] ?? 'string'}"/>`,
      ),
    '<graph edgedefault="directed">',
    '',
  ].join('\n'),
  node: (node) =>
    `<node id="${xml(node.node)}">${Object.keys(nodeFields)
      .map((name) => datum(`n_${name}`, node[name as keyof NodeView]))
      .join('')}</node>\n`,
  way: (way) => {
    const cells = wayCells(way);
    const data = wayColumns.slice(2).map((name, index) => datum(`e_${name}`, cells[index + 2]));
    return `<edge source="${xml(way.from)}" target="${xml(way.to)}">${data.join('')}</edge>\n`;
  },
  tail: '</graph>\n</graphml>\n',
};

function datum(key: string, value: unknown): string {
  return value === null || value === undefined || value === ''
    ? ''
    : `<data key="${key}">${xml(String(value))}</data>`;
}

/** Text for XML 1.0: what it cannot hold (control characters, halves of surrogates) becomes a visible mark. */
function xml(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu,
      (letter) => `⟦${letter.codePointAt(0)!.toString(16).padStart(4, '0')}⟧`,
    )
    .replace(
      /[&<>"'\t\n\r]/g,
      (letter) =>
        ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[letter] ??
        `&#${letter.charCodeAt(0)};`,
    );
}
