import { healthOperations } from '@vindima/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createDurationHistogram, type Series } from './duration-histogram.ts';
import { implement } from './implement.ts';

/** Counts and times every request by method, route and status, and serves the registry at `/metrics`. */
export const registerMetrics = (app: FastifyInstance, service: string): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const durations = createDurationHistogram(registry, {
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the last byte of its answer',
    labelNames: ['method', 'route', 'status'],
    bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
  });
  // By route object and status: making a key of texts would cost more than the observation.
  const children = new Map<object, Map<number, Series>>();
  const seriesOf = (request: FastifyRequest, status: number): Series => {
    // Fastify makes `routeOptions` anew at each reading; the config in it is the route's own object, without a URL for a 404.
    const { config } = request.routeOptions;
    let byStatus = children.get(config);
    if (byStatus === undefined) {
      byStatus = new Map();
      children.set(config, byStatus);
    }
    let series = byStatus.get(status);
    if (series === undefined) {
      series = durations.labels(
        config.url === undefined ? 'any' : request.method,
        config.url ?? 'unknown',
        String(status),
      );
      byStatus.set(status, series);
    }
    return series;
  };
  app.addHook('onResponse', (request, reply, done) => {
    seriesOf(request, reply.statusCode).observe(reply.elapsedTime / 1000);
    done();
  });
  implement({ app: app as never }, healthOperations(service).readMetrics, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  return registry;
};
