import { isClosed } from './closed-days.ts';
import { addDays } from './dates.ts';

/** The first day on which anybody could publish a rate of the euro. */
export const firstDay = '1999-01-04';

/** In Frankfurt: the ECB publishes about 16:00, and may be late. */
const dueHour = 18;

/** @returns whether the ECB publishes rates on a day (it is a day of operation of TARGET) */
export const isTargetDay = (date: string): boolean => {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !isClosed(date);
};

/** @returns the last day of operation on or before a date */
export const lastTargetDay = (date: string): string => {
  let day = date;
  while (!isTargetDay(day)) day = addDays(day, -1);
  return day;
};

/** @returns the days of operation from one date to another, oldest first */
export const targetDays = (from: string, to: string): string[] => {
  const days: string[] = [];
  for (let day = from < firstDay ? firstDay : from; day <= to; day = addDays(day, 1))
    if (isTargetDay(day)) days.push(day);
  return days;
};

/** @returns whether the rates of a day of operation must be out */
export const isDue = (day: string, now: Date): boolean => {
  const { date, hour } = inFrankfurt(now);
  return day < date || (day === date && hour >= dueHour);
};

/** @returns the last day whose rates must be out */
export const lastDueDay = (now: Date): string => {
  const { date } = inFrankfurt(now);
  const day = lastTargetDay(date);
  return isDue(day, now) ? day : lastTargetDay(addDays(day, -1));
};

const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Berlin',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
});
const inFrankfurt = (now: Date) => {
  const [date = '', hour = ''] = format.format(now).split(' ');
  return { date, hour: Number(hour) };
};
