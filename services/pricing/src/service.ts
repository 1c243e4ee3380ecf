import { services } from '@vindima/contracts';
import { defineService } from '@vindima/service-kit';
import { PricingConfig, resolveSources } from './config.ts';
import type { PricingContext, PricingKit } from './context.ts';
import { pricingMigrations } from './db/migrations.ts';
import { defineJobs } from './jobs.ts';
import { handleRun } from './messages/run.ts';
import { getRun } from './operations/get-run.ts';
import { listChanges } from './operations/list-changes.ts';
import { listPrices } from './operations/list-prices.ts';
import { listProducts } from './operations/list-products.ts';
import { listRates } from './operations/list-rates.ts';
import { listRuns } from './operations/list-runs.ts';
import { loadHistory } from './operations/load-history.ts';
import { startRun } from './operations/run.ts';
import { createCatalogueCache } from './prices/catalogue-cache.ts';
import { loadOnFirstUse } from './run/load-on-first-use.ts';
import { createStoreSession } from './store/session.ts';

/** Store products at the ECB's rate of the day, in any currency, with their whole history. */
export const pricing = defineService({
  name: 'pricing',
  ...services.pricing,
  config: PricingConfig,
  migrations: pricingMigrations,
  async compose(kit: PricingKit) {
    const context = createContext(kit);
    const jobs = defineJobs(kit, context);
    startRun(kit, context, jobs.run);
    listRuns(kit);
    getRun(kit);
    loadHistory(kit, context, jobs.history);
    listPrices(kit, context);
    listRates(kit, context);
    listProducts(kit, context);
    listChanges(kit);
    await handleRun(kit, jobs.run);
    const { config, schedule } = kit;
    const categories = config.PRICING_CATEGORIES.split(',').filter((category) => category !== '');
    schedule.cron('PRICING_SCHEDULE', config.PRICING_SCHEDULE, (planned) =>
      jobs.run.start({ categories }, { idempotencyKey: `schedule-${planned.toISOString()}` }),
    );
    kit.onStart(() => loadOnFirstUse(context, jobs, categories));
  },
});

const createContext = (kit: PricingKit): PricingContext => {
  const { config, database, messages, objects, clock, logger, http } = kit;
  const sources = resolveSources(config);
  const upstream = { client: http, timeoutMs: config.PRICING_TIMEOUT, retries: config.PRICING_RETRIES };
  return {
    config,
    sources,
    database,
    messages,
    objects,
    upstream,
    session: sources.credentials && createStoreSession(upstream, sources.storeUrl, sources.credentials, clock),
    catalogues: createCatalogueCache(database.query),
    clock,
    logger,
  };
};
