import { ServiceError } from '@vindima/contracts';

/** The file is a table, or was meant to be one, but it cannot be read. `details` has line and column where known. */
export const unreadable = (reason: string, message: string, details: Record<string, unknown> = {}) =>
  new ServiceError(422, `datasets.${reason}`, message, { details });

/** The file is something else than what it says, or than what we read. */
export const wrongType = (reason: string, message: string, details: Record<string, unknown> = {}) =>
  new ServiceError(415, `datasets.${reason}`, message, { details });

/** The file, or what it expands to, is over a bound. */
export const tooLarge = (reason: string, message: string, details: Record<string, unknown> = {}) =>
  new ServiceError(413, `datasets.${reason}`, message, { details });
