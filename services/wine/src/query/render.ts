import type { WineFormat } from '@vindima/contracts';
import { toParquet } from '@vindima/lake';
import { tableToIPC } from 'apache-arrow';
import { toArrow } from '../lake/arrow.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { figureColumns, figures } from './figures.ts';
import { type Selection, sizeOf } from './select.ts';
import { toCsv, toJsonPage, toNdjson } from './text.ts';

/** Which of the rows are wanted. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
  readonly nextCursor: string | null;
}

export interface Part extends Page {
  readonly selection: Selection;
  readonly processingDate: string;
}

/** Writes a part of a table in a format. */
export const render = (table: SeriesTable, part: Part, format: WineFormat): string | Uint8Array => {
  const { selection, offset, limit } = part;
  const arrow = () => toArrow(table, selection, { offset, limit, processingDate: part.processingDate });
  switch (format) {
    case 'json':
      return toJsonPage(figures(table, selection, offset, limit), sizeOf(selection), part.nextCursor);
    case 'csv':
      return toCsv(figureColumns, figures(table, selection, offset, limit));
    case 'ndjson':
      return toNdjson(figures(table, selection, offset, limit));
    case 'arrow':
      return tableToIPC(arrow(), 'stream');
    case 'parquet':
      return toParquet(arrow());
    default:
      return format satisfies never;
  }
};
