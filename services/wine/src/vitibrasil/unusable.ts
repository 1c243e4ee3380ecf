import { ServiceError } from '@vindima/contracts';

/** Why nothing can be taken from a file. */
export type UnusableReason =
  | 'empty'
  | 'html_page'
  | 'not_text'
  | 'no_year_columns'
  | 'no_name_column'
  | 'no_rows'
  | 'rows_unlike_header'
  | 'cut_short'
  | 'stray_commas';

/** @returns the error for a file that is not what it should be; 502, as it is the upstream's. */
export const unusable = (
  file: string,
  reason: UnusableReason,
  message: string,
  details: Record<string, unknown> = {},
) =>
  new ServiceError(502, 'wine.unusable_file', `${file} cannot be used: ${message}`, {
    details: { file, reason, ...details },
  });
