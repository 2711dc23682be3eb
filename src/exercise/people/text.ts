import type { Language } from '../countries.ts';
import { Dice, draw, purpose, type Seed } from '../random.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import type { Lexicon } from './words/lexicon.ts';
import { nl } from './words/nl.ts';
import { ar, ja, pl, ru } from './words/other-scripts.ts';

/** Every word the exercise can write comes from here, from names and handles, and from selectors. */
export const lexicons: Readonly<Record<Language, Lexicon>> = { en, nl, de, fr, es, ru, pl, ja, ar };
export const emoji = ['🙂', '👍', '🚲', '☕', '🌱', ':)', ':-)', ';)', ':D', ''] as const;

type Part = string | { readonly slot: readonly string[] };
type Stock = { titles: Part[][]; sentences: Part[][] };

function parse(template: string, slots: Lexicon['slots']): Part[] {
  return template.split(/(\{\w+\})/).flatMap((piece) => {
    if (piece === '') return [];
    const slot = slots[piece.slice(1, -1)];
    return [piece.startsWith('{') && slot ? { slot } : piece];
  });
}

const stocks = new Map<Lexicon, Stock>();
for (const lexicon of Object.values(lexicons)) {
  const all = (list: readonly string[]) => list.map((template) => parse(template, lexicon.slots));
  stocks.set(lexicon, { titles: all(lexicon.titles), sentences: all(lexicon.sentences) });
}

/** How one person writes, the same in every account and channel. */
type Style = {
  readonly favourites: readonly number[];
  readonly lowerCase: boolean;
  readonly ending: string;
  readonly emoji: string;
  readonly emojiRate: number;
  readonly greeting: number;
  readonly closing: number;
  readonly signs: boolean;
  readonly slips: number;
  readonly length: number;
};

const p = { style: purpose('writing style'), text: purpose('text'), language: purpose('language of a text') };
const memoLimit = 32_768;

/** Writes what people write. Every text is a function of (person, key). */
export class Writer {
  readonly #seed: Seed;
  readonly #dice: Dice;
  readonly #styles = new Map<number, Style>();

  constructor(seed: Seed) {
    this.#seed = seed;
    this.#dice = new Dice(seed);
  }

  #style(person: number): Style {
    const known = this.#styles.get(person);
    if (known) return known;
    if (this.#styles.size > memoLimit) this.#styles.clear();
    const dice = this.#dice.at(person, p.style);
    const style: Style = {
      favourites: Array.from({ length: 12 }, () => dice.next()),
      lowerCase: dice.chance(0.15),
      ending: dice.pick(['.', '.', '.', '.', '..', '...', '!', '']),
      emoji: dice.pick(emoji),
      emojiRate: dice.chance(0.4) ? dice.unit() * 0.6 : 0,
      greeting: dice.chance(0.35) ? dice.next() : -1,
      closing: dice.chance(0.3) ? dice.next() : -1,
      signs: dice.chance(0.35),
      slips: dice.chance(0.35) ? dice.next() : 0,
      length: dice.between(2, 7),
    };
    this.#styles.set(person, style);
    return style;
  }

  /** The language of one text: mostly English abroad, mostly their own at home. */
  languageOf(person: number, home: Language, key: number): Language {
    if (home === 'en') return 'en';
    return draw(this.#seed, person, p.language, key) % 100 < 45 ? home : 'en';
  }

  title(person: number, language: Language, key: number): string {
    const dice = this.#dice.at(person, p.text, key ^ 0x5eed);
    return fill(dice.pick(stocks.get(lexicons[language])!.titles), dice);
  }

  /** Plain text of a post, message or mail; paragraphs divided by line feeds. */
  body(person: number, language: Language, key: number, signature: string): string {
    const style = this.#style(person);
    const lexicon = lexicons[language];
    const { sentences } = stocks.get(lexicon)!;
    const dice = this.#dice.at(person, p.text, key);
    const count = Math.max(1, Math.min(14, Math.round(style.length * (0.4 + dice.unit() * 1.3))));
    const out: string[] = [];
    if (style.greeting >= 0) out.push(`${lexicon.greetings[style.greeting % lexicon.greetings.length]}\n`);
    const said: number[] = [];
    for (let i = 0; i < count; i++) {
      const favourite = style.favourites[dice.below(style.favourites.length)]!;
      let index = dice.chance(0.5) ? favourite % sentences.length : dice.below(sentences.length);
      while (said.includes(index) && said.length < sentences.length) index = (index + 1) % sentences.length;
      said.push(index);
      out.push(`${this.#sentence(sentences[index]!, style, lexicon, dice)}${i % 4 === 3 ? '\n' : ' '}`);
    }
    if (style.emojiRate > 0 && dice.chance(style.emojiRate)) out.push(style.emoji);
    let text = out.join('').trim();
    if (style.closing >= 0) text += `\n${lexicon.closings[style.closing % lexicon.closings.length]}`;
    if (style.signs) text += `\n${signature}`;
    return text;
  }

  #sentence(parts: readonly Part[], style: Style, lexicon: Lexicon, dice: Dice): string {
    let text = fill(parts, dice);
    if (text.endsWith('.')) text = text.slice(0, -1) + style.ending;
    if (style.lowerCase) text = text.toLowerCase();
    if (style.slips && lexicon.slips.length > 0) {
      const [right, wrong] = lexicon.slips[style.slips % lexicon.slips.length]!;
      text = text.replace(` ${right} `, ` ${wrong} `);
    }
    return text;
  }

  /** One sentence that passes on a selector. */
  handOff(person: number, language: Language, key: number, selector: string): string {
    const { handOffs } = lexicons[language];
    return handOffs[draw(this.#seed, person, p.text, key ^ 77) % handOffs.length]!.replace(
      '{selector}',
      () => selector,
    );
  }

  agreement(person: number, language: Language, key: number): string {
    const { agreements } = lexicons[language];
    return agreements[draw(this.#seed, person, p.text, key ^ 78) % agreements.length]!;
  }
}

function fill(parts: readonly Part[], dice: Dice): string {
  let text = '';
  for (const part of parts)
    text += typeof part === 'string' ? part : part.slot[dice.below(part.slot.length)]!;
  return text[0]!.toUpperCase() + text.slice(1);
}
