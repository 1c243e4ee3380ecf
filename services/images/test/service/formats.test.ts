import type { RunningService } from '@vindima/service-kit';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawFile } from '../support/pictures.ts';
import { json, postFile, startImages } from '../support/platform.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startImages();
});
afterAll(() => service.stop());

/** What the upload of a file and its thumbnail are answered with. */
const take = async (bytes: Uint8Array, { url } = service) => {
  const answer = await postFile(`${url}/images`, bytes);
  const { id, code } = await json(answer);
  if (answer.status !== 200) return { status: answer.status, code };
  const thumbnail = await fetch(`${url}/images/${id}/thumbnail`);
  const { format } = await json(fetch(`${url}/images/${id}/details`));
  const pixels = await sharp(Buffer.from(await thumbnail.arrayBuffer())).stats();
  return { status: answer.status, format, red: Math.round(pixels.channels[0]?.mean ?? -1) };
};

test('a bitmap is taken, and shown in its colours', async () => {
  const [bmp, png] = [await take(await drawFile('bmp', 333, 222)), await take(await drawFile('png', 333, 222))];
  expect(bmp).toMatchObject({ status: 200, format: 'bmp' });
  expect(Math.abs(Number(bmp.red) - Number(png.red))).toBeLessThan(3);
});

test('a compressed bitmap is refused with the reason', async () => {
  const bmp = await drawFile('bmp', 40, 30);
  bmp.writeUInt32LE(1, 30);
  expect(await take(bmp)).toEqual({ status: 415, code: 'images.unsupported_encoding' });
});

test('a JPEG that lacks only its end marker is taken; one that lacks more is not', async () => {
  const jpeg = await drawFile('jpeg', 600, 400);
  const withoutEnd = jpeg.subarray(0, -2);
  expect(await take(withoutEnd)).toMatchObject({ status: 200, format: 'jpeg' });
  for (const missing of [3, 10, 500]) {
    const answer = await take(jpeg.subarray(0, -missing));
    expect([missing, answer]).toEqual([missing, { status: 422, code: 'images.broken_picture' }]);
  }
});

/** A HEIC file of which only the beginning is there. */
const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'.padEnd(88, '\0'), 'latin1');

test('a broken HEIC is broken, and not unknown', async () => {
  expect(await take(heic)).toEqual({ status: 422, code: 'images.broken_picture' });
});

test('where HEIC is switched off the answer names it, and what to do', async () => {
  const without = await startImages({ IMAGES_HEIC: 'off' });
  const answer = await postFile(`${without.url}/images`, heic);
  expect([answer.status, await json(answer)]).toMatchObject([
    415,
    { error: expect.stringMatching(/HEIC.*IMAGES_HEIC.*JPEG/) },
  ]);
  await without.stop();
});
