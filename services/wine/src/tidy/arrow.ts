import type { WineTidyFigure } from '@vindima/contracts';
import { booleanColumn, type Column, createBits, integerColumn, tableOf, textColumn } from '@vindima/lake';
import { Float64, makeData, type Table } from 'apache-arrow';

/** Doubles, null where there is none. */
const doubleColumn = (): Column<number | null> => {
  const values: number[] = [];
  const valid = createBits();
  let nulls = 0;
  return {
    push(value) {
      if (value === null) nulls += 1;
      else valid.set(values.length);
      values.push(value ?? 0);
    },
    data: () =>
      makeData({
        type: new Float64(),
        length: values.length,
        nullCount: nulls,
        nullBitmap: valid.bytes(values.length),
        data: Float64Array.from(values),
      }),
  };
};

/** Builds an Arrow table of tidy rows. */
export const tidyArrow = (
  figures: readonly WineTidyFigure[],
  metadata: Readonly<Record<string, string>> = {},
): Table => {
  const columns = {
    series: textColumn(),
    section: textColumn(),
    name: textColumn(),
    country: textColumn(),
    iso: textColumn(),
    year: integerColumn(),
    quantity: doubleColumn(),
    unit: textColumn(),
    value_usd: doubleColumn(),
    is_total: booleanColumn(),
    doubtful: booleanColumn(),
    missing_reason: textColumn(),
    is_residual: booleanColumn(),
  } satisfies { [Name in keyof WineTidyFigure]: Column<WineTidyFigure[Name]> };
  for (const figure of figures) {
    for (const [name, column] of Object.entries(columns)) {
      (column as Column<unknown>).push(figure[name as keyof WineTidyFigure]);
    }
  }
  return tableOf(columns, metadata);
};
