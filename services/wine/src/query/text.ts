import type { WineFigure } from '@vindima/contracts';
import { figureColumns } from './figures.ts';

const csvCell = (value: string | number | boolean | null): string => {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180 with a header, UTF-8, LF; missing is empty. */
export const toCsv = (figures: Iterable<WineFigure>): string => {
  let text = `${figureColumns.join(',')}\n`;
  for (const figure of figures) text += `${figureColumns.map((column) => csvCell(figure[column])).join(',')}\n`;
  return text;
};

/** One JSON object per line. */
export const toNdjson = (figures: Iterable<WineFigure>): string => {
  let text = '';
  for (const figure of figures) text += `${JSON.stringify(figure)}\n`;
  return text;
};

/** A page as every list of the platform has it. */
export const toJsonPage = (figures: Iterable<WineFigure>, nextCursor: string | null): string => {
  const items: string[] = [];
  for (const figure of figures) items.push(JSON.stringify(figure));
  return `{"items":[${items.join(',')}],"next_cursor":${JSON.stringify(nextCursor)}}`;
};
