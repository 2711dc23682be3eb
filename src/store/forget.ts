import type { State } from './state.ts';

/** Tables that have a column of this name, in order of their names. */
export function tablesWith(state: State, column: string): string[] {
  return state
    .all<{ name: string }>(
      `select m.name from sqlite_schema m join pragma_table_info(m.name) c
       where m.type = 'table' and c.name = $column order by m.name`,
      { column },
    )
    .map(({ name }) => name);
}

/**
 * Forgets all generations, with everything that is kept about them: their files are gone, and the next build makes
 * one anew. Call inside a transaction.
 */
export function forgetGenerations(state: State): void {
  state.run('pragma defer_foreign_keys = on');
  for (const table of tablesWith(state, 'generation')) state.run(`delete from ${table}`);
  state.run('delete from generation');
  state.run("delete from setting where name in ('generation', 'generation before')");
}
