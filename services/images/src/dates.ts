/** A time as the existing clients' tables hold it: UTC, to the second. */
export const toTableDate = (time: Date): string => time.toISOString().slice(0, 19).replace('T', ' ');

const isDay = (parsed: Date, day: string): boolean =>
  !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);

/** Whether a text is a date as the tables hold it. */
export const isTableDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) &&
  isDay(new Date(`${text.replace(' ', 'T')}Z`), text.slice(0, 10));
