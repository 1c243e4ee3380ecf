import type { WineSeriesId } from '@vindima/contracts';

/** A run's Parquet file, in a Hive partition of its day: Athena, Trino, Spark and DuckDB read the tree as it is. */
export const parquetKey = (series: WineSeriesId, processingDate: string, run: string) =>
  `wine/${series}/processing_date=${processingDate}/${run}.parquet`;

/** The file as it was fetched, by its SHA-256: parsed again at start, and whenever the parser has got better. */
export const sourceKey = (series: WineSeriesId, sha256: string) => `wine/sources/${series}/${sha256}.csv`;

/** Which of a series' Parquet files is the current one. Written last: what it does not name is not there yet. */
export const manifestKey = (series: WineSeriesId) => `wine/${series}/_manifest.json`;

/** A run's log, JSON lines. */
export const logKey = (processingDate: string, run: string) =>
  `logs/wine/processing_date=${processingDate}/${run}.jsonl`;
