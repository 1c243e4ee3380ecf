import { crc32 } from 'node:zlib';
import { ServiceError } from '@vindima/contracts';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { type ReadPictureOptions, readPicture } from '../../src/picture/read-picture.ts';
import { drawFile, drawnFormats } from '../support/pictures.ts';

const previewEdge = 400;
const read = (bytes: Buffer, options: Partial<ReadPictureOptions> = {}) =>
  readPicture(bytes, { maximumPixels: 50_000_000, previewEdge, ...options });

const refusal = async (bytes: Buffer, options?: Partial<ReadPictureOptions>): Promise<string> => {
  const error: unknown = await read(bytes, options).then(
    () => 'taken',
    (reason: unknown) => reason,
  );
  return error instanceof ServiceError ? `${error.status} ${error.code}` : String(error);
};

test.each(drawnFormats)('a %s is taken for what it is', async (format) => {
  const picture = await read(await drawFile(format, 300, 200));
  expect(picture).toMatchObject({ format, width: 300, height: 200, preview: { width: 300, height: 200 } });
  expect(picture.preview.data).toHaveLength(300 * 200 * 3);
});

test('the preview of a large picture is bounded', async () => {
  const { preview, width } = await read(await drawFile('jpeg', 3000, 1500));
  expect(width).toBe(3000);
  expect([preview.width, preview.height]).toEqual([previewEdge, previewEdge / 2]);
});

test('a photograph taken sideways is turned upright', async () => {
  const wide = sharp({ create: { width: 40, height: 20, channels: 3, background: 'red' } });
  const bytes = await wide.jpeg().withMetadata({ orientation: 6 }).toBuffer();
  expect(await read(bytes)).toMatchObject({
    width: 20,
    height: 40,
    preview: { width: 20, height: 40 },
  });
});

test('what is transparent is seen on white', async () => {
  const clear = sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  const { preview } = await read(await clear.png().toBuffer());
  expect([...preview.data.subarray(0, 3)]).toEqual([255, 255, 255]);
});

describe('refused', () => {
  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['PDF', Buffer.from('%PDF-1.7')],
  ])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toBe('415 images.unsupported_format');
  });

  test.each(drawnFormats)('a %s that is cut short', async (format) => {
    const whole = await drawFile(format, 640, 480);
    expect(await refusal(whole.subarray(0, Math.floor(whole.length / 2)))).toBe('422 images.broken_picture');
  });

  // Large ones are decoded at a part of their size.
  test.each([
    ['JPEG', (picture: Sharp) => picture.jpeg()],
    ['progressive JPEG', (picture: Sharp) => picture.jpeg({ progressive: true })],
    ['WebP', (picture: Sharp) => picture.webp()],
  ])('a large %s that lacks its end', async (_, encode) => {
    const whole = await encode(sharp(await drawFile('jpeg', 3400, 2600))).toBuffer();
    for (const previewEdge of [1, 410, 1200]) {
      for (const share of [0.5, 0.9, 0.99]) {
        const bytes = whole.subarray(0, Math.floor(whole.length * share));
        expect(await refusal(bytes, { previewEdge })).toBe('422 images.broken_picture');
      }
      expect(await refusal(whole, { previewEdge })).toBe('taken');
    }
  });

  test.each([0.5, 0.9, 0.97])('a GIF of which frames are missing behind the first (%d of it)', async (share) => {
    const frames = await Promise.all(['png', 'jpeg', 'webp'].map((format) => drawFile(format as 'png', 90, 60)));
    const whole = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await refusal(whole)).toBe('taken');
    expect(await refusal(whole.subarray(0, Math.floor(whole.length * share)))).toBe('422 images.broken_picture');
  });

  test.each(['png', 'gif'] as const)('a %s that lacks its last byte', async (format) => {
    const whole = await drawFile(format, 30, 20);
    expect(await refusal(whole.subarray(0, -1))).toBe('422 images.broken_picture');
    expect(await refusal(Buffer.concat([whole, Buffer.from('behind it')]))).toBe('taken');
  });

  test.each(drawnFormats)('a %s of which only the signature is there', async (format) => {
    expect(await refusal((await drawFile(format)).subarray(0, 16))).toBe('422 images.broken_picture');
  });

  test.each(drawnFormats)('a %s with more pixels than are taken', async (format) => {
    expect(await refusal(await drawFile(format, 101, 100), { maximumPixels: 10_000 })).toBe(
      '413 images.too_many_pixels',
    );
  });

  test('a few bytes that would become gigabytes of pixels', async () => {
    const header = Buffer.alloc(33);
    header.write('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1');
    header.writeUInt32BE(100_000, 16);
    header.writeUInt32BE(100_000, 20);
    header.writeUInt8(8, 24);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    expect(await refusal(Buffer.concat([header, Buffer.from('\0\0\0\0IDAT')]))).toMatch(/^(413|422) /);
  });
});
