import { ServiceError } from '@vindima/contracts';

export function notFound(key: string, cause?: unknown): ServiceError {
  return new ServiceError(404, 'object_store.not_found', `There is no object ${JSON.stringify(key)}.`, {
    details: { key },
    cause,
  });
}

export function tooLarge(key: string, size: number, maximumBytes: number): ServiceError {
  const message = `The object ${JSON.stringify(key)} has ${size} bytes; at most ${maximumBytes} may be read.`;
  return new ServiceError(413, 'object_store.too_large', message, {
    details: { key, size, maximum_bytes: maximumBytes },
  });
}

export function invalidRange(key: string, reason: string, cause?: unknown): ServiceError {
  const message = `This range of the object ${JSON.stringify(key)} cannot be read: ${reason}.`;
  return new ServiceError(416, 'object_store.invalid_range', message, { details: { key }, cause });
}

/** The store itself failed: disk full, no permission, no network, a missing bucket. */
export function unavailable(message: string, cause: unknown): ServiceError {
  return new ServiceError(503, 'object_store.unavailable', message, { cause });
}
