import { ErrorBody, WineChecks } from '@vindima/contracts';
import { Type } from 'typebox';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../ingest/job.ts';
import type { Shelf } from '../shelf/shelf.ts';
import { sendPrebuilt } from './send-prebuilt.ts';

/** `GET /wine/series/{id}/checks`: reported totals against the sum of their parts. */
export const getChecks = ({ app }: WineContext, shelf: Shelf) => {
  app.get(
    '/wine/series/:id/checks',
    {
      compress: false,
      schema: {
        tags: ['series'],
        summary: 'Reported totals that are not the sum of their parts',
        params: Type.Object({ id: Type.String() }),
        response: { 200: WineChecks, 404: ErrorBody, 503: ErrorBody },
      },
    },
    (request, reply) => sendPrebuilt(request, reply, shelf.get(findSeries(request.params.id)).checks),
  );
};
