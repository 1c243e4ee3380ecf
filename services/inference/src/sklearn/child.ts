import { ServiceError } from '@vindima/contracts';
import type { ProcessAnswer, ProcessQuestion } from './convert-in-process.ts';
import { convertPickle } from './convert-pickle.ts';

/**
 * The process that convertPickleInProcess starts: one pickle in, one answer out. The starter ends it, once it has the
 * whole answer; should the starter be gone, the closed channel does.
 */
process.once('message', async (message) => {
  const answer = await convert(message as ProcessQuestion);
  process.send?.(answer);
});

async function convert({ bytes, limits }: ProcessQuestion): Promise<ProcessAnswer> {
  try {
    return { converted: await convertPickle(bytes, { limits }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { error: { code: error.code, message: error.message, details: error.details } };
  }
}
