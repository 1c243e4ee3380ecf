import { type PricingRunInput, ServiceError } from '@vindima/contracts';
import { dateOf, isCalendarDate } from '../calendar/dates.ts';
import type { PricingContext } from '../context.ts';

const longestYears = 30;

/**
 * Completes what a run was asked for with the configuration and today.
 *
 * @throws ServiceError 422 `pricing.invalid_period`
 */
export const completeInput = (
  input: PricingRunInput,
  { config, clock }: Pick<PricingContext, 'config' | 'clock'>,
): Required<PricingRunInput> => {
  const to = input.to ?? config.END_DATE ?? dateOf(clock());
  const from = input.from ?? (input.to === undefined ? config.START_DATE : undefined) ?? to;
  checkPeriod(from, to);
  return {
    categories: [...new Set(input.categories ?? [])],
    currencies: [...new Set(input.currencies ?? config.PRICING_CURRENCIES.split(','))],
    from,
    to,
  };
};

/** @throws ServiceError 422 `pricing.invalid_period` */
export const checkPeriod = (from: string, to: string): void => {
  const refuse = (message: string) =>
    new ServiceError(422, 'pricing.invalid_period', message, { details: { from, to } });
  if (!isCalendarDate(from) || !isCalendarDate(to)) throw refuse('The period has a day that is not in the calendar.');
  if (from > to) throw refuse(`The period ends (${to}) before it begins (${from}).`);
  if (Number(to.slice(0, 4)) - Number(from.slice(0, 4)) > longestYears) {
    throw refuse(`The period is longer than ${longestYears} years.`);
  }
};
