import { tokensOf } from './tokens.ts';

/**
 * Names written in another script: Юрий Петров is found as Yuri Petrov, Jurij Petroff and the other way round.
 * Each name gets comparison keys, and a word typed in one script is compared with the keys of names in others.
 * Latin names are never compared with Latin names here: that is what fuzzy~ is for.
 *
 * The tables are our own and small: Cyrillic (Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian) and
 * Greek by sound; Arabic and Hebrew by consonants alone, since short vowels are not written. Other scripts (Han,
 * Kana, Hangul, Thai, Indic) have no keys: a name there is found as it is written.
 */

/** How keys of a group are told from those of the others; they stand in a column of their own. */
const keyOf = { latin: '1', cyrillicOrGreek: '2', latinConsonants: '3', semitic: '4' } as const;

/** Fewer consonants than this would find half of all names. */
const leastConsonants = 3;

/** Keys of a name for the index. */
export function nameKeys(name: string): string[] {
  const keys = new Set<string>();
  for (const token of tokensOf(name)) {
    const { script, sounds, consonants } = heard(token);
    if (script === 'latin') {
      for (const sound of sounds) keys.add(keyOf.latin + sound);
      if (consonants !== null) keys.add(keyOf.latinConsonants + consonants);
    } else if (script === 'semitic') {
      if (consonants !== null) keys.add(keyOf.semitic + consonants);
    } else for (const sound of sounds) keys.add(keyOf.cyrillicOrGreek + sound);
  }
  return [...keys];
}

/** Keys under which a typed word finds names in other scripts; none where it is more than one word. */
export function keysToFind(word: string): string[] {
  const [token, ...more] = tokensOf(word);
  if (token === undefined || more.length > 0) return [];
  const { script, sounds, consonants } = heard(token);
  if (script === 'semitic') {
    return consonants === null ? [] : [keyOf.latinConsonants + consonants, keyOf.semitic + consonants];
  }
  const groups = script === 'latin' ? [keyOf.cyrillicOrGreek] : [keyOf.latin, keyOf.cyrillicOrGreek];
  return [
    ...groups.flatMap((group) => sounds.map((sound) => group + sound)),
    ...(script === 'latin' && consonants !== null ? [keyOf.semitic + consonants] : []),
  ];
}

interface Heard {
  readonly script: Script;
  /** At most two: some Greek letters are said in two ways. */
  readonly sounds: readonly string[];
  /** Null where there are too few to say anything. */
  readonly consonants: string | null;
}

function heard(token: string): Heard {
  const script = scriptOf(token);
  if (script === 'other') return { script, sounds: [], consonants: null };
  const latin = script === 'latin' ? [token] : romanised(token);
  const sounds = new Set(latin.map((each) => soundOf(each)).filter((sound) => sound.length >= 2));
  const consonants = consonantsOf(latin[0]!);
  return {
    script,
    sounds: [...sounds],
    consonants: consonants.length >= leastConsonants ? consonants : null,
  };
}

type Script = 'latin' | 'cyrillic' | 'greek' | 'semitic' | 'other';

function scriptOf(token: string): Script {
  if (/^[a-z]+$/.test(token)) return 'latin';
  if (/^\p{Script=Cyrillic}+$/u.test(token)) return 'cyrillic';
  if (/^\p{Script=Greek}+$/u.test(token)) return 'greek';
  if (/^[\p{Script=Arabic}\p{Script=Hebrew}]+$/u.test(token)) return 'semitic';
  return 'other';
}

const roman: Readonly<Record<string, string>> = {
  // Cyrillic, as passports write it
  ...pairs(
    'а a б b в v г g ґ g д d е e є ie ж zh з z и i і i ї i й i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ћ c',
  ),
  ...pairs('у u ў u ф f х kh ц ts ч ch џ dz ш sh щ shch ы y э e ю iu я ia ђ dj ѓ g ќ k ѕ dz ъ a'),
  ь: '',
  // Greek; digraphs first, see `digraphs`
  ...pairs(
    'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s τ t υ i φ f χ ch ψ ps ω o',
  ),
  // Arabic and Persian
  ...pairs(
    'ا a ب b پ p ت t ث th ج j چ ch ح h خ kh د d ذ d ر r ز z ژ zh س s ش sh ص s ض d ط t ظ z غ g ف f ق k ك k گ g ل l م m ن n ه h و w ي y',
  ),
  ع: '',
  ء: '',
  // Hebrew
  ...pairs(
    'א a ב b ג g ד d ה h ו w ז z ח h ט t י y כ k ך k ל l מ m ם m נ n ן n ס s פ p ף p צ ts ץ ts ק k ר r ש sh ת t',
  ),
  ע: '',
};

function pairs(text: string): Record<string, string> {
  const parts = text.split(' ');
  return Object.fromEntries(
    Array.from({ length: parts.length / 2 }, (_, i) => [parts[2 * i]!, parts[2 * i + 1]!]),
  );
}

const digraphs: readonly (readonly [RegExp, string])[] = [
  [/ου/g, 'u'],
  [/αι/g, 'e'],
  [/[εο]ι/g, 'i'],
  [/([αε])υ(?=[θκξπστφχψ]|$)/g, '$1φ'],
  [/([αε])υ/g, '$1β'],
  [/^μπ/g, 'b'],
  [/^ντ/g, 'd'],
  [/^γκ/g, 'g'],
  [/γγ|γκ/g, 'ng'],
  [/τζ/g, 'dz'],
];

function romanised(token: string): string[] {
  const forms = /.μπ/.test(token) ? [token, token.replaceAll('μπ', 'b')] : [token];
  return forms.map((form) => {
    let text = form;
    for (const [pattern, by] of digraphs) text = text.replace(pattern, by);
    return [...text].map((character) => roman[character] ?? character).join('');
  });
}

/** What spellings of one sound have in common: y j i, kh ch h, ts tz c z, v w, f ph, ks x, doubled letters. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/(?<=[bcdfghklmnprstvz])[yj]o/g, 'e'],
  [/dr$/g, 'der'],
  [/tsch|tch|cz|č/g, 'C'],
  [/shch|schtsch|szcz/g, 'S'],
  [/sch|sh|sz/g, 'S'],
  [/zh/g, 'Z'],
  [/kh/g, 'h'],
  [/ch/g, 'C'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/gh/g, 'g'],
  [/ck|q/g, 'k'],
  [/ks/g, 'x'],
  [/ts|tz/g, 'c'],
  [/dzh|dj/g, 'j'],
  [/w/g, 'v'],
  [/ou|oo/g, 'u'],
  [/[yj]/g, 'i'],
  [/ff?$/g, 'v'],
  [/(.)\1+/g, '$1'],
  [/ie/g, 'e'],
  [/i+[ai]$/g, 'ia'],
  [/ii?$/g, 'i'],
];

function soundOf(latin: string): string {
  return alike(latin)
    .replace(/h(?=[bcdfgklmnprstvxz]|$)/gi, '')
    .replace(/(.)\1+/g, '$1')
    .toLowerCase();
}

function alike(latin: string): string {
  let text = latin;
  for (const [pattern, by] of spellings) text = text.replace(pattern, by);
  return text;
}

/** Consonants alone; v, which is also a vowel's letter where vowels are not written, is none. */
function consonantsOf(latin: string): string {
  return alike(latin)
    .replace(/[aeiouv]/g, '')
    .replace(/(.)\1+/g, '$1')
    .toLowerCase();
}
