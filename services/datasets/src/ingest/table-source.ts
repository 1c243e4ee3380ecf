import type { ColumnType, Dialect } from '@vindima/contracts';

/** A file that was understood: how to select it, and what its columns are. Nothing is converted yet. */
export interface TableSource {
  /** SQL that can stand behind FROM. */
  readonly relation: string;
  readonly columns: readonly SourceColumn[];
  readonly dialect: Dialect;
  /** Rows that the file has, counted by another reader than the one that reads them. */
  readonly expected?: number;
}

export interface SourceColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL of its value in the type. */
  readonly sql: string;
}
