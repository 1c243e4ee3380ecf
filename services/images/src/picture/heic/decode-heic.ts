import { Piscina } from 'piscina';
import type { RawPicture } from '../raw-picture.ts';
import type { HeicInput, HeicOutput } from './heic-worker.ts';

/** Of one picture: twelve megapixels take about a second. */
const timeoutMs = 30_000;
const idleMs = 30_000;

let pool: Piscina<HeicInput, HeicOutput> | undefined;

/** One worker, made when the first HEIC comes and ended when none does: WebAssembly keeps the memory of the largest picture. */
const workers = (): Piscina<HeicInput, HeicOutput> => {
  pool ??= new Piscina<HeicInput, HeicOutput>({
    filename: new URL('./heic-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMs,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    execArgv: [],
  });
  return pool;
};

/**
 * Decodes a HEIC picture in a worker thread, upright.
 * @throws Error whose message speaks of the pixel limit when there are more than `maximumPixels`; for anything that cannot be decoded in time
 */
export const decodeHeic = async (bytes: Buffer, maximumPixels: number): Promise<RawPicture> => {
  const output = await workers().run({ bytes, maximumPixels }, { signal: AbortSignal.timeout(timeoutMs) });
  if ('failure' in output) {
    throw new Error(output.failure === 'pixels' ? 'HEIC: exceeds pixel limit' : 'HEIC: cannot be decoded');
  }
  return { data: output.data, width: output.width, height: output.height, channels: 4 };
};
