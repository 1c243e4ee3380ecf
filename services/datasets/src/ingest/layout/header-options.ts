import type { UploadOptions } from '@vindima/contracts';
import type { LayoutOptions } from './find-layout.ts';

/** What an uploader says of the header. */
export const headerOptions = ({ header, header_row: row }: UploadOptions): LayoutOptions => {
  if (row === undefined) return { header };
  return row === 'none' ? { header: false } : { header: true, headerRow: typeof row === 'number' ? [row] : row };
};
