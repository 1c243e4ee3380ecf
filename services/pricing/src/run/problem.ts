import { type PricingProblem, ServiceError } from '@vindima/contracts';

/** Shows a failure in a run. @throws the error itself when it is none that a caller may see: then it is a mistake of ours */
export const toProblem = (part: PricingProblem['part'], error: unknown): PricingProblem => {
  if (!(error instanceof ServiceError)) throw error;
  return { part, code: error.code, error: error.message, details: error.details };
};
