/** How the fields of a text table are told apart. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Empty: none. */
  readonly quote: string;
}

/** What one pass over a whole file counted. */
export interface Scan {
  readonly records: number;
  /** Records without any character; they are no rows of a table with several columns. */
  readonly blank: number;
  readonly lineEndings: { readonly lf: number; readonly crlf: number; readonly cr: number };
  /** Where a quoted field went on behind its closing quote; the first place. */
  readonly strayQuote: { readonly line: number; readonly column: number } | undefined;
  /** Where a quote was opened and never closed. */
  readonly openQuote: { readonly line: number; readonly column: number } | undefined;
  /** Quoted fields. */
  readonly quoted: number;
  /** By candidate: how many records have how many fields, blank ones left out. */
  readonly widths: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** By candidate: fields of the first record. */
  readonly firstWidth: ReadonlyMap<string, number>;
}

export const candidates = [',', ';', '\t', '|'] as const;
