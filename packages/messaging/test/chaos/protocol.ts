/** What the chaos test tells its workers. */
export interface ToWorker {
  readonly publish: readonly number[];
}

/** What they tell it. */
export type FromWorker =
  | { readonly ready: true }
  /** A command is durable. */
  | { readonly published: number }
  /** Deliveries without effect so far, in this process. */
  | { readonly duplicates: number };
