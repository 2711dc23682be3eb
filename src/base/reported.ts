import { type ErrorCode, messageOf, WaymarkError } from './errors.ts';

/** A failure as it is told from one process of Waymark to another. `code` is null for a fault in Waymark itself. */
export interface ReportedFailure {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly where: string | null;
  readonly remedy: string | null;
}

export function failureOf(error: unknown): ReportedFailure {
  const known = error instanceof WaymarkError ? error : null;
  return {
    code: known?.code ?? null,
    message: known?.message ?? messageOf(error),
    where: known?.where ?? null,
    remedy: known?.remedy ?? null,
  };
}

/** The error that was reported, to be thrown here. */
export function errorOf({ code, message, where, remedy }: ReportedFailure): Error {
  if (code === null) return new Error(message);
  return new WaymarkError(code, message, { where: where ?? undefined, remedy: remedy ?? undefined });
}
