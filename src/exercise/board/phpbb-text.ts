import { hash } from 'node:crypto';

/** How phpBB 3.2+ stores what people type: `<t>` for plain text, `<r>` where something was marked up. */
const links =
  /https?:\/\/[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:^|(?<=\s))(?:[:;]-?[)D])(?=\s|$)|\p{Extended_Pictographic}/gu;

export function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : text;
}

/** As phpBB stores subjects, handles and profile values: `& < > "` as entities. */
export function escapeField(text: string): string {
  return escapeXml(text).replace(/"/g, '&quot;');
}

/** A quoted earlier post. */
export type Quote = {
  readonly author: string;
  readonly userId: number;
  readonly post: number;
  readonly at: number;
  readonly text: string;
};

export function storedText(text: string, quote?: Quote): string {
  const escaped = escapeXml(text);
  links.lastIndex = 0;
  const rich = quote !== undefined || (/[@:;]|[^\0-\u024f]/.test(escaped) && links.test(escaped));
  links.lastIndex = 0;
  const body = rich
    ? escaped.replace(links, (match) => {
        if (match.startsWith('http')) return `<URL url="${match}">${match}</URL>`;
        if (match.includes('@')) return `<EMAIL email="${match}">${match}</EMAIL>`;
        return /^[:;]/.test(match) ? `<E>${match}</E>` : emojiTag(match);
      })
    : escaped;
  const broken = body.includes('\n') ? body.replace(/\n/g, '<br/>\n') : body;
  if (!rich) return `<t>${broken}</t>`;
  return `<r>${quote ? quoted(quote) : ''}${broken}</r>`;
}

/** The tables are utf8mb3, so characters beyond the first plane are stored as entities. */
function emojiTag(character: string): string {
  const code = character.codePointAt(0)!;
  const seq = code.toString(16);
  return `<EMOJI seq="${seq}" tseq="${seq}">${code > 0xffff ? `&#${code};` : character}</EMOJI>`;
}

function quoted({ author, userId, post, at, text }: Quote): string {
  const shown = /[\s[\]]/.test(author) ? `"${author}"` : author;
  const tag = `[quote=${shown} post_id=${post} time=${at} user_id=${userId}]`;
  return `<QUOTE author="${escapeField(author)}" post_id="${post}" time="${at}" user_id="${userId}"><s>${tag}</s>${escapeXml(
    text,
  )
    .replace(/\n/g, '<br/>\n')
    .replace(/[\u{10000}-\u{10ffff}]/gu, emojiTag)}<e>[/quote]</e></QUOTE>\n\n<br/>\n`;
}

/** The body without markup, as `post_checksum` covers it. */
export function checksum(text: string): string {
  return hash('md5', text);
}
