import type { WineFormat } from '@vindima/contracts';
import { toParquet } from '@vindima/lake';
import { tableToIPC } from 'apache-arrow';
import { toArrow } from '../lake/arrow.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { figures } from './figures.ts';
import type { Selection } from './select.ts';
import { toCsv, toJsonPage, toNdjson } from './text.ts';

export interface Part {
  readonly selection: Selection;
  readonly offset: number;
  readonly limit: number;
  readonly nextCursor: string | null;
  readonly processingDate: string;
}

/** Writes a part of a table in a format. */
export const render = (table: SeriesTable, part: Part, format: WineFormat): string | Uint8Array => {
  const { selection, offset, limit } = part;
  const arrow = () => toArrow(table, selection, { offset, limit, processingDate: part.processingDate });
  switch (format) {
    case 'json':
      return toJsonPage(figures(table, selection, offset, limit), part.nextCursor);
    case 'csv':
      return toCsv(figures(table, selection, offset, limit));
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
