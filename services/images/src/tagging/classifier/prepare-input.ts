import sharp from 'sharp';
import type { Pixels } from '../../picture/read-picture.ts';
import type { InferenceInput } from '../local/inference.ts';
import type { ClassifierDescription } from './description.ts';

type InputDescription = ClassifierDescription['input'];

const channel = (value: number | readonly number[] | undefined, index: number, fallback: number): number =>
  typeof value === 'number' ? value : (value?.[index] ?? fallback);

/** Enough for pictures up to three times as wide as high, of which `cover` takes the middle; others are enlarged a little. */
export const edgeFor = ({ width, height }: InputDescription): number => 3 * Math.max(width, height);

/** Resizes a picture to what the model sees, and arranges and scales its values as the description says. */
export const prepareClassifierInput = async (picture: Pixels, input: InputDescription): Promise<InferenceInput> => {
  const { width, height, layout, channels, type } = input;
  const pixels = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .resize(width, height, { fit: input.fit, kernel: 'linear', background: { r: 128, g: 128, b: 128 } })
    .raw()
    .toBuffer();
  const area = width * height;
  const values = new Float32Array(3 * area);
  for (let index = 0; index < 3; index++) {
    const source = channels === 'BGR' ? 2 - index : index;
    const mean = channel(input.mean, index, 0);
    const deviation = channel(input.deviation, index, 1);
    for (let pixel = 0; pixel < area; pixel++) {
      const value = ((pixels[pixel * 3 + source] ?? 0) - mean) / deviation;
      values[layout === 'NCHW' ? index * area + pixel : pixel * 3 + index] = value;
    }
  }
  const dims = layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3];
  if (type === 'float16') return { type, dims, data: new Uint16Array(Float16Array.from(values).buffer) };
  if (type === 'uint8') return { type, dims, data: Uint8Array.from(values) };
  return { type, dims, data: values };
};
