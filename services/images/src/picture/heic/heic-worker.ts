import libheif from 'libheif-js/wasm-bundle.js';

export interface HeicInput {
  readonly bytes: Uint8Array;
  readonly maximumPixels: number;
}

/** RGBA, 8 bits each; or why there is none. */
export type HeicOutput =
  | { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number }
  | { readonly failure: 'broken' | 'pixels' };

/** Decodes the primary picture of a HEIC file, turned as the file says (ISO/IEC 23008-12). */
export default async ({ bytes, maximumPixels }: HeicInput): Promise<HeicOutput> => {
  const images = new libheif.HeifDecoder().decode(bytes);
  const image = images.find((one) => one.is_primary()) ?? images[0];
  if (image === undefined) return { failure: 'broken' };
  const [width, height] = [image.get_width(), image.get_height()];
  if (!(width > 0 && height > 0)) return { failure: 'broken' };
  if (width * height > maximumPixels) return { failure: 'pixels' };
  const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
  const shown = await new Promise<object | null>((resolve) => image.display(target, resolve));
  for (const one of images) one.free();
  return shown === null ? { failure: 'broken' } : target;
};
