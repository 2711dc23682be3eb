/**
 * The one error class. A code from a closed list says what kind of trouble it is; the message says what
 * happened and where; `remedy` says what the person in front of the screen can do about it.
 */
export const errorCodes = {
  usage: 'the command or request was not understood',
  'not-found': 'the thing asked for does not exist in this operation',
  unreadable: 'bytes could not be read as the format they claim to be',
  limit: 'a size, count, depth or time limit was reached',
  sandbox: 'the sandboxed reader crashed, hung or broke its protocol',
  integrity: 'stored bytes differ from what was recorded',
  storage: 'the disk refused a read or write',
  busy: 'another process is working on this operation',
  'not-derived': 'this part of the generation in force is still to come',
  denied: 'the actor may not do this',
  engine: 'the query engine failed',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class WaymarkError extends Error {
  readonly code: ErrorCode;
  /** Source pointer, file or object the trouble is about. */
  readonly where: string | undefined;
  readonly remedy: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { where?: string | undefined; remedy?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'WaymarkError';
    this.code = code;
    this.where = more.where;
    this.remedy = more.remedy;
  }

  /** One paragraph for a terminal or a page: what, where, what to do. */
  describe(): string {
    const where = this.where ? ` (${this.where})` : '';
    const remedy = this.remedy ? ` ${this.remedy}` : '';
    return `${this.message}${where}.${remedy}`;
  }
}

/** The message of anything thrown, without its stack. */
export function messageOf(error: unknown): string {
  if (error instanceof WaymarkError) return error.describe();
  return error instanceof Error ? error.message : String(error);
}
