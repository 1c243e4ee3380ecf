import type { KitTables } from '@vindima/service-kit';
import type { CoverageTable } from './coverage.ts';
import type { HeldRateTable } from './held-rates.ts';
import type { ProductVersionTable } from './products.ts';
import type { RateTable } from './rates.ts';
import type { FeedTable, RecordingTable } from './recordings.ts';
import type { RunTable } from './runs.ts';

/** The tables of this service. */
export interface PricingTables {
  feed: FeedTable;
  recordings: RecordingTable;
  rates: RateTable;
  product_versions: ProductVersionTable;
  rate_coverage: CoverageTable;
  held_rates: HeldRateTable;
  pricing_runs: RunTable;
}

/** All that is in its database. */
export type Tables = PricingTables & KitTables;
