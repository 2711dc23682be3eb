import type { Board, FindColumn, TakeBoardRow } from './board.ts';

/** How the rows of one of phpBB's tables become records. */
export interface BoardTable {
  /** Name behind the board's prefix. */
  readonly suffix: string;
  /** Columns by which the table is told from another program's table of the same name. */
  readonly needs: readonly string[];
  bind(board: Board, column: FindColumn, columns: readonly string[]): TakeBoardRow;
}
