import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { tagStatistics } from '../db/tag-statistics.ts';
import { parseDateRange } from './parse-query.ts';
import { inLanguage } from './present.ts';

/** Says how often and how confidently every tag was given; at two addresses. */
export const listTags = (context: ImagesContext) => {
  for (const operation of [imagesOperations.listTags, imagesOperations.listTagsOfImages]) {
    implement(context, operation, async ({ query }) =>
      inLanguage(context, await tagStatistics(context.database.query, parseDateRange(query)), query.lang),
    );
  }
};
