import type { LayoutRow } from './header.ts';

const note =
  /^[\s"'([*]*(source|sources|note|notes|nota|notas|fonte|fontes|obs|footnote|legend|legenda|disclaimer|printed|generated|updated|last updated|figures|copyright|©|\*)/i;

/** Whether a row could be a note under the table: at most its first cell has something in it. */
export const isSparse = ({ looks }: LayoutRow, width: number): boolean =>
  width >= 2 && looks.every((look, index) => look === 'empty' || (index === 0 && (width > 2 || looks.length < width)));

export const isEmptyRow = ({ looks }: LayoutRow): boolean => looks.every((look) => look === 'empty');

/**
 * How many of the sparse rows at the end of a table belong to it: a note stands behind an empty row, is shorter than the
 * rows of the table, or begins like a note.
 */
export const footerStart = (rows: readonly LayoutRow[], width: number): number => {
  // Rows with nothing in them are rows of missing values, unless a note stands there too.
  if (rows.every(isEmptyRow)) return rows.length;
  let begins = rows.findIndex(
    (row, index) =>
      isEmptyRow(row) ||
      (row.looks[0] === 'text' &&
        (row.cells.length < width ||
          note.test(row.cells[0] ?? '') ||
          (index > 0 && rows.slice(0, index).some(isEmptyRow)))),
  );
  if (begins === -1) return rows.length;
  // A number under an empty row is a value of the first column, not a note.
  const numbers = rows.findLastIndex((row) => row.looks[0] !== 'empty' && row.looks[0] !== 'text');
  if (numbers >= begins) begins = numbers + 1;
  return begins;
};
