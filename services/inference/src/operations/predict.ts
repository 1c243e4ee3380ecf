import { inferenceOperations } from '@vindima/contracts';
import { answerWithJob, assertMayRead, callerOf, implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';

/** Classifies a file of the lake that the caller may read, as a job. */
export const predict = ({ context, predicting }: Ports) =>
  implement(context, inferenceOperations.predict, (request, reply) => {
    assertMayRead('inference', callerOf(request), request.body.object_key);
    return answerWithJob(predicting, request.body, request, reply);
  });
