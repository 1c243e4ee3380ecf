import type { JsonObject } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { type RouteRule, ruleOfRoute } from '../access/requirement-of.ts';
import type { DocumentsOptions } from './create-documents.ts';

/** The gateway's own document, and the rules of its routes; to be called before they are registered. */
export const ownDocument = (app: App): DocumentsOptions['own'] => {
  const rules = new Map<string, RouteRule>();
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.requirement === undefined) return;
    for (const name of [method].flat()) rules.set(`${name} ${inDocument(url)}`, config.requirement);
  });
  return () => ({
    document: app.swagger() as unknown as JsonObject,
    requirementOf: (_, method, path) => {
      const name = method.toUpperCase();
      return ruleOfRoute(name, path, rules.get(`${name} ${path}`));
    },
  });
};

/** `/images/:id` as OpenAPI writes it. */
export const inDocument = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');
