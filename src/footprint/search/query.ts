import { WaymarkError } from '../../base/errors.ts';
import { usualDistance } from './fuzzy.ts';
import { isPacked, phraseOf } from './tokens.ts';

/**
 * What people type: words that must all stand there, "phrases", starts*, misspellings~, OR, -not, (groups), and
 * fields as in:subject. Any text is either understood or answered with a WaymarkError 'usage' that says what of it
 * is not; docs/footprint.md is the description.
 */

export const fields = [
  'in',
  'kind',
  'from',
  'channel',
  'service',
  'exhibit',
  'country',
  'after',
  'before',
] as const;
export type Field = (typeof fields)[number];

export const places = ['subject', 'text', 'message', 'name', 'selector', 'file'] as const;
export type Place = (typeof places)[number];

export interface Filter {
  readonly field: Field;
  readonly value: string;
  readonly not: boolean;
}

/** One thing to look for. */
export interface Sought {
  readonly kind: 'word' | 'phrase' | 'prefix' | 'fuzzy';
  /** As it was typed. */
  readonly text: string;
  readonly tokens: readonly string[];
  /** Whether the last token is the start of one. */
  readonly open: boolean;
  /** Edits allowed; 0 where it is not fuzzy. */
  readonly distance: number;
  /** Whether it must not stand there. */
  readonly not: boolean;
  /** Whether it stands in an OR. */
  readonly alternative: boolean;
}

export type Tree =
  | { readonly kind: 'sought'; readonly sought: Sought }
  | { readonly kind: 'any'; readonly of: readonly Tree[] }
  /** All of `of`, and none of `not`. */
  | { readonly kind: 'all'; readonly of: readonly Tree[]; readonly not: readonly Tree[] };

export interface Query {
  /** Null where only fields are given. */
  readonly tree: Tree | null;
  readonly sought: readonly Sought[];
  readonly filters: readonly Filter[];
}

const mostCharacters = 2000;
const mostSought = 64;
const mostDepth = 16;
/** Letters before the asterisk of a prefix, and of a fuzzy word. */
const leastPrefix = 2;
const leastFuzzy = 3;

/** Reads a query. Throws WaymarkError 'usage'. */
export function parseQuery(text: string): Query {
  if (text.length > mostCharacters) throw notUnderstood(`a query has at most ${mostCharacters} characters`);
  const reader = new Reader(lexemesOf(text));
  const tree = reader.all();
  if (tree === null && reader.filters.length === 0)
    throw notUnderstood('there is nothing to look for', 'Type a word, or a field such as from:account.');
  return { tree, sought: reader.sought, filters: reader.filters };
}

type Lexeme =
  | { readonly kind: 'open' | 'close' | 'or' | 'not' }
  | { readonly kind: 'phrase' | 'word'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field; readonly value: string };

const fieldStart = new RegExp(`(${fields.join('|')}):(?:"([^"]*)"|([^\\s()"]*))`, 'iy');
const bareWord = /[^\s()"]+/y;

function lexemesOf(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) at++;
    else if (character === '(' || character === ')') {
      lexemes.push({ kind: character === '(' ? 'open' : 'close' });
      at++;
    } else if (character === '-' && isStart(text, at) && /[^\s)-]/.test(text[at + 1] ?? ' ')) {
      lexemes.push({ kind: 'not' });
      at++;
    } else if (character === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) throw notUnderstood('a quotation mark is not closed', 'Close it, or leave it out.');
      lexemes.push({ kind: 'phrase', text: text.slice(at + 1, end) });
      at = end + 1;
    } else {
      fieldStart.lastIndex = at;
      const field = fieldStart.exec(text);
      if (field) {
        const name = field[1]!.toLowerCase() as Field;
        lexemes.push({ kind: 'field', field: name, value: fieldValue(name, field[2] ?? field[3]!) });
        at = fieldStart.lastIndex;
        continue;
      }
      bareWord.lastIndex = at;
      const word = bareWord.exec(text)![0];
      at = bareWord.lastIndex;
      if (word === 'OR') lexemes.push({ kind: 'or' });
      else if (word === 'NOT') lexemes.push({ kind: 'not' });
      else if (word !== 'AND') lexemes.push({ kind: 'word', text: word });
    }
  }
  return lexemes;
}

/** A minus sign within a word or at its end is part of it. */
function isStart(text: string, at: number): boolean {
  return at === 0 || /[\s(]/.test(text[at - 1]!);
}

function fieldValue(field: Field, value: string): string {
  const trimmed = value.trim();
  if (trimmed === '') throw notUnderstood(`${field}: has no value`, `Write it right behind: ${field}:value.`);
  if (field === 'in' && !(places as readonly string[]).includes(trimmed.toLowerCase()))
    throw notUnderstood(`in: takes ${places.join(', ')}`);
  if (field === 'kind' && !['message', 'name', 'selector', 'file'].includes(trimmed.toLowerCase()))
    throw notUnderstood('kind: takes message, name, selector, file');
  if (field === 'after' || field === 'before') microsOf(field, trimmed);
  return field === 'in' || field === 'kind' ? trimmed.toLowerCase() : trimmed;
}

const timePattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** The first microsecond (UTC) of a year, month, day or time. Throws WaymarkError 'usage'. */
export function microsOf(field: Field, text: string): number {
  const match = timePattern.exec(text);
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone] =
    match ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const seconds = match ? Date.parse(`${iso}${zone ?? 'Z'}`) / 1000 : Number.NaN;
  const isDay =
    Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() && Number(day) > 0;
  if (Number.isNaN(seconds) || !isDay) {
    throw notUnderstood(
      `${field}: takes a year, month, day or UTC time`,
      `Examples: ${field}:2019, ${field}:2019-05, ${field}:2019-05-20, ${field}:2019-05-20T14:00Z.`,
    );
  }
  return seconds * 1_000_000 + Math.round(Number(fraction || 0) * 1_000_000);
}

class Reader {
  readonly sought: Sought[] = [];
  readonly filters: Filter[] = [];
  private readonly lexemes: readonly Lexeme[];
  private at = 0;

  constructor(lexemes: readonly Lexeme[]) {
    this.lexemes = lexemes;
  }

  /** The whole query; null where it holds nothing to look for. */
  all(): Tree | null {
    const tree = this.either(0, false, hasOr(this.lexemes, 0));
    if (this.at < this.lexemes.length) throw notUnderstood('a parenthesis is closed that was not opened');
    return tree;
  }

  private either(depth: number, not: boolean, alternative: boolean): Tree | null {
    if (depth > mostDepth) throw notUnderstood(`parentheses stand more than ${mostDepth} deep`);
    const alternatives: (Tree | null)[] = [this.together(depth, not, alternative)];
    while (this.lexemes[this.at]?.kind === 'or') {
      this.at++;
      alternatives.push(this.together(depth, not, alternative));
    }
    if (alternatives.length === 1) return alternatives[0]!;
    const of = alternatives.filter((each) => each !== null);
    if (of.length < alternatives.length)
      throw notUnderstood('OR has nothing to look for beside it', 'Fields hold for the whole query.');
    return { kind: 'any', of };
  }

  private together(depth: number, not: boolean, alternative: boolean): Tree | null {
    const of: Tree[] = [];
    const without: Tree[] = [];
    for (;;) {
      const lexeme = this.lexemes[this.at];
      if (!lexeme || lexeme.kind === 'close' || lexeme.kind === 'or') break;
      let turned = false;
      while (this.lexemes[this.at]?.kind === 'not') {
        turned = !turned;
        this.at++;
      }
      const tree = this.one(depth, turned, not !== turned, alternative);
      if (tree !== null) (turned ? without : of).push(tree);
    }
    if (of.length === 0 && without.length > 0) {
      throw notUnderstood(
        'there is only what to leave out',
        'Say at least one thing to look for beside it, within the same parentheses.',
      );
    }
    if (of.length === 0) return null;
    return of.length === 1 && without.length === 0 ? of[0]! : { kind: 'all', of, not: without };
  }

  /** One item; null for a field, and for signs without a letter, digit or emoji. */
  private one(depth: number, turned: boolean, not: boolean, alternative: boolean): Tree | null {
    const lexeme = this.lexemes[this.at];
    if (!lexeme || lexeme.kind === 'close' || lexeme.kind === 'or')
      throw notUnderstood('- and NOT need something behind them');
    this.at++;
    switch (lexeme.kind) {
      case 'open': {
        const tree = this.either(depth + 1, not, alternative || hasOr(this.lexemes, this.at));
        if (this.lexemes[this.at]?.kind !== 'close') throw notUnderstood('a parenthesis is not closed');
        this.at++;
        return tree;
      }
      case 'field':
        this.filter(lexeme.field, lexeme.value, turned, depth);
        return null;
      case 'phrase':
        return this.seek(phraseSought(lexeme.text), not, alternative);
      case 'word':
        return this.seek(wordSought(lexeme.text), not, alternative);
      default:
        throw notUnderstood('- and NOT need something behind them');
    }
  }

  private filter(field: Field, value: string, not: boolean, depth: number): void {
    if (depth > 0)
      throw notUnderstood(
        `${field}: stands in parentheses`,
        'Fields hold for the whole query. The same field twice means either.',
      );
    const isTime = field === 'after' || field === 'before';
    if (isTime && not)
      throw notUnderstood(`-${field}: is not possible`, 'Use the other of after: and before:.');
    if (isTime && this.filters.some((each) => each.field === field))
      throw notUnderstood(`${field}: stands there twice`);
    if (this.filters.length === mostSought) throw notUnderstood(`a query has at most ${mostSought} fields`);
    this.filters.push({ field, value, not });
  }

  private seek(
    sought: Omit<Sought, 'not' | 'alternative'> | null,
    not: boolean,
    alternative: boolean,
  ): Tree | null {
    if (sought === null) return null;
    if (this.sought.length === mostSought) throw notUnderstood(`a query has at most ${mostSought} words`);
    const whole = { ...sought, not, alternative };
    this.sought.push(whole);
    return { kind: 'sought', sought: whole };
  }
}

/** Whether an OR stands between here and the end of these parentheses. */
function hasOr(lexemes: readonly Lexeme[], from: number): boolean {
  let depth = 0;
  for (let i = from; i < lexemes.length; i++) {
    const { kind } = lexemes[i]!;
    if (kind === 'open') depth++;
    else if (kind === 'close' && --depth < 0) return false;
    else if (kind === 'or' && depth === 0) return true;
  }
  return false;
}

type Part = Omit<Sought, 'not' | 'alternative'>;

function phraseSought(text: string): Part | null {
  const { tokens, open } = phraseOf(text);
  return tokens.length === 0 ? null : { kind: 'phrase', text, tokens, open, distance: 0 };
}

function wordSought(text: string): Part | null {
  const fuzzy = /^(.+)~(\d*)$/su.exec(text);
  if (fuzzy) return fuzzySought(text, fuzzy[1]!, fuzzy[2]!);
  if (!text.endsWith('*') || phraseOf(text).tokens.length === 0) {
    const { tokens, open } = phraseOf(text);
    return tokens.length === 0 ? null : { kind: 'word', text, tokens, open, distance: 0 };
  }
  const { tokens } = phraseOf(text);
  const last = tokens.at(-1)!;
  if (!isPacked(last) && [...last].length < leastPrefix)
    throw notUnderstood(`${text} is too short a start`, `At least ${leastPrefix} letters stand before *.`);
  return { kind: 'prefix', text, tokens, open: true, distance: 0 };
}

function fuzzySought(text: string, word: string, digits: string): Part {
  const { tokens } = phraseOf(word);
  const token = tokens[0];
  if (token === undefined || tokens.length > 1 || isPacked(token) || [...token].length < leastFuzzy)
    throw notUnderstood(
      `${text}: misspellings are looked for in one word of at least ${leastFuzzy} letters`,
      'Scripts without spaces have no words to misspell: type a piece of the text.',
    );
  const distance = digits === '' ? usualDistance([...token].length) : Number(digits);
  if (distance !== 1 && distance !== 2) throw notUnderstood(`${text}: one or two edits are possible`);
  return { kind: 'fuzzy', text, tokens, open: false, distance };
}

function notUnderstood(what: string, remedy?: string): WaymarkError {
  return new WaymarkError('usage', `the query is not understood: ${what}`, {
    remedy: remedy ?? 'See "Search" in docs/footprint.md.',
  });
}
