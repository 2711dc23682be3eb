import { type Scope, SearchIndex } from '../../store/search-index.ts';
import { type Answer, countByExhibit, type SearchOptions, search } from './search.ts';
import { tokensOf } from './tokens.ts';

/** What an index is asked; the same in this thread and in one of its own. */
export type Question =
  | { readonly kind: 'search'; readonly text: string; readonly options: Omit<SearchOptions, 'countries'> }
  | { readonly kind: 'by-exhibit'; readonly text: string }
  /** Told once for each generation; questions after it know the countries. */
  | { readonly kind: 'countries'; readonly countries: ReadonlyMap<string, string> }
  | { readonly kind: 'mentions'; readonly values: readonly string[] };

/** Messages in which a value stands word for word. */
export interface Mentions {
  readonly hits: number;
  /** Those who wrote most of them, each with the first. */
  readonly accounts: readonly {
    readonly account: string | null;
    readonly hits: number;
    readonly exhibit: string;
    readonly path: string;
    readonly offset: number;
    readonly length: number;
    readonly time: number | null;
  }[];
  readonly more: number;
}

export interface Replies {
  readonly search: Answer;
  readonly 'by-exhibit': Map<string, number>;
  readonly mentions: readonly Mentions[];
  readonly countries: null;
}

/** Accounts listed for one value. */
const mostMentioning = 10;

/** An open index that answers. */
export class Searcher {
  private readonly index: SearchIndex;
  private countries: SearchOptions['countries'] = null;

  /** Throws WaymarkError 'storage'. */
  constructor(file: string) {
    this.index = new SearchIndex(file);
  }

  get documents(): number {
    return this.index.documents;
  }

  /** Throws WaymarkError 'usage' for a query that is not understood. */
  answer<Q extends Question>(question: Q): Replies[Q['kind']] {
    return this.any(question) as Replies[Q['kind']];
  }

  close(): void {
    this.index.close();
  }

  private any(question: Question): Replies[Question['kind']] {
    const { countries } = this;
    if (question.kind === 'search')
      return search(this.index, question.text, { ...question.options, countries });
    if (question.kind === 'by-exhibit') return countByExhibit(this.index, question.text, countries);
    if (question.kind === 'countries') {
      this.countries = question.countries;
      return null;
    }
    const messages = [...this.index.valuesOf('kind')].filter(([, { value }]) => value === 'message');
    const scope: Scope = {
      codes: new Map([['kind', new Set(messages.map(([code]) => code))]]),
      after: null,
      before: null,
    };
    return question.values.map((value) => this.mentions(value, scope));
  }

  private mentions(value: string, scope: Scope): Mentions {
    // Whole, as it stands: a last single character of a run without spaces included.
    const tokens = tokensOf(value);
    if (tokens.length === 0) return { hits: 0, accounts: [], more: 0 };
    const found = this.index.tally(
      { kind: 'phrase', tokens, open: false, columns: ['subject', 'text'] },
      scope,
    );
    const most = [...found].sort(([, a], [, b]) => b.hits - a.hits || a.first - b.first);
    const listed = most.slice(0, mostMentioning);
    const documents = this.index.read(listed.map(([, { first }]) => first));
    return {
      hits: most.reduce((sum, [, { hits }]) => sum + hits, 0),
      accounts: listed.map(([, { hits }], i) => {
        const { account, exhibit, path, offset, length, time } = documents[i]!;
        return { account, hits, exhibit, path, offset, length, time };
      }),
      more: most.length - listed.length,
    };
  }
}
