import type { UploadOptions } from '@vindima/contracts';
import type { TextFormat } from './read-as.ts';

/** What an uploader says of how values are written. */
export const textFormatOf = (options: UploadOptions, decimal: '.' | ','): TextFormat => ({
  decimal,
  thousands: options.thousands,
  date: typeof options.date_format === 'string' ? options.date_format : undefined,
  pivotYear: options.pivot_year,
  trueValues: options.true_values,
  falseValues: options.false_values,
});
