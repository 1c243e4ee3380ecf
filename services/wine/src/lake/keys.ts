import type { WineSeriesId } from '@vindima/contracts';

/** Where the runs of a series and their manifest are, as `@vindima/lake` lays them out. */
export const dataSetOf = (series: WineSeriesId) => `wine/${series}`;

/** The file as it was fetched, by its SHA-256: parsed again at start, and whenever the parser has got better. */
export const sourceKey = (series: WineSeriesId, sha256: string) => `wine/sources/${series}/${sha256}.csv`;

/** A run's log, JSON lines. */
export const logKey = (processingDate: string, run: string) =>
  `logs/wine/processing_date=${processingDate}/${run}.jsonl`;
