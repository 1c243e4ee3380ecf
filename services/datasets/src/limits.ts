/** What one piece of work may take. Hostile files are held to these before and while they are read. */
export interface Limits {
  /** Bytes of memory of a whole engine process; it is killed above. */
  readonly memory: number;
  /** Threads that DuckDB computes with. */
  readonly threads: number;
  /** Bytes that a compressed file may become. */
  readonly expandedBytes: number;
  /** How many times larger than itself a compressed file may become. */
  readonly expansionRatio: number;
  /** Columns of a table. */
  readonly columns: number;
  /** Bytes of one row of a text format, or of one string of a workbook. */
  readonly rowBytes: number;
  /** Depth of a nested value. */
  readonly nesting: number;
  /** Bytes of temporary files, where DuckDB puts what does not fit in memory. */
  readonly temporaryBytes: number;
}

const mebi = 2 ** 20;

export const defaultLimits: Limits = {
  memory: 512 * mebi,
  threads: 2,
  expandedBytes: 4096 * mebi,
  expansionRatio: 200,
  columns: 5000,
  rowBytes: 4 * mebi,
  nesting: 64,
  temporaryBytes: 20_480 * mebi,
};
