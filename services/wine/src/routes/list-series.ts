import { Page, WineSeriesStatus } from '@vindima/contracts';
import type { WineContext } from '../ingest/job.ts';
import type { Shelf } from '../shelf/shelf.ts';
import { sendJsonText } from './send-prebuilt.ts';

/** `GET /wine/series`: the catalogue, and how the data of each series is. */
export const listSeries = ({ app }: WineContext, shelf: Shelf) => {
  app.get(
    '/wine/series',
    {
      schema: {
        tags: ['series'],
        summary: 'The fifteen series: what they are, and how fresh',
        response: { 200: Page(WineSeriesStatus) },
      },
    },
    (_request, reply) => sendJsonText(reply, shelf.list()),
  );
};
