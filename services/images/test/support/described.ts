import sharp from 'sharp';

/** One dataset of IPTC IIM: marker, record 2, number, length, text. */
const dataset = (number: number, text: string): Buffer => {
  const value = Buffer.from(text, 'utf8');
  const head = Buffer.from([0x1c, 2, number, 0, 0]);
  head.writeUInt16BE(value.length, 3);
  return Buffer.concat([head, value]);
};

/** A JPEG's APP13 with IPTC in a Photoshop resource; UTF-8 is declared as IIM does it. */
const iptcSegment = (keywords: readonly string[], caption: string): Buffer => {
  const utf8 = Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47]);
  const data = Buffer.concat([utf8, ...keywords.map((keyword) => dataset(25, keyword)), dataset(120, caption)]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const padding = Buffer.alloc(data.length % 2);
  const resource = Buffer.concat([Buffer.from('Photoshop 3.0\0' + '8BIM\x04\x04\0\0', 'latin1'), size, data, padding]);
  const head = Buffer.from([0xff, 0xed, 0, 0]);
  head.writeUInt16BE(resource.length + 2, 2);
  return Buffer.concat([head, resource]);
};

export interface Description {
  readonly iptcKeywords?: readonly string[];
  readonly caption?: string;
  readonly xmpKeywords?: readonly string[];
  readonly title?: string;
  /** Exif's own spelling: `2019:03:04 05:06:07`, `+02:00`. */
  readonly taken?: string;
  readonly zone?: string;
  readonly camera?: readonly [make: string, model: string];
  /** Degrees, minutes and seconds with their side: `['29/1 10/1 0/1', 'S']`. */
  readonly latitude?: readonly [string, 'N' | 'S'];
  readonly longitude?: readonly [string, 'E' | 'W'];
}

const bag = (items: readonly string[]) =>
  `<dc:subject><rdf:Bag>${items.map((item) => `<rdf:li>${item}</rdf:li>`).join('')}</rdf:Bag></dc:subject>`;

/** A JPEG of one colour that says something of itself. */
export const describedFile = async (background: string, description: Description): Promise<Buffer> => {
  const { iptcKeywords = [], caption = '', xmpKeywords = [], title, taken, zone, camera } = description;
  const { latitude, longitude } = description;
  const jpeg = await sharp({ create: { width: 48, height: 32, channels: 3, background } })
    .jpeg()
    .withExif({
      ...(camera === undefined ? {} : { IFD0: { Make: camera[0], Model: camera[1] } }),
      ...(taken === undefined
        ? {}
        : { IFD2: { DateTimeOriginal: taken, ...(zone === undefined ? {} : { OffsetTimeOriginal: zone }) } }),
      ...(latitude === undefined || longitude === undefined
        ? {}
        : {
            IFD3: {
              GPSLatitude: latitude[0],
              GPSLatitudeRef: latitude[1],
              GPSLongitude: longitude[0],
              GPSLongitudeRef: longitude[1],
            },
          }),
    })
    .withXmp(
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">${bag(xmpKeywords)}${title === undefined ? '' : `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${title}</rdf:li></rdf:Alt></dc:title>`}</rdf:Description></rdf:RDF></x:xmpmeta>`,
    )
    .toBuffer();
  return Buffer.concat([jpeg.subarray(0, 2), iptcSegment(iptcKeywords, caption), jpeg.subarray(2)]);
};
