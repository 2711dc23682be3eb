import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify } from 'yaml';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import {
  type Condition,
  type IndicatorKind,
  indicatorKinds,
  indicators,
  type Order,
  orders,
  type Rule,
  type RuleScheme,
} from './rules.ts';

/** A fault in a file of rules: where, what, and what to do. */
export interface Problem {
  /** From 1; null where the whole file is meant. */
  readonly line: number | null;
  readonly what: string;
  readonly remedy: string;
}

export interface ReadScheme {
  /** Null where there are problems. */
  readonly scheme: RuleScheme | null;
  readonly problems: readonly Problem[];
}

const maxBytes = 60_000;
const most = { bands: 12, rules: 100, least: 1000, version: 1_000_000, about: 2000, results: 20 };
/** Deeper than any file of rules; keeps hostile nesting from the parser. */
const maxNesting = 12;

const cannot =
  'Who is a member, writes to, answers, hands over to or shares a topic or group with whom can never be read by a rule.';

/** Reads a file of rules (YAML 1.2). Never throws: all that is wrong with it comes back as problems. */
export function readScheme(text: string): ReadScheme {
  const problems: Problem[] = [];
  const refuse = (line: number | null, what: string, remedy: string) => {
    problems.push({ line, what, remedy });
    return { scheme: null, problems };
  };
  if (Buffer.byteLength(text) > maxBytes)
    return refuse(null, `the file has more than ${maxBytes} bytes`, 'Rules fit on a page.');
  if (nesting(text) > maxNesting)
    return refuse(
      null,
      'the file is nested deeper than rules ever are',
      'Write it as the schemes that Waymark brings.',
    );
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    schema: 'core',
    version: '1.2',
  });
  for (const error of [...document.errors, ...document.warnings]) {
    const message = error.message.split(/ at line |\n/)[0]!;
    problems.push({
      line: error.linePos?.[0].line ?? null,
      what: `no YAML: ${message}`,
      remedy: 'Mend this line first.',
    });
  }
  if (problems.length > 0) return { scheme: null, problems };
  const reading = new Reading(lines, problems);
  const scheme = reading.scheme(document.contents as Node | null);
  return { scheme: problems.length === 0 ? scheme : null, problems };
}

/** Reads a file of rules. Throws WaymarkError 'usage' with every problem. */
export function parseScheme(text: string, where?: string): RuleScheme {
  const { scheme, problems } = readScheme(text);
  if (scheme) return scheme;
  const told = problems.map(
    ({ line, what, remedy }) => `${line === null ? '' : `line ${line}: `}${what}. ${remedy}`,
  );
  throw new WaymarkError('usage', `these rules cannot be used: ${told.join(' ')}`, { where });
}

/** The one text of a scheme: equal schemes give equal bytes, and reading it gives the scheme back. */
export function writeScheme({ name, version, about, bands, rules, order }: RuleScheme): string {
  return stringify(
    {
      name,
      version,
      ...(about !== '' && { about }),
      // A Map keeps its order even where bands are named by numbers.
      bands: new Map(bands.map(({ band, meaning }) => [band, meaning])),
      rules: rules.map(({ band, all }) => ({ band, all: all.map(writeCondition) })),
      order: [...order],
    },
    { lineWidth: 110, schema: 'core', version: '1.2' },
  );
}

function writeCondition({ indicator, least, tool, results }: Condition) {
  if (least === 1 && tool === null && results.length === 0) return indicator;
  return {
    indicator,
    ...(least > 1 && { 'at least': least }),
    ...(tool !== null && { tool }),
    ...(results.length > 0 && { results: [...results] }),
  };
}

/** What stands for a scheme in the ledger. */
export function schemeDigest(scheme: RuleScheme): string {
  return sha256Hex(writeScheme(scheme));
}

type Pairs = Map<string, { readonly key: Node; readonly value: Node | null }>;

class Reading {
  private readonly lines: LineCounter;
  private readonly problems: Problem[];

  constructor(lines: LineCounter, problems: Problem[]) {
    this.lines = lines;
    this.problems = problems;
  }

  scheme(root: Node | null): RuleScheme {
    const pairs = this.map(root, 'the file', ['name', 'version', 'about', 'bands', 'rules', 'order']);
    const bands = this.bands(pairs.get('bands')?.value ?? null, root);
    const known = bands.map(({ band }) => band);
    const scheme = {
      name: this.words(pairs.get('name')?.value ?? root, 'name', 80),
      version: this.whole(pairs.get('version')?.value ?? root, 'version', most.version),
      about: pairs.has('about') ? this.words(pairs.get('about')!.value ?? root, 'about', most.about) : '',
      bands,
      rules: this.list(pairs.get('rules')?.value ?? root, 'rules', most.rules).map((rule) =>
        this.rule(rule, known),
      ),
      order: this.order(pairs.get('order')),
    };
    for (const { band } of bands) {
      if (!scheme.rules.some((rule) => rule.band === band))
        this.tell(
          pairs.get('bands')?.value ?? root,
          `no rule leads to band ${band}`,
          'Add one, or leave the band out.',
        );
    }
    return scheme;
  }

  private bands(node: Node | null, root: Node | null): RuleScheme['bands'] {
    if (!isMap(node) || node.items.length === 0) {
      this.tell(
        node ?? root,
        'the bands are missing',
        'Write "bands:" and under it one line for each, as "A: what it means", the most urgent first.',
      );
      return [];
    }
    if (node.items.length > most.bands)
      this.tell(node, `there are more than ${most.bands} bands`, 'Fewer bands are easier to act on.');
    return node.items.map((pair) => {
      const band = isScalar(pair.key) ? String(pair.key.value) : '';
      if (!/^[A-Za-z0-9][A-Za-z0-9 -]{0,19}$/.test(band))
        this.tell(
          pair.key as Node,
          `"${band.slice(0, 40)}" is no name of a band`,
          'Use up to 20 letters, digits, spaces and hyphens.',
        );
      return {
        band,
        meaning: this.words(
          (pair.value as Node | null) ?? (pair.key as Node),
          `meaning of band ${band.slice(0, 20)}`,
          300,
        ),
      };
    });
  }

  private rule(node: Node, bands: readonly string[]): Rule {
    const pairs = this.map(node, 'a rule', ['band', 'all']);
    const bandNode = pairs.get('band')?.value ?? node;
    const band = isScalar(bandNode) && pairs.has('band') ? String(bandNode.value) : '';
    if (!bands.includes(band))
      this.tell(
        bandNode,
        band === '' ? 'a rule names no band' : `there is no band "${band.slice(0, 40)}"`,
        `The bands are ${bands.join(', ') || 'not stated'}.`,
      );
    const all = this.list(pairs.get('all')?.value ?? node, 'all', 10).map((each) => this.condition(each));
    if (all.length === 0 && pairs.has('all'))
      this.tell(
        node,
        'a rule without a condition would raise everybody',
        'Name at least one indicator under "all".',
      );
    return { band, all };
  }

  private condition(node: Node): Condition {
    if (isScalar(node)) return { indicator: this.indicator(node), least: 1, tool: null, results: [] };
    const pairs = this.map(node, 'a condition', ['indicator', 'at least', 'tool', 'results']);
    const indicator = this.indicator(pairs.get('indicator')?.value ?? node);
    const least = pairs.has('at least')
      ? this.whole(pairs.get('at least')!.value ?? node, 'at least', most.least)
      : 1;
    const tool = pairs.has('tool')
      ? this.words(pairs.get('tool')!.value ?? node, 'tool', 100).toLowerCase()
      : null;
    const results = pairs.has('results')
      ? this.list(pairs.get('results')!.value ?? node, 'results', most.results).map((each) =>
          this.words(each, 'result', 100).toLowerCase(),
        )
      : [];
    if ((tool !== null || results.length > 0) && indicator !== 'accredited risk assessment')
      this.tell(
        node,
        `"tool" and "results" belong to an accredited risk assessment, not to "${indicator}"`,
        'Leave them out here.',
      );
    return { indicator, least, tool, results };
  }

  private indicator(node: Node): IndicatorKind {
    const name = isScalar(node) ? String(node.value) : '';
    if (Object.hasOwn(indicators, name)) return name as IndicatorKind;
    this.tell(
      node,
      name === ''
        ? 'a condition names no indicator'
        : `"${name.slice(0, 60)}" is nothing that a rule can read`,
      `The indicators are ${indicatorKinds.join(', ')}. ${cannot}`,
    );
    return indicatorKinds[0]!;
  }

  private order(pair: { readonly key: Node; readonly value: Node | null } | undefined): readonly Order[] {
    if (!pair) return [];
    const found = this.list(pair.value ?? pair.key, 'order', orders.length).map((node) => {
      const name = isScalar(node) ? String(node.value) : '';
      if (!(orders as readonly string[]).includes(name))
        this.tell(
          node,
          `"${name.slice(0, 60)}" is nothing to put persons in order by`,
          `Use any of ${orders.join(', ')}. ${cannot}`,
        );
      return name as Order;
    });
    if (new Set(found).size < found.length) this.tell(pair.key, 'an order is named twice', 'Name each once.');
    return found;
  }

  private map(node: Node | null, named: string, allowed: readonly string[]): Pairs {
    const pairs: Pairs = new Map();
    if (!isMap(node)) {
      this.tell(
        node,
        `${named} is no list of "name: value" lines`,
        `Write ${allowed.join(', ')}, each on a line of its own.`,
      );
      return pairs;
    }
    this.plain(node);
    for (const pair of node.items) {
      const key = pair.key as Node;
      const name = isScalar(key) ? String(key.value) : '';
      if (!allowed.includes(name))
        this.tell(
          key,
          `"${name.slice(0, 60)}" is not known in ${named}`,
          `Only ${allowed.join(', ')} can stand there. ${cannot}`,
        );
      else pairs.set(name, { key, value: pair.value as Node | null });
    }
    return pairs;
  }

  private list(node: Node | null, named: string, atMost: number): Node[] {
    if (!isSeq(node)) {
      this.tell(node, `"${named}" is no list`, 'Write [one, other] or one "- " line for each.');
      return [];
    }
    this.plain(node);
    if (node.items.length > atMost)
      this.tell(node, `"${named}" has more than ${atMost} entries`, 'Leave some out.');
    return (node.items as Node[]).slice(0, atMost);
  }

  private words(node: Node | null, named: string, atMost: number): string {
    const value = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
    if (isScalar(node)) this.plain(node);
    if (
      value === '' ||
      value.length > atMost ||
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(value)
    )
      this.tell(
        node,
        `"${named}" is no text of 1 to ${atMost} characters`,
        'Write it in words, in quotes if YAML takes it for something else.',
      );
    return value.replace(/\s+/g, ' ');
  }

  private whole(node: Node | null, named: string, atMost: number): number {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= atMost) return value;
    this.tell(node, `"${named}" is no whole number from 1 to ${atMost}`, 'Write a number.');
    return 1;
  }

  /** Anchors, aliases and tags have no place here: what is written must be what is read. */
  private plain(node: Node): void {
    const { anchor, tag } = node as { anchor?: string; tag?: string };
    if (anchor !== undefined || tag !== undefined)
      this.tell(node, 'anchors and tags cannot be used', 'Write out what is meant.');
  }

  private tell(node: Node | null, what: string, remedy: string): void {
    const line = node?.range ? this.lines.linePos(node.range[0]).line : null;
    const why = isAlias(node) ? 'aliases cannot be used' : what;
    if (!this.problems.some((each) => each.line === line && each.what === why))
      this.problems.push({ line, what: why, remedy });
  }
}

/** How deep brackets or indentation go, at most, without reading the file as YAML. */
function nesting(text: string): number {
  let deepest = 0;
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++open);
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
  }
  for (const line of text.split('\n')) {
    const marks = /^[\s?:-]*/.exec(line)![0].replace(/[^?:-]/g, '').length;
    deepest = Math.max(deepest, marks);
  }
  return deepest;
}
