import { addDays } from '../calendar/dates.ts';

export interface Row {
  readonly date: string;
  readonly quote: string;
  readonly rate: number;
}

/** The first day of the week (Monday) or of the month of a date. */
const bucketOf = (date: string, group: 'week' | 'month'): string => {
  if (group === 'month') return `${date.slice(0, 7)}-01`;
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
};

/** @returns the mean of each week or month and currency, in their order */
export const meansOf = (rows: readonly Row[], group: 'week' | 'month'): Row[] => {
  const sums = new Map<string, { date: string; quote: string; sum: number; count: number }>();
  for (const { date, quote, rate } of rows) {
    const bucket = bucketOf(date, group);
    const key = `${bucket} ${quote}`;
    const known = sums.get(key) ?? { date: bucket, quote, sum: 0, count: 0 };
    known.sum += rate;
    known.count += 1;
    sums.set(key, known);
  }
  return [...sums.values()].map(({ date, quote, sum, count }) => ({ date, quote, rate: sum / count }));
};
