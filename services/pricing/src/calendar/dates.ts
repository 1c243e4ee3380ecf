const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;
export const dayMs = 86_400_000;

/** @returns whether the text is a day of the calendar, `2024-02-29` but not `2025-02-29` */
export const isCalendarDate = (text: string): boolean => {
  if (!pattern.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** @returns the date `days` later, or earlier if negative */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** @returns how many days `later` is after `earlier` */
export const daysBetween = (earlier: string, later: string): number =>
  (Date.parse(`${later}T00:00:00Z`) - Date.parse(`${earlier}T00:00:00Z`)) / dayMs;

/** @returns the calendar date of an instant, in UTC */
export const dateOf = (instant: Date): string => instant.toISOString().slice(0, 10);
