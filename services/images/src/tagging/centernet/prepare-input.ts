import sharp from 'sharp';
import type { Pixels } from '../../picture/read-picture.ts';
import { inputEdge } from './build-model.ts';

/**
 * The longer side of the picture within the input. The network learned from scenes: a subject that fills the whole input is found
 * less often than the same with some room around it (measured, see scripts/calibrate.ts).
 */
const pictureEdge = 410;
const padding = 160;

/** Puts a picture, undistorted, into the middle of a grey square of 512 x 512. @returns RGB bytes */
export const prepareInput = async ({ data, width, height }: Pixels): Promise<Uint8Array> => {
  const scale = pictureEdge / Math.max(width, height);
  const inner = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const resized = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(inner.width, inner.height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const input = new Uint8Array(inputEdge * inputEdge * 3).fill(padding);
  const left = (inputEdge - inner.width) >> 1;
  const top = (inputEdge - inner.height) >> 1;
  const rowBytes = inner.width * 3;
  for (let row = 0; row < inner.height; row++) {
    const pixels = resized.subarray(row * rowBytes, (row + 1) * rowBytes);
    input.set(pixels, ((top + row) * inputEdge + left) * 3);
  }
  return input;
};
