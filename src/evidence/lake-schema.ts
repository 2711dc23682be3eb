import type { Schema } from '../store/lake.ts';
import { columnsOf, tableNames } from './tables.ts';

/** The record types as the engine's views declare them. */
export const lakeSchema: Schema = Object.fromEntries(
  tableNames.map((table) => [
    table,
    columnsOf(table).map(
      ([name, type]) => [name, type === 'int' || type === 'time' ? 'BIGINT' : 'VARCHAR'] as const,
    ),
  ]),
);
