import { unreadable } from '../refuse.ts';
import type { RowSink } from '../row-sink.ts';
import { createWarnings } from '../warnings.ts';
import type { Package } from './package.ts';
import type { SheetContext } from './read-cell.ts';
import { readSheet } from './read-sheet.ts';
import type { Sheet } from './workbook.ts';

const lookedAt = 40;

/**
 * The sheet that a request names, by name or by number from 0; else the first that holds a table, which has two columns and
 * two rows at least: a cover sheet holds a few lines of text. Where none does, the first that has any value.
 * @throws 422 `datasets.unknown_sheet`
 */
export const chooseSheet = async (
  archive: Package,
  sheets: readonly Sheet[],
  wanted: string | undefined,
  context: SheetContext,
): Promise<Sheet | undefined> => {
  if (wanted !== undefined) return namedSheet(sheets, wanted);
  if (sheets.length === 1) return sheets[0];
  let first: Sheet | undefined;
  for (const sheet of sheets) {
    const { rows, wide } = await lookAt(archive, sheet, context);
    if (wide >= 2) return sheet;
    if (rows > 0) first ??= sheet;
  }
  return first ?? sheets[0];
};

const namedSheet = (sheets: readonly Sheet[], wanted: string): Sheet => {
  const named =
    sheets.find(({ name }) => name === wanted) ?? (/^\d+$/.test(wanted) ? sheets[Number(wanted)] : undefined);
  if (named !== undefined) return named;
  throw unreadable('unknown_sheet', `The workbook has no sheet ${JSON.stringify(wanted)}.`, {
    sheets: sheets.map(({ name }) => name),
  });
};

/** How many rows the beginning of a sheet has, and how many of them have two values or more. */
const lookAt = async (archive: Package, sheet: Sheet, context: SheetContext) => {
  let rows = 0;
  let wide = 0;
  let values = 0;
  const sink: Pick<RowSink, 'column' | 'set' | 'endRow' | 'drain'> = {
    column: () => undefined,
    set: () => {
      values += 1;
    },
    endRow: () => {
      rows += 1;
      if (values >= 2) wide += 1;
      values = 0;
    },
    drain: async () => undefined,
  };
  await readSheet(archive, sheet.part, context, sink, createWarnings(), lookedAt);
  return { rows, wide };
};
