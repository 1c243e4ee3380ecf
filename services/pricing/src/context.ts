import type { Database } from '@vindima/database';
import type { ObjectStore } from '@vindima/object-store';
import type { Logger, ServiceContext } from '@vindima/service-kit';
import type { Transaction } from 'kysely';
import type { PricingConfig, Sources } from './config.ts';
import type { PricingTables, Tables } from './db/tables.ts';
import type { CatalogueCache } from './prices/catalogue-cache.ts';
import type { StoreSession } from './store/session.ts';
import type { Upstream } from './upstream.ts';

/** What the kit gives this service. */
export type PricingKit = ServiceContext<PricingConfig, PricingTables>;

/** Runs queries in one transaction of a job: it fails once another process has taken the job over. */
export type RunTransaction = <Result>(work: (transaction: Transaction<Tables>) => Promise<Result>) => Promise<Result>;

/** What its routes and jobs share, made once at the start. */
export interface PricingContext {
  readonly config: PricingKit['config'];
  readonly sources: Sources;
  readonly database: Database<Tables>;
  readonly messages: PricingKit['messages'];
  readonly objects: ObjectStore;
  readonly upstream: Upstream;
  /** Undefined where the store is read without logging in. */
  readonly session: StoreSession | undefined;
  readonly catalogues: CatalogueCache;
  readonly clock: () => Date;
  readonly logger: Logger;
}
