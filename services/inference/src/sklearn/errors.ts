import { ServiceError } from '@vindima/contracts';

/** A pickle that is understood, and holds something that cannot be converted. `reason` completes "The file ...". */
export function unsupportedPickle(reason: string, details: Record<string, unknown> = {}): ServiceError {
  return new ServiceError(422, 'inference.unsupported_pickle', `The file ${reason}.`, { details });
}

/** A file that is no pickle, or a broken one. `reason` completes "The file is not a readable pickle: ...". */
export function invalidPickle(reason: string, cause?: unknown): ServiceError {
  return new ServiceError(422, 'inference.invalid_pickle', `The file is not a readable pickle: ${reason}.`, { cause });
}

/** A pickle that costs more than it may. */
export function pickleLimitExceeded(what: string, limit: number): ServiceError {
  return new ServiceError(422, 'inference.pickle_limit_exceeded', `The pickle has more than ${limit} ${what}.`, {
    details: { limit, unit: what },
  });
}
