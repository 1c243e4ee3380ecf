import type { ColumnType } from '@vindima/contracts';
import type { ShapeCounts } from './count-shapes.ts';
import type { Shape } from './shapes.ts';

/** What is known of the file, or said by its uploader. */
export interface Context {
  readonly decimal: '.' | ',';
  /** Whether the uploader said the decimal mark. */
  readonly told?: boolean | undefined;
  /** Whether other columns of the file have both decimal marks. */
  readonly mixedMarks?: boolean | undefined;
  readonly delimiter?: string | undefined;
  readonly thousands?: string | undefined;
  readonly dayFirst?: boolean | undefined;
}

/** How a column is to be read, and what there is to say about it. */
export interface DecidedType {
  readonly type: ColumnType;
  /** How its texts become values, see `convert.ts`. */
  readonly reading: Reading;
  readonly notes: readonly Note[];
  /** Whether whole numbers stand there with a fraction (2.0), as programs write floating-point numbers. */
  readonly floats?: boolean | undefined;
  /** Of a column that is text because of a few values: what it is without them. */
  readonly almost?: DecidedType | undefined;
}

export interface Note {
  readonly code: string;
  readonly message: string;
}

export type Reading =
  | { readonly as: 'text' | 'integer' | 'boolean' | 'date' | 'datetime' | 'datetime_tz' }
  | {
      readonly as: 'number' | 'decimal';
      readonly decimal: '.' | ',';
      /** Whether thousands are divided. */
      readonly grouped: boolean;
      /** Whether there are only whole numbers. */
      readonly whole: boolean;
      readonly scale: number;
      readonly digits: 18 | 38;
    }
  | { readonly as: 'local_date' | 'local_datetime'; readonly dayFirst: boolean };

export const keptAsText = (...notes: readonly Note[]): DecidedType => ({
  type: 'string',
  reading: { as: 'text' },
  notes,
});
export const note = (code: string, message: string): Note => ({ code, message });

/** Nearly all of a column: from here on its other values are named. */
export const nearlyAll = 0.8;

export const countOf = (counts: ShapeCounts, ...shapes: Shape[]): number =>
  shapes.reduce((sum, shape) => sum + (counts.get(shape)?.count ?? 0), 0);

export const totalOf = (counts: ShapeCounts): number => [...counts.values()].reduce((sum, { count }) => sum + count, 0);
export const valuesOf = (counts: ShapeCounts): number => totalOf(counts) - countOf(counts, 'missing');
