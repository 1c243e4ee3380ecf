import { ServiceError } from '@vindima/contracts';
import { dateOf, isCalendarDate } from '../calendar.ts';
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
