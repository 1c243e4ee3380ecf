/** What reading one pickle may cost. */
export interface PickleLimits {
  /** Bytes of the file as it was uploaded. */
  readonly maxBytes: number;
  /** Bytes after decompression. */
  readonly maxUncompressedBytes: number;
  /** Instructions of the pickle, which also bounds what it can build. */
  readonly maxOperations: number;
  /** Containers within containers. */
  readonly maxDepth: number;
  readonly maxMilliseconds: number;
  /** Columns that a model may have, or make of its input (polynomials, one-hot). */
  readonly maxColumns: number;
  /** Nodes of all trees together. */
  readonly maxTreeNodes: number;
  /** Estimators within a model, each counted as often as it is used. */
  readonly maxEstimators: number;
}

export const defaultPickleLimits: PickleLimits = {
  maxBytes: 256 * 1024 ** 2,
  maxUncompressedBytes: 512 * 1024 ** 2,
  maxOperations: 20_000_000,
  maxDepth: 200,
  maxMilliseconds: 30_000,
  maxColumns: 20_000,
  maxTreeNodes: 10_000_000,
  maxEstimators: 1_000,
};
