import { ChangesPage, ChangesQuery, ErrorBody } from '@vindima/contracts';
import type { Kit } from '../context.ts';
import { changesAfter } from '../db/changes.ts';
import { plainJson } from './json.ts';

/** `GET /pricing/changes`: everything that was recorded, in order, to be resumed anywhere. */
export const listChanges = ({ app, database }: Kit) => {
  app.get(
    '/pricing/changes',
    {
      ...plainJson,
      schema: {
        tags: ['changes'],
        summary: 'Every change of products and rates in the order of recording, with before and after',
        querystring: ChangesQuery,
        response: { 200: ChangesPage, 400: ErrorBody },
      },
    },
    (request) => {
      const { after = 0, limit = 1000, entity } = request.query;
      return changesAfter(database.query, { after, limit, entity });
    },
  );
};
