import { Gauge } from 'prom-client';
import { catalogue } from '../catalogue/catalogue.ts';
import type { WineContext } from '../context.ts';

/** `/metrics`: how old the data of each series is, and whether it is stale. */
export const measureSeries = ({ metrics, shelf }: WineContext): void => {
  const known = () => catalogue.filter((series) => shelf.has(series));
  new Gauge({
    name: 'wine_series_age_seconds',
    help: 'Since the source last confirmed or changed the data that is served',
    labelNames: ['series'],
    registers: [metrics],
    collect() {
      for (const series of known()) this.set({ series: series.id }, shelf.ageSeconds(series) ?? 0);
    },
  });
  new Gauge({
    name: 'wine_series_stale',
    help: '1 where the last refresh failed or the last good one is too long ago, and where there is no data',
    labelNames: ['series'],
    registers: [metrics],
    collect() {
      for (const series of catalogue)
        this.set({ series: series.id }, shelf.has(series) && !shelf.isStale(series) ? 0 : 1);
    },
  });
};
