import { ErrorBody, HistoryPage, HistoryQuery } from '@vindima/contracts';
import { listHistory } from '../history/list.ts';
import type { Ports } from '../ports.ts';

/** `GET /model/history/`: what was classified, newest first. */
export const historyRoute = ({ context: { app, database } }: Ports) => {
  app.get(
    '/model/history',
    {
      schema: {
        tags: ['classification'],
        summary: 'What was classified: input and output, newest first',
        querystring: HistoryQuery,
        response: { 200: HistoryPage, 400: ErrorBody },
      },
    },
    (request) => listHistory(database.query, request.query),
  );
};
