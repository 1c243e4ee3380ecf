import { pathMatches, ServiceError } from '@vindima/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Answers what no route is there for: 405 with `Allow` where the path has other methods, else 404. After whoever asks was looked at, and before
 * their body is: what is in it means nothing here.
 */
export const registerUnknownPaths = (app: FastifyInstance, service: string): void => {
  const routes: { readonly method: string; readonly url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });

  const refusal = ({ method, url }: FastifyRequest): ServiceError => {
    const path = url.split('?', 1)[0] ?? '';
    const allowed = new Set(routes.filter((route) => pathMatches(route.url, path)).map((route) => route.method));
    if (allowed.size === 0 || allowed.has(method))
      return new ServiceError(404, `${service}.unknown_path`, `There is no ${method} ${path} here; see /docs.`);
    const allow = [...allowed].sort().join(', ');
    return new ServiceError(405, `${service}.method_not_allowed`, `${path} has no ${method}, but ${allow}.`, {
      details: { allowed: [...allowed].sort() },
      headers: { allow },
    });
  };
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    // Without a body, a part of the server that answers unknown paths in a form of its own may.
    if (request.is404 && (length !== undefined || encoding !== undefined)) done(refusal(request));
    else done(null, payload);
  });
  app.setNotFoundHandler((request) => {
    throw refusal(request);
  });
};
