import { unreadable } from './refuse.ts';
import type { Warnings } from './warnings.ts';

const maximumLength = 255;
// The name that DuckDB gives to the number of a row of a Parquet file; we order by it.
const reserved = new Set(['file_row_number']);

/**
 * Makes the names of columns usable: not empty, without control characters, no longer than 255 characters, and different
 * from each other without regard to case, as SQL wants them. What had to change is said in a warning.
 */
export const columnNames = (raw: readonly (string | undefined)[], warnings: Warnings): string[] => {
  const taken = new Set<string>(reserved);
  const wished = raw.map((name) =>
    Array.from(cleaned(name ?? ''))
      .slice(0, maximumLength)
      .join(''),
  );
  return wished.map((name, index) => {
    const base = name === '' ? `column_${index + 1}` : name;
    let unique = base;
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1) unique = `${base}_${number}`;
    taken.add(unique.toLowerCase());
    if (unique !== raw[index] && raw[index] !== undefined) {
      warnings.add({
        code: 'renamed_column',
        message: `Column ${index + 1}, ${JSON.stringify(raw[index]?.slice(0, 100))}, is called ${JSON.stringify(unique.slice(0, 100))}`,
        column: unique,
      });
    }
    return unique;
  });
};

const cleaned = (name: string) =>
  name
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim();

/** @throws 422 `datasets.too_many_columns` */
export const boundColumns = (count: number, maximum: number): void => {
  if (count > maximum) {
    throw unreadable('too_many_columns', `The table has more than ${maximum} columns.`, { maximum });
  }
};
