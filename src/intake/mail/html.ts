/** HTML reduced to readable text. Nothing is fetched, run or rendered; the scan is linear in the input. */

const blocks = new Set(
  'address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
/** Elements whose content is not text, with the search for their end tags. */
const hidden: Record<string, RegExp> = {
  script: /<\/script[^>]*>/gi,
  style: /<\/style[^>]*>/gi,
  template: /<\/template[^>]*>/gi,
  title: /<\/title[^>]*>/gi,
};

/** The entities of HTML 4 that mail uses; others stay as written. */
const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  shy: '\u00ad',
  hellip: '\u2026',
  ndash: '\u2013',
  mdash: '\u2014',
  lsquo: '\u2018',
  rsquo: '\u2019',
  sbquo: '\u201a',
  ldquo: '\u201c',
  rdquo: '\u201d',
  bdquo: '\u201e',
  bull: '\u2022',
  euro: '\u20ac',
  trade: '\u2122',
  laquo: '\u00ab',
  raquo: '\u00bb',
  lsaquo: '\u2039',
  rsaquo: '\u203a',
  zwnj: '\u200c',
  zwj: '\u200d',
  ensp: '\u2002',
  emsp: '\u2003',
  thinsp: '\u2009',
  OElig: '\u0152',
  oelig: '\u0153',
  Scaron: '\u0160',
  scaron: '\u0161',
  Yuml: '\u0178',
  fnof: '\u0192',
  larr: '\u2190',
  uarr: '\u2191',
  rarr: '\u2192',
  darr: '\u2193',
};
const latin1Names =
  'iexcl cent pound curren yen brvbar sect uml copy ordf . not . reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm . frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
for (const [index, name] of latin1Names.split(' ').entries()) {
  if (name !== '.') entities[name] = String.fromCharCode(0xa1 + index);
}

/**
 * The text of an HTML document: one line a block, runs of white space as one space, the address of a link
 * behind its words where it says something else. Scripts, styles and comments are left out.
 */
export function htmlToText(html: string): string {
  const out: string[] = [];
  let link = '';
  let linkStart = 0;
  let inPre = 0;
  // What was once not found ahead is not looked for again; this keeps broken HTML from taking quadratic time.
  const absent = new Set<string>();
  const text = (from: number, to: number) => {
    const run = html.slice(from, to);
    if (run !== '') out.push(decodeEntities(inPre > 0 ? run : run.replace(/[ \t\r\n\f]+/g, ' ')));
  };
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    text(at, open < 0 ? html.length : open);
    if (open < 0) break;
    const name = /^<\/?([a-zA-Z][a-zA-Z0-9:-]{0,30})|^<[!?]/.exec(html.slice(open, open + 34));
    const close = name ? tagEnd(html, open, absent) : -1;
    if (close < 0) {
      out.push('<');
      at = open + 1;
      continue;
    }
    const tag = (name![1] ?? '').toLowerCase();
    const closing = html[open + 1] === '/';
    at = closing || !Object.hasOwn(hidden, tag) ? close : hiddenEnd(html, close, tag, absent);
    if (tag === 'pre') inPre = Math.max(0, inPre + (closing ? -1 : 1));
    if (tag === 'a') {
      if (link !== '' && !out.slice(linkStart).join('').includes(link)) out.push(` <${link}>`);
      link = closing ? '' : linkOf(html.slice(open, close));
      linkStart = out.length;
    }
    if (blocks.has(tag)) out.push('\n');
    else if (tag === 'td' || tag === 'th') out.push(closing ? ' ' : '');
  }
  return tidy(out.join(''));
}

/** Attribute values longer than this are not looked through for their closing quote. */
const longestTag = 16_384;

/**
 * Behind the tag or comment that starts at `open`, passing over '>' in quoted attribute values; -1 where it
 * does not end.
 */
function tagEnd(html: string, open: number, absent: Set<string>): number {
  if (html.startsWith('<!--', open)) {
    const end = absent.has('-->') ? -1 : html.indexOf('-->', open + 4);
    if (end >= 0) return end + 3;
    absent.add('-->');
  }
  const first = absent.has('>') ? -1 : html.indexOf('>', open);
  if (first < 0) {
    absent.add('>');
    return -1;
  }
  let quote = '';
  const stop = Math.min(html.length, open + longestTag);
  for (let i = open + 1; i < stop; i++) {
    const char = html[i]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '>') return i + 1;
    else if ((char === '"' || char === "'") && html[i - 1] === '=') quote = char;
  }
  return first + 1;
}

/** Behind the end tag of a hidden element; its content is shown after all where it has none. */
function hiddenEnd(html: string, from: number, tag: string, absent: Set<string>): number {
  const search = hidden[tag]!;
  search.lastIndex = from;
  const end = absent.has(tag) ? null : search.exec(html);
  if (end) return end.index + end[0].length;
  absent.add(tag);
  return from;
}

function linkOf(tag: string): string {
  const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag);
  const target = decodeEntities((href?.[1] ?? href?.[2] ?? href?.[3] ?? '').trim());
  return /^(?:https?|ftp|mailto):/i.test(target) ? target.slice(0, 2048) : '';
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,8}));?/g,
    (whole, dec, hex, name) => {
      if (name !== undefined) return Object.hasOwn(entities, name) ? entities[name]! : whole;
      const code = dec !== undefined ? Number(dec) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : '\ufffd';
    },
  );
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim());
  const out: string[] = [];
  for (const line of lines) if (line !== '' || (out.length > 0 && out.at(-1) !== '')) out.push(line);
  return out.join('\n').trim();
}
