import { canonicalPhone } from '../../evidence/selectors.ts';
import type { Candidate } from './mail-addresses.ts';
import type { Reading } from './reading.ts';
import { cuePattern, digitWords } from './words.ts';

const written = /(?<![\p{L}\p{N}.,+/:#-])(?:\+|00?)\d(?:[ ()/.-]{0,2}\d){6,13}(?![\p{L}\p{N}]|[.,/:-]\d)/gu;
const phoneWord =
  /(?<![\p{L}\p{N}])(?:call|ring|phone|tel|telephone|mobile|cell|handy|sms|text me|whatsapp|viber|signal|number|nummer|numéro|número|numero|nr|anruf\p{L}*|ruf\p{L}*|appel\p{L}*|ll[aá]ma\p{L}*|móvil|portable|bel|gsm|telefon\p{L}*|komórk\p{L}*|numer|тел\p{L}*|номер|звони\p{L}*|позвони\p{L}*)(?![\p{L}])/iu;
const spokenDigits = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:plus[ ,-]+)?(?:(?:double|triple|${[...digitWords.keys()].join('|')}|\\d)[ ,-]{1,2}){6,20}(?:${[...digitWords.keys()].join('|')}|\\d)(?![\\p{L}\\p{N}])`,
  'giu',
);
const date =
  /^0?\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}(?!\d)|^(?:0\d|00)[ ./-]\d\d[ ./-](?:19|20)\d\d|^00?\d{0,2}[:.]\d\d[.:]\d\d/;

/**
 * Phone numbers: with a country's code, or with a leading 0 where the words around speak of phoning. Digits
 * may be spoken.
 */
export function findPhoneNumbers(reading: Reading): Candidate[] {
  const { text } = reading;
  const found: Candidate[] = [];
  for (const match of text.matchAll(written)) {
    const value = match[0];
    const near = text.slice(Math.max(0, match.index - 70), match.index);
    const canonical = canonicalPhone(value);
    if (canonical === null || date.test(value) || new Set(canonical.replace('+', '')).size < 4) continue;
    const spoken = phoneWord.test(near) || cuePattern.test(near);
    const digits = canonical.replace('+', '').length;
    if (!value.startsWith('+') && (!spoken || digits < 9)) continue;
    if (digits < 8 || (value.startsWith('+') && /[\d.]\s*$/.test(near))) continue;
    found.push(candidate(match.index, value, value, canonical, [], spoken));
  }
  for (const match of text.matchAll(spokenDigits)) {
    const digits = digitsOf(match[0]);
    const near = text.slice(Math.max(0, match.index - 70), match.index);
    const spelled = match[0].match(/\p{L}{2,}/gu)?.length ?? 0;
    if (digits === null || spelled < 4 || digits.replace('+', '').length < 8) continue;
    const canonical = canonicalPhone(digits);
    if (canonical === null || !(phoneWord.test(near) || cuePattern.test(near) || digits.startsWith('+')))
      continue;
    found.push(candidate(match.index, match[0], digits, canonical, ['word'], true));
  }
  return found;
}

function candidate(
  from: number,
  written: string,
  value: string,
  canonical: string,
  means: Candidate['means'],
  offered: boolean,
): Candidate {
  const to = from + written.length;
  return { kind: 'phone', from, to, value, canonical, service: null, means, offered };
}

/** "double seven oh" as 770. */
function digitsOf(spoken: string): string | null {
  let out = /^plus/i.test(spoken) ? '+' : '';
  let times = 1;
  for (const part of spoken.toLowerCase().split(/[ ,-]+/)) {
    if (part === 'plus' || part === '') continue;
    if (part === 'double' || part === 'triple') {
      times = part === 'double' ? 2 : 3;
      continue;
    }
    const digit = digitWords.get(part) ?? (/^\d$/.test(part) ? part : null);
    if (digit === null) return null;
    out += digit.repeat(times);
    times = 1;
  }
  return out;
}
