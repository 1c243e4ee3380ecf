import { ServiceError } from '@vindima/contracts';

/** An answer of the store that can't be what was asked for: a web page, nothing, half a list. */
export const unusable = (reason: string, cause?: unknown) =>
  new ServiceError(502, 'pricing.unreadable_products', `The store's answer cannot be used: ${reason}.`, {
    details: { reason },
    cause,
  });
