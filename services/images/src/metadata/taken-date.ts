import type { ImageMetadata } from '@vindima/contracts';
import type { ExpandedTags } from 'exifreader';
import { isTableDate } from '../dates.ts';
import { textOf } from './texts.ts';

type Taken = Pick<ImageMetadata, 'taken_at' | 'taken_zone'>;

const pattern = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

const zoneOf = (text: string | undefined): string | null => {
  if (text === 'Z') return '+00:00';
  const [, sign, hours = '', minutes = ''] = /^([+-])(\d{2}):?(\d{2})$/.exec(text ?? '') ?? [];
  return sign === undefined || Number(hours) > 14 || Number(minutes) > 59 ? null : `${sign}${hours}:${minutes}`;
};

/** Reads `2019:03:04 05:06:07` (Exif) and `2019-03-04T05:06:07+02:00` (XMP). */
const parseTaken = (text: string | undefined, zone?: string): Taken | undefined => {
  const [, year, month, day, minute, second = ':00', own] = pattern.exec(text ?? '') ?? [];
  const date = `${year}-${month}-${day} ${minute}${second}`;
  return isTableDate(date) && Number(year) > 1825 ? { taken_at: date, taken_zone: zoneOf(own ?? zone) } : undefined;
};

/**
 * When a picture was taken, on the clock of the place: the moment of the shot before that of its digitisation, Exif before XMP and IPTC. A file
 * that names no zone leaves it open.
 */
export const readTakenDate = ({ exif, xmp, iptc }: ExpandedTags): Taken => {
  const day = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(textOf(iptc?.['Date Created']) ?? '');
  return (
    parseTaken(textOf(exif?.DateTimeOriginal), textOf(exif?.OffsetTimeOriginal)) ??
    parseTaken(textOf(exif?.DateTimeDigitized), textOf(exif?.OffsetTimeDigitized)) ??
    parseTaken(textOf(xmp?.DateTimeOriginal)) ??
    parseTaken(textOf(xmp?.DateCreated)) ??
    parseTaken(day === null ? undefined : `${day[1]}-${day[2]}-${day[3]} 00:00:00`) ?? {
      taken_at: null,
      taken_zone: null,
    }
  );
};
