import { ErrorBody, TagStatistics, TagStatisticsQuery } from '@vindima/contracts';
import { Type } from 'typebox';
import type { ImagesContext } from '../context.ts';
import { tagStatistics } from '../db/tag-statistics.ts';
import { parseDateRange } from './parse-query.ts';

/** `GET /tags` (also at `/images/tags`): how often and how confidently every tag was given. */
export const registerListTags = ({ app, database }: ImagesContext): void => {
  for (const path of ['/tags', '/images/tags']) {
    app.get(
      path,
      {
        schema: {
          summary: 'Statistics of all tags',
          tags: ['tags'],
          querystring: TagStatisticsQuery,
          response: { 200: Type.Array(TagStatistics), '4xx': ErrorBody },
        },
      },
      (request) => tagStatistics(database.query, parseDateRange(request.query)),
    );
  }
};
