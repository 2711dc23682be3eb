import { canonicalSelector, type SelectorKind, selectorKinds } from '../../evidence/selectors.ts';

/**
 * A list of selectors to be looked up at once: one per line, or CSV (comma, semicolon or tab) with a heading that
 * names `value`, and `kind` if the list states kinds. Every line is accounted for: blank, a duplicate, not understood
 * or an entry.
 */
export interface ListedSelector {
  /** Counted from 1 over all lines of the text. */
  readonly line: number;
  /** As it was given. */
  readonly given: string;
  /** What it can be; the first is the likeliest. */
  readonly forms: readonly SelectorForm[];
}

export interface SelectorForm {
  /** A kind of selector, or the algorithm of a digest. */
  readonly kind: string;
  readonly canonical: string;
}

export interface SelectorList {
  readonly lines: number;
  readonly blank: number;
  readonly duplicates: number;
  readonly entries: readonly ListedSelector[];
  readonly rejected: readonly { readonly line: number; readonly given: string; readonly reason: string }[];
}

const mostCharacters = 512;
const digests = { 32: 'md5', 40: 'sha1', 64: 'sha256' } as const;
const digestNames = ['md5', 'sha1', 'sha256'];

export function readSelectorList(text: string): SelectorList {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  const heading = headingOf(lines[0] ?? '');
  let blank = heading ? 1 : 0;
  let duplicates = 0;
  const entries: ListedSelector[] = [];
  const rejected: { line: number; given: string; reason: string }[] = [];
  const seen = new Set<string>();
  lines.forEach((whole, index) => {
    if (heading && index === 0) return;
    const line = index + 1;
    const cells = heading ? cellsOf(whole, heading.separator) : [whole];
    const given = (cells[heading?.value ?? 0] ?? '').trim();
    const stated = heading?.kind === undefined ? '' : (cells[heading.kind] ?? '').trim();
    if (given === '') {
      blank++;
      return;
    }
    const forms = given.length > mostCharacters ? [] : formsOf(given, stated);
    if (typeof forms === 'string' || forms.length === 0) {
      const reason =
        given.length > mostCharacters ? `longer than ${mostCharacters} characters` : 'no known form';
      rejected.push({
        line,
        given: given.slice(0, mostCharacters),
        reason: typeof forms === 'string' ? forms : reason,
      });
      return;
    }
    const key = forms.map(({ kind, canonical }) => `${kind} ${canonical}`).join('\n');
    if (seen.has(key)) {
      duplicates++;
      return;
    }
    seen.add(key);
    entries.push({ line, given, forms });
  });
  return { lines: lines.length, blank, duplicates, entries, rejected };
}

interface Heading {
  readonly separator: string;
  readonly value: number;
  readonly kind: number | undefined;
}

/** Whether the first line names the columns of a table. */
function headingOf(line: string): Heading | null {
  for (const separator of [',', ';', '\t']) {
    const names = cellsOf(line, separator).map((name) => name.trim().toLowerCase());
    const value = names.findIndex((name) => ['value', 'selector', 'canonical', 'indicator'].includes(name));
    const kind = names.findIndex((name) => name === 'kind' || name === 'type');
    if (value >= 0) return { separator, value, kind: kind < 0 ? undefined : kind };
  }
  return null;
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (character === '"' && (quoted || cell === '')) {
      if (quoted && line[i + 1] === '"') cell += line[++i];
      else quoted = !quoted;
    } else if (character === separator && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}

/** Other names of kinds in lists of other tools. */
const otherNames: Readonly<Record<string, string>> = {
  mail: 'email',
  'e-mail': 'email',
  'ip address': 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  telephone: 'phone',
  msisdn: 'phone',
  username: 'handle',
  'user name': 'handle',
  nick: 'handle',
  link: 'url',
  hash: 'digest',
  'sha-1': 'sha1',
  'sha-256': 'sha256',
};

/** The forms of a value, or why it has none. */
function formsOf(given: string, stated: string): SelectorForm[] | string {
  const name = otherNames[stated.toLowerCase()] ?? stated.toLowerCase();
  if (name === '') return guessed(given);
  if (name === 'digest') return digestOf(given) ?? 'no MD5, SHA-1 or SHA-256';
  if (digestNames.includes(name))
    return digestOf(given)?.filter(({ kind }) => kind === name) ?? `no ${name} of hexadecimal digits`;
  if (!(selectorKinds as readonly string[]).includes(name))
    return `the kind "${stated.slice(0, 40)}" is not known`;
  const canonical = canonicalSelector(name as SelectorKind, given);
  return canonical === null ? `no ${name}` : [{ kind: name, canonical }];
}

/** Kinds that a value without a stated kind can be. */
function guessed(given: string): SelectorForm[] {
  const as = (kind: SelectorKind): SelectorForm[] => {
    const canonical = canonicalSelector(kind, given);
    return canonical === null ? [] : [{ kind, canonical }];
  };
  const named = () => [...as('handle'), ...as('messenger'), ...as('name')];
  const digest = digestOf(given);
  if (digest) return [...digest, ...as('key')];
  if (/^https?:\/\//i.test(given)) return as('url');
  const sure = [...as('email'), ...as('ip')];
  if (sure.length > 0) return [...sure, ...(given.includes('@') ? as('messenger') : [])];
  const phone = as('phone');
  if (phone.length > 0) return [...phone, ...named()];
  const handle = given.replace(/^@/, '');
  if (handle !== given) {
    return [
      { kind: 'handle', canonical: canonicalSelector('handle', handle) ?? handle.toLowerCase() },
      ...named(),
    ].filter(({ canonical }) => canonical !== '');
  }
  return [...named(), ...as('domain'), ...as('session'), ...as('key')];
}

function digestOf(given: string): SelectorForm[] | null {
  const text = given.toLowerCase();
  const kind = /^[0-9a-f]+$/.test(text) ? digests[text.length as 32 | 40 | 64] : undefined;
  return kind === undefined ? null : [{ kind, canonical: text }];
}
