import { CalendarDate, WineSeriesId, WineSource } from '@vindima/contracts';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';

/** What is known of the current file of a series. Whoever has the manifests has the state of the lake. */
export const Manifest = Type.Object({
  format: Type.Literal(1),
  series: WineSeriesId,
  title: Type.String(),
  run: Type.String(),
  processing_date: CalendarDate,
  object_key: Type.String({ description: 'The current Parquet file' }),
  bytes: Type.Integer({ description: 'Of the Parquet file' }),
  sha256: Type.String({ description: 'Of the Parquet file' }),
  figures: Type.Integer({ description: 'Rows of the Parquet file' }),
  rows: Type.Integer({ description: 'Rows of the source' }),
  first_year: Type.Integer(),
  last_year: Type.Integer(),
  warnings: Type.Integer(),
  source: WineSource,
  source_key: Type.String({ description: 'The source as it was fetched' }),
});
export type Manifest = Static<typeof Manifest>;

/** @returns the manifest that a stored text holds, undefined if it holds none that this version understands. */
export const readManifest = (text: string): Manifest | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Manifest, value) ? value : undefined;
  } catch {
    return undefined;
  }
};
