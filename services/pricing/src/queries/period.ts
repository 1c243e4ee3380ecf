import { ServiceError } from '@vindima/contracts';
import { dateOf, isCalendarDate } from '../calendar/dates.ts';
import { checkPeriod } from '../run/run-input.ts';

/**
 * The period that a question is about: a day, or from one to another.
 *
 * @throws ServiceError 400 `pricing.date_and_period`; 422 `pricing.invalid_period`
 */
export const periodOf = (
  query: { readonly date?: string; readonly from?: string; readonly to?: string },
  now: Date,
): { from: string; to: string } => {
  const { date, from, to } = query;
  if (date !== undefined && (from !== undefined || to !== undefined)) {
    throw new ServiceError(400, 'pricing.date_and_period', 'Give either a date or a period, not both.');
  }
  const last = date ?? to ?? dateOf(now);
  const first = from ?? last;
  if (!isCalendarDate(last))
    throw new ServiceError(400, 'pricing.invalid_date', `"${last}" is not a day of the calendar.`);
  checkPeriod(first, last);
  return { from: first, to: last };
};

/** When a question is about: now, or the time that it names. Whether a day's rates must be out is decided by it. */
export const momentOf = (asOf: string | undefined, now: Date): Date =>
  asOf === undefined || new Date(asOf) > now ? now : new Date(asOf);
