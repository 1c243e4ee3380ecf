import { PageQuery, PricingRunPage } from '@vindima/contracts';
import type { Kit } from '../context.ts';
import { runKind } from '../jobs.ts';
import { viewRun } from '../queries/view-run.ts';

/** `GET /pricing/runs`: the last runs, newest first. */
export const listRuns = (kit: Kit) => {
  kit.app.get(
    '/pricing/runs',
    {
      schema: {
        tags: ['runs'],
        summary: 'Runs, newest first',
        querystring: PageQuery,
        response: { 200: PricingRunPage },
      },
    },
    async (request) => {
      const { limit = 100, cursor } = request.query;
      const { items, next_cursor } = await kit.jobs.list({ kind: runKind, limit, ...(cursor && { cursor }) });
      return { items: await Promise.all(items.map(({ id }) => viewRun(kit, id))), next_cursor };
    },
  );
};
