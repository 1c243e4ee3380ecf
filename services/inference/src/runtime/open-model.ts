import { ServiceError } from '@vindima/contracts';
import { reasonOf } from '../signature/probe.ts';
import { openSession, type Session } from './session.ts';

const missingOperator = /not a registered function|No Op registered|Could not find an implementation|NOT_IMPLEMENTED/i;

/**
 * Loads a model into the runtime, with the runtime's refusal turned into a sentence.
 *
 * @throws ServiceError 422 `inference.unsupported_operator`, `inference.cannot_load`
 */
export const openModel = async (onnx: Uint8Array, threads: number): Promise<Session> => {
  try {
    return await openSession(onnx, threads);
  } catch (error) {
    const reason = reasonOf(error);
    throw missingOperator.test(reason)
      ? new ServiceError(422, 'inference.unsupported_operator', `The runtime lacks an operator of the model: ${reason}`)
      : new ServiceError(422, 'inference.cannot_load', `The runtime refuses the model: ${reason}`);
  }
};
