/** A run's Parquet file, in a Hive partition of its day. */
export const predictionKey = (model: string, processingDate: string, run: string) =>
  `inference/predictions/${model}/processing_date=${processingDate}/${run}.parquet`;

/** Which run of a model is the newest. Written last: what it does not name is not there yet. */
export const predictionManifestKey = (model: string) => `inference/predictions/${model}/_manifest.json`;
