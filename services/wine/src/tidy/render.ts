import type { WineFormat, WineTidyFigure } from '@vindima/contracts';
import { toParquet } from '@vindima/lake';
import { tableToIPC } from 'apache-arrow';
import type { Page } from '../query/render.ts';
import { toCsv, toJsonPage, toNdjson } from '../query/text.ts';
import { tidyArrow } from './arrow.ts';
import { tidyColumns } from './figures.ts';

/** Writes a page of tidy rows in a format. */
export const renderTidy = (
  figures: readonly WineTidyFigure[],
  { offset, limit, nextCursor }: Page,
  format: WineFormat,
): string | Uint8Array => {
  const page = figures.slice(offset, offset + limit);
  switch (format) {
    case 'json':
      return toJsonPage(page, figures.length, nextCursor);
    case 'csv':
      return toCsv(tidyColumns, page);
    case 'ndjson':
      return toNdjson(page);
    case 'arrow':
      return tableToIPC(tidyArrow(page), 'stream');
    case 'parquet':
      return toParquet(tidyArrow(page));
    default:
      return format satisfies never;
  }
};
