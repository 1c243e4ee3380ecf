/** A run's prices, in a Hive partition of the day of the run: Athena, Trino, Spark and DuckDB read the tree as it is. */
export const snapshotKey = (processingDate: string, run: string) =>
  `pricing/prices/processing_date=${processingDate}/${run}.parquet`;

/** Names the current file. Written last: what no manifest names is not there yet. */
export const manifestKey = 'pricing/prices/_manifest.json';
