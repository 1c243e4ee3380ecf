import type { LayoutRow } from '../layout/header.ts';
import { type Look, lookOf } from '../layout/looks.ts';

/** Tells whether fields look like the columns that the rows of a sample have. */
export const fitsColumns = (rows: readonly LayoutRow[], width: number): ((fields: readonly string[]) => boolean) => {
  const usual = Array.from({ length: width }, (_, column) =>
    mostFrequent(rows.filter(({ cells }) => cells.length === width).map(({ looks }) => looks[column] ?? 'empty')),
  );
  return (fields) =>
    usual.some((look) => look !== 'text') &&
    fields.every((field, column) => {
      const look = lookOf(field);
      return look === 'empty' || look === 'word' || look === usual[column] || usual[column] === 'text';
    });
};

const mostFrequent = (looks: readonly Look[]): Look => {
  const counts = new Map<Look, number>();
  for (const look of looks) if (look !== 'empty' && look !== 'word') counts.set(look, (counts.get(look) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 'text';
};
