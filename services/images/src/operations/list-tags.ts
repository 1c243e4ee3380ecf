import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { tagStatistics } from '../db/tag-statistics.ts';
import { parseDateRange } from './parse-query.ts';

/** Says how often and how confidently every tag was given; at two addresses. */
export const listTags = (context: ImagesContext) => {
  for (const operation of [imagesOperations.listTags, imagesOperations.listTagsOfImages]) {
    implement(context, operation, ({ query }) => tagStatistics(context.database.query, parseDateRange(query)));
  }
};
