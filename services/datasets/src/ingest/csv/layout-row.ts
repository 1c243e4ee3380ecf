import type { LayoutRow } from '../layout/header.ts';
import { lookOf } from '../layout/looks.ts';

/** A record of text as its cells look. */
export const layoutRow = (cells: readonly string[]): LayoutRow => ({ cells, looks: cells.map(lookOf) });
