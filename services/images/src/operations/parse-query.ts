import { ServiceError } from '@vindima/contracts';
import type { DateRange } from '../db/tag-statistics.ts';

const pattern = /^(\d{4}-\d{2}-\d{2})(?:[ T+](\d{2}:\d{2}:\d{2}))?(?:\.\d{1,6})?Z?$/;

const isDay = (parsed: Date, day: string): boolean =>
  !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);

/** Whether a text is a date as the tables hold it. */
export const isTableDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) &&
  isDay(new Date(`${text.replace(' ', 'T')}Z`), text.slice(0, 10));

const parseDate = (name: string, text: string | undefined, time: string): string | undefined => {
  if (text === undefined || text.trim() === '') return undefined;
  const [, day, given] = pattern.exec(text.trim()) ?? [];
  const date = `${day} ${given ?? time}`;
  if (day === undefined || !isTableDate(date)) {
    throw new ServiceError(400, 'images.invalid_date', `${name} must be YYYY-MM-DD HH:MM:SS or YYYY-MM-DD.`, {
      details: { [name]: text },
    });
  }
  return date;
};

/** `min_date` and `max_date` as the tables hold dates; a day means all of it. @throws 400 `images.invalid_date` */
export const parseDateRange = (query: { readonly min_date?: string; readonly max_date?: string }): DateRange => {
  const from = parseDate('min_date', query.min_date, '00:00:00');
  const to = parseDate('max_date', query.max_date, '23:59:59');
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
};

const mostTags = 50;

/** A list between commas, each tag once. @throws 400 `images.too_many_tags` */
export const parseTags = (text: string | undefined): string[] => {
  const tags = (text ?? '')
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '');
  const distinct = [...new Set(tags)];
  if (distinct.length > mostTags) {
    throw new ServiceError(400, 'images.too_many_tags', `At most ${mostTags} tags can be asked for at once.`);
  }
  return distinct;
};
