import type { OnProgress, Progress } from '../base/progress.ts';
import { safeText } from '../base/safe-text.ts';

export { safeText };

/** Exit codes, documented in docs/command-line.md. */
export const exitCode = { done: 0, failed: 1, usage: 2, unread: 3 } as const;

const width = 24;
const plainEveryMs = 2000;

/**
 * Progress on standard error: one bar that redraws itself on a terminal, a plain line for each stage and every
 * two seconds elsewhere. Standard output stays free for results.
 */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): {
  onProgress: OnProgress;
  end(): void;
} {
  let shown = '';
  let stage = '';
  let lastMs = 0;
  return {
    onProgress(progress) {
      const nowMs = performance.now();
      if (stream.isTTY) {
        if (progress.stage === stage && nowMs - lastMs < 80) return;
        stream.write(`\r\x1b[2K${bar(progress.done, progress.total)} ${stageText(progress)}`);
        shown = progress.stage;
      } else if (progress.stage !== stage || nowMs - lastMs > plainEveryMs) {
        stream.write(
          `${stageText(progress)}${progress.done > 0 ? ` ${amount(progress.done, progress.total)}` : ''}\n`,
        );
      } else return;
      stage = progress.stage;
      lastMs = nowMs;
    },
    end() {
      if (stream.isTTY && shown !== '') stream.write('\r\x1b[2K');
    },
  };
}

function stageText({ stage, what }: Progress): string {
  return safeText(what === undefined ? stage : `${stage} ${what}`);
}

function bar(done: number, total: number | null): string {
  if (total === null || total === 0) return `[${'·'.repeat(width)}] ${done > 0 ? amount(done, null) : ''}`;
  const filled = Math.min(width, Math.round((done / total) * width));
  return `[${'█'.repeat(filled)}${'·'.repeat(width - filled)}] ${amount(done, total)}`;
}

function amount(done: number, total: number | null): string {
  if (total !== null && total > 0) return `${Math.min(100, Math.round((done / total) * 100))} %`;
  return done > 10_000 ? `${(done / 1e6).toFixed(1)} MB` : String(done);
}

/** Rows as columns of text, each as wide as its widest cell up to a cap. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], maxCell = 60): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cut(safeText(cell), maxCell)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
