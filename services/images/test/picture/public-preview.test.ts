import sharp from 'sharp';
import { expect, test } from 'vitest';
import { makePublicPreview } from '../../src/picture/public-preview.ts';
import { describedFile } from '../support/described.ts';
import { drawFile } from '../support/pictures.ts';

test('what leaves the house says neither where nor when nor what of', async () => {
  const bytes = await describedFile('teal', {
    iptcKeywords: ['garden'],
    caption: 'At home',
    taken: '2019:03:04 05:06:07',
    latitude: ['29/1 10/1 0/1', 'S'],
    longitude: ['51/1 31/1 0/1', 'W'],
  });
  const before = await sharp(bytes).metadata();
  expect([before.exif, before.iptc, before.xmp]).not.toContain(undefined);
  const after = await sharp(await makePublicPreview({ bytes, format: 'jpeg' }, 1024)).metadata();
  expect(after).toMatchObject({ format: 'jpeg', width: 48, height: 32 });
  expect([after.exif, after.iptc, after.xmp]).toEqual([undefined, undefined, undefined]);
});

test('it is upright and no larger than asked for', async () => {
  const turned = await sharp(await drawFile('png', 400, 200))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const preview = await sharp(await makePublicPreview({ bytes: turned, format: 'jpeg' }, 100)).metadata();
  expect([preview.width, preview.height, preview.orientation]).toEqual([50, 100, undefined]);
});
