/** The line that begins a message: when, who, what. */
export interface ChatLine {
  /** Date and time as written. */
  readonly time: string;
  /** Whose message it is; null for what the program itself says. */
  readonly sender: string | null;
  readonly text: string;
  /** A comma stands between date and time, as the program itself always writes. */
  readonly comma: boolean;
}

/**
 * `[20/10/2019, 10:16:05] Name: text` or `20.10.19, 10:16 - Name: text`: the order of the date's parts and the clock
 * follow the phone's settings. Marks of writing direction may stand before it.
 */
const start =
  /^[\u200e\u200f\ufeff]*(?:\[(\d{1,4}[-./]\d{1,2}[-./]\d{1,4})(,?)[ \u202f](\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[ap]\.?[ \u00a0]?m\.?)?)\] |(\d{1,4}[-./]\d{1,2}[-./]\d{1,4})(,?)[ \u202f](\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[ap]\.?[ \u00a0]?m\.?)?) - )/i;
const senderName = /^[\u200e\u200f\u202a-\u202c]*([^:\n]{1,100}?)[\u202a-\u202c]*: ?/u;

/** Reads a line; null when it goes on with the message before it. */
export function chatLine(line: string): ChatLine | null {
  const match = start.exec(line);
  if (!match) return null;
  const [head, date1, comma1, clock1, date2, comma2, clock2] = match;
  const rest = line.slice(head.length);
  const sender = senderName.exec(rest);
  return {
    time: `${date1 ?? date2}${comma1 ?? comma2} ${clock1 ?? clock2}`,
    sender: sender?.[1]?.trim() || null,
    text: sender?.[1]?.trim() ? rest.slice(sender[0].length) : rest.replace(/^[\u200e\u200f]+/, ''),
    comma: (comma1 ?? comma2) === ',',
  };
}

/** What programs' logs write where a chat has its sender. */
const logLevel = /(^|[.\s])(trace|debug|info|notice|warn|warning|error|critical|alert|emergency|fatal)$/i;

/** How surely lines are a chat: most begin a message, and those have senders that are no levels of a log. */
export function judgeChat(lines: readonly string[]): number {
  let begun = 0;
  let sent = 0;
  let commas = 0;
  for (const [index, line] of lines.entries()) {
    const read = chatLine(line);
    if (read === null) {
      if (index === 0) return 0;
      continue;
    }
    begun++;
    if (read.comma) commas++;
    if (read.sender === null) continue;
    if (logLevel.test(read.sender)) return 0;
    sent++;
  }
  if (begun * 3 < lines.length || sent * 2 < begun || sent < 2) return 0;
  return commas === begun ? 0.85 : 0.7;
}

/** A file named in a message's text: `IMG.jpg (file attached)` or `<attached: IMG.jpg>`; null when there is none. */
export function attachedFile(text: string): string | null {
  const match =
    /^[\u200e\u200f]*(?:<attached: ([^<>\n]{1,255})>|([^\n<>]{1,255}\.\w{1,8}) \(file attached\))/u.exec(
      text,
    );
  return match?.[1] ?? match?.[2] ?? null;
}
