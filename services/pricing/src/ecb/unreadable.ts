import { ServiceError } from '@vindima/contracts';

/** An answer that can't be understood is a failure of who sent it: taking it for "no data" would leave a silent gap. */
export const unreadable = (reason: string, cause?: unknown) =>
  new ServiceError(502, 'pricing.unreadable_rates', `The answer with the exchange rates cannot be used: ${reason}.`, {
    details: { reason },
    cause,
  });
