import sharp from 'sharp';
import type { Pixels } from '../../picture/read-picture.ts';
import { inputEdge } from './build-model.ts';

/**
 * The longer side of the picture within the input. The network learned from scenes: a subject that fills the whole input is found
 * less often than the same with some room around it (measured, see scripts/calibrate.ts).
 */
export const pictureEdge = 410;
const padding = 160;

/** The picture with its longer side as it has to be: most come so, only small ones are enlarged. */
const toPictureEdge = async (picture: Pixels): Promise<Pixels> => {
  const { data, width, height } = picture;
  const longer = Math.max(width, height);
  if (longer === pictureEdge) return picture;
  const scaled = (side: number) => Math.max(1, Math.round((side * pictureEdge) / longer));
  const inner = { width: scaled(width), height: scaled(height) };
  const resized = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(inner.width, inner.height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { ...inner, data: resized };
};

/** Puts a picture, undistorted, into the middle of a grey square of 512 x 512. @returns RGB bytes */
export const prepareInput = async (picture: Pixels): Promise<Uint8Array> => {
  const { data, width, height } = await toPictureEdge(picture);
  const input = new Uint8Array(inputEdge * inputEdge * 3).fill(padding);
  const left = (inputEdge - width) >> 1;
  const top = (inputEdge - height) >> 1;
  const rowBytes = width * 3;
  for (let row = 0; row < height; row++) {
    const pixels = data.subarray(row * rowBytes, (row + 1) * rowBytes);
    input.set(pixels, ((top + row) * inputEdge + left) * 3);
  }
  return input;
};
