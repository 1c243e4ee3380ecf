import type { ImageMetadata } from '@vindima/contracts';
import { DOMParser } from '@xmldom/xmldom';
import ExifReader, { type ExpandedTags } from 'exifreader';
import { readTakenDate } from './taken-date.ts';
import { boundedText, cameraOf, keywordsOf, textOf } from './texts.ts';

/** XMP is XML, parsed on the event loop: what is larger (a history of edits) is left alone. */
const largestXmp = 256 * 1024;

/** Says nothing: a file with broken XML is a file that says less. */
const parser = new DOMParser({
  onError: (level, message) => {
    if (level !== 'warning') throw new Error(message);
  },
});

const load = (bytes: Buffer, withXmp: boolean): ExpandedTags | undefined => {
  try {
    return ExifReader.load(bytes, {
      expanded: true,
      includeUnknown: false,
      domParser: parser,
      includeTags: { exif: true, gps: true, iptc: true, ...(withXmp ? { xmp: true } : {}) },
    });
  } catch {
    // It has no metadata, or none that can be read: whether the picture is whole is decided elsewhere.
    return undefined;
  }
};

const within = (value: unknown, limit: number): number | null =>
  typeof value === 'number' && Math.abs(value) <= limit ? value : null;

const placeOf = ({ gps }: ExpandedTags) => {
  const latitude = within(gps?.Latitude, 90);
  const longitude = within(gps?.Longitude, 180);
  // A camera that has not found itself yet writes zeros.
  const isPlace = latitude !== null && longitude !== null && (latitude !== 0 || longitude !== 0);
  return isPlace ? { latitude, longitude } : { latitude: null, longitude: null };
};

const orientationOf = ({ exif }: ExpandedTags): number | null => {
  const value: unknown = exif?.Orientation?.value;
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 8 ? Number(value) : null;
};

/**
 * What a picture's file says of itself (Exif 3.0, IPTC IIM 4.2, XMP): bounded in number and length, and nothing where it cannot be read.
 * @param xmpBytes length of its XMP
 */
export const readMetadata = (bytes: Buffer, xmpBytes = 0): ImageMetadata => {
  const tags = load(bytes, xmpBytes <= largestXmp) ?? load(bytes, false) ?? {};
  const { exif, iptc, xmp } = tags;
  return {
    title: boundedText(textOf(xmp?.title) ?? textOf(iptc?.['Object Name']), 500),
    caption: boundedText(
      textOf(xmp?.description) ?? textOf(iptc?.['Caption/Abstract']) ?? textOf(exif?.ImageDescription),
      2000,
    ),
    keywords: keywordsOf([iptc?.Keywords, xmp?.subject]),
    ...readTakenDate(tags),
    camera: cameraOf(textOf(exif?.Make), textOf(exif?.Model)),
    lens: boundedText(textOf(exif?.LensModel) ?? textOf(xmp?.Lens), 100),
    ...placeOf(tags),
    orientation: orientationOf(tags),
  };
};
