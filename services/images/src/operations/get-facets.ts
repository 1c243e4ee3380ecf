import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { findFacets } from '../db/facets.ts';

/** Says what there is to filter by. */
export const getFacets = (context: ImagesContext) =>
  implement(context, imagesOperations.getFacets, () => findFacets(context.database.query));
