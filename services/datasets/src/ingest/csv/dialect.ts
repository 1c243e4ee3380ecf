/** How the fields of a text table are told apart. */
export interface CsvDialect {
  /** One character or a few (`::`). */
  readonly delimiter: string;
  /** Empty: none. */
  readonly quote: string;
  /** What makes a quote inside a quoted field a character: the quote itself (doubled), or a backslash. */
  readonly escape: string;
  /** Spaces behind a delimiter are no part of the field. */
  readonly skipSpace: boolean;
  /** Lines that begin with it are no rows; undefined: there are none. */
  readonly comment?: string | undefined;
  /** Fields by their places instead of a delimiter: from the first to before the second character. */
  readonly places?: readonly (readonly [from: number, to: number | undefined])[] | undefined;
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
  /** Quotes inside fields that do not begin with one. */
  readonly inside: number;
  /** Quoted fields that go on over the end of a line. */
  readonly multiline: number;
  /** How many records have how many fields, blank ones left out. */
  readonly widths: ReadonlyMap<number, number>;
}

/** Delimiters that files are usually written with, and those that are believed only where nothing speaks against them. */
export const usualDelimiters = [',', ';', '\t', '|'] as const;
export const rareDelimiters = ['::', ':', ' ', '^', '~'] as const;
