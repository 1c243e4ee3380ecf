import { ServiceError } from '@vindima/contracts';
import { isTableDate } from '../dates.ts';
import type { MetadataFilter } from '../db/search-images.ts';
import type { DateRange } from '../db/tag-statistics.ts';
import { normalizeTag } from '../tagging/tag-text.ts';

const pattern = /^(\d{4}-\d{2}-\d{2})(?:[ T+](\d{2}:\d{2}:\d{2}))?(?:\.\d{1,6})?Z?$/;

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
    .map(normalizeTag)
    .filter((tag) => tag !== '');
  const distinct = [...new Set(tags)];
  if (distinct.length > mostTags) {
    throw new ServiceError(400, 'images.too_many_tags', `At most ${mostTags} tags can be asked for at once.`);
  }
  return distinct;
};

const placePattern = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*$/;

/** @throws 400 `images.invalid_place` */
const parsePlace = (text: string): NonNullable<MetadataFilter['near']> => {
  const [latitude, longitude, kilometres] = (placePattern.exec(text) ?? []).slice(1).map(Number);
  const isPlace =
    latitude !== undefined &&
    longitude !== undefined &&
    kilometres !== undefined &&
    kilometres > 0 &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180;
  if (isPlace) return { latitude, longitude, kilometres };
  throw new ServiceError(400, 'images.invalid_place', 'near must be latitude,longitude,kilometres: -29.17,-51.52,10.', {
    details: { near: text },
  });
};

interface MetadataQuery {
  readonly taken_from?: string;
  readonly taken_to?: string;
  readonly near?: string;
  readonly camera?: string;
}

/** What is asked of the files' own words. @throws 400 `images.invalid_date`, `images.invalid_place` */
export const parseMetadata = ({ taken_from, taken_to, near, camera }: MetadataQuery): MetadataFilter => {
  const takenFrom = parseDate('taken_from', taken_from, '00:00:00');
  const takenTo = parseDate('taken_to', taken_to, '23:59:59');
  const name = camera?.trim() ?? '';
  return {
    ...(takenFrom === undefined ? {} : { takenFrom }),
    ...(takenTo === undefined ? {} : { takenTo }),
    ...(near === undefined || near.trim() === '' ? {} : { near: parsePlace(near) }),
    ...(name === '' ? {} : { camera: name }),
  };
};
