import { ErrorBody, PricingRun } from '@vindima/contracts';
import { Type } from 'typebox';
import type { Kit } from '../context.ts';
import { viewRun } from '../queries/view-run.ts';

/** `GET /pricing/runs/{id}`: how a run goes, or how it ended. */
export const getRun = (kit: Kit) => {
  kit.app.get(
    '/pricing/runs/:id',
    {
      schema: {
        tags: ['runs'],
        summary: 'A run: what it recorded, and what went wrong',
        params: Type.Object({ id: Type.String({ maxLength: 80 }) }),
        response: { 200: PricingRun, 404: ErrorBody },
      },
    },
    (request) => viewRun(kit, request.params.id),
  );
};
