import type { WineWarning } from '@vindima/contracts';

/** What a parser may say about a cell, line or file. Everything here is repaired or left out, never passed over. */
export type WarningCode =
  | 'byte_order_mark'
  | 'not_utf8'
  | 'mixed_encodings'
  | 'comma_delimited'
  | 'line_ends'
  | 'no_final_newline'
  | 'blank_line'
  | 'quoted_cells'
  | 'missing_header'
  | 'unknown_column'
  | 'unnamed_column'
  | 'unexpected_name_column'
  | 'repeated_year'
  | 'labelled_measures'
  | 'unplaced_column'
  | 'measures_apart'
  | 'years_not_ascending'
  | 'header_longer_than_rows'
  | 'short_row'
  | 'long_row'
  | 'misaligned_row'
  | 'invalid_id'
  | 'duplicate_id'
  | 'missing_control'
  | 'duplicate_control'
  | 'duplicate_name'
  | 'missing_name'
  | 'sections_by_case'
  | 'upper_case_row'
  | 'total_row'
  | 'decimal_comma'
  | 'decimal_point'
  | 'thousands_separator'
  | 'ambiguous_number'
  | 'negative_number'
  | 'dash'
  | 'unreadable_value'
  | 'fewer_rows'
  | 'fewer_years'
  | 'more_warnings';

/** Enough for every quirk of the real files; a hostile one shall not fill the memory. */
const maximumWarnings = 2000;

/** Collects the warnings of one file. Lines and columns count from 1. */
export const createWarnings = (file: string) => {
  const list: WineWarning[] = [];
  let left = 0;
  return {
    add(code: WarningCode, line: number, column: number, message: string) {
      if (list.length < maximumWarnings) list.push({ file, line, column, code, message });
      else left += 1;
    },
    /** @returns the warnings in the order of their lines. */
    all(): readonly WineWarning[] {
      const sorted = list.sort((a, b) => a.line - b.line || a.column - b.column);
      const code: WarningCode = 'more_warnings';
      return left === 0
        ? sorted
        : [...sorted, { file, line: 1, column: 1, code, message: `${left} more warnings were left out.` }];
    },
  };
};
export type Warnings = ReturnType<typeof createWarnings>;

/** Text from a file, as short and harmless as a message needs it. */
export const quote = (text: string) => `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
