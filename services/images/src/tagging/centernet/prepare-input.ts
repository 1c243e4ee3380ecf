import sharp from 'sharp';
import type { Pixels } from '../../picture/read-picture.ts';
import type { InferenceInput } from '../local/inference.ts';
import { inputStep } from './any-size.ts';

/** The longer side of the picture within the input: with the margin, photographs of 4 : 3 just fit 512 x 384. */
export const pictureEdge = 396;
/**
 * Pixels of grey around it, at least. The network learned from scenes: a subject that fills the whole input is found less often than the
 * same with some room around it (measured, see scripts/calibrate.ts). More than this finds no more, and costs time.
 */
const margin = 43;
const grey = 160;

const longerSide = ({ width, height }: Pixels): number => Math.max(width, height);

/** A smaller picture with its longer side as it has to be. */
const enlarge = async (picture: Pixels): Promise<Pixels> => {
  const { data, width, height } = picture;
  const longer = longerSide(picture);
  const scaled = (side: number) => Math.max(1, Math.round((side * pictureEdge) / longer));
  const inner = { width: scaled(width), height: scaled(height) };
  const resized = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(inner.width, inner.height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { ...inner, data: resized };
};

const withMargin = (side: number): number => Math.ceil((side + 2 * margin) / inputStep) * inputStep;

const surround = ({ data, width, height }: Pixels): InferenceInput => {
  const outer = { width: withMargin(width), height: withMargin(height) };
  const input = new Uint8Array(outer.width * outer.height * 3).fill(grey);
  const left = (outer.width - width) >> 1;
  const top = (outer.height - height) >> 1;
  const rowBytes = width * 3;
  for (let row = 0; row < height; row++) {
    const pixels = data.subarray(row * rowBytes, (row + 1) * rowBytes);
    input.set(pixels, ((top + row) * outer.width + left) * 3);
  }
  return { type: 'uint8', dims: [1, outer.height, outer.width, 3], data: input };
};

/**
 * Puts a picture, undistorted, into the middle of a grey area that is no larger than the network needs. At once for those that come in the size
 * that was asked for: the cores wait for the network's run to begin.
 */
export const prepareInput = (picture: Pixels): InferenceInput | Promise<InferenceInput> =>
  longerSide(picture) === pictureEdge ? surround(picture) : enlarge(picture).then(surround);
