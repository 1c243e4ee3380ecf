import { imagesOperations, ServiceError } from '@vindima/contracts';
import { answerWithJob, implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { chooseTaggers, type RetagJob } from '../jobs/retag.ts';
import type { Taggers } from '../tagging/tagger.ts';
import { selectIds } from './select-images.ts';

/** In one job. */
const mostImages = 100_000;

/** Tags images again as a job. */
export const retag = (context: ImagesContext, job: RetagJob, tagger: Taggers) =>
  implement(context, imagesOperations.retag, async (request, reply) => {
    const { ids, search, taggers, min_confidence } = request.body;
    if ((ids === undefined) === (search === undefined)) {
      throw new ServiceError(400, 'images.no_selection', 'Name either ids or a search; {} as search is all images.');
    }
    chooseTaggers(tagger, taggers);
    const input = {
      ids: ids ?? (await selectIds(context, search ?? {}, mostImages)),
      taggers: taggers ?? [],
      minimum_confidence: min_confidence ?? 80,
    };
    return answerWithJob(job, input, request, reply);
  });
