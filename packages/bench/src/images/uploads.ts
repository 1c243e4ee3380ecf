import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { request } from 'undici';
import type { ImagesProcess } from './service.ts';
import { median, percentile, timed } from './statistics.ts';

const warmUp = 10;
/** The size that the network was exported for. The service converts it to take less where a picture needs less. */
const inputEdge = 512;

/** Not by `fetch`, whose streams cost some milliseconds of what is measured: the client is no part of the service. */
const upload = async (url: string, bytes: Buffer): Promise<void> => {
  const headers = { 'content-type': 'image/jpeg' };
  const { statusCode, body } = await request(`${url}/images`, { method: 'POST', headers, body: bytes });
  const answer = await body.text();
  if (statusCode !== 200) throw new Error(`the upload was answered with ${statusCode}: ${answer}`);
};

/**
 * The model that the service converted, in this process, with the service's own options. With onnxruntime's defaults its threads would spin on
 * after every run, and take the cores from the upload that is timed next.
 */
const openModel = async (folder: string): Promise<InferenceSession> => {
  const [model] = (await readdir(folder)).filter((file) => file.endsWith('.onnx'));
  if (model === undefined) throw new Error('the service has converted no model');
  return InferenceSession.create(join(folder, model), {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: availableParallelism(),
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '5' } } },
  });
};

/**
 * One upload after the other, each beside a run of the bare model on the same picture, decoded before. They take turns in being first: cores
 * that have just been busy are faster than those that wake up.
 */
export const measureUploads = async (
  { url }: ImagesProcess,
  modelFolder: string,
  pictures: readonly Buffer[],
): Promise<void> => {
  const session = await openModel(modelFolder);
  const whole: number[] = [];
  const bare: number[] = [];
  for (const [round, bytes] of pictures.entries()) {
    const pixels = await sharp(bytes).resize(inputEdge, inputEdge, { fit: 'fill' }).raw().toBuffer();
    const input = new Tensor('uint8', new Uint8Array(pixels), [1, inputEdge, inputEdge, 3]);
    const measurements = [
      async () => whole.push(await timed(() => upload(url, bytes))),
      async () => bare.push(await timed(() => session.run({ image: input }))),
    ];
    for (const measure of round % 2 === 0 ? measurements : measurements.toReversed()) await measure();
    if (round === warmUp - 1) whole.length = bare.length = 0;
  }
  await session.release();
  // Of neighbours in time, because the speed of a machine that others use wanders.
  const ratio = median(whole.map((time, round) => time / (bare[round] ?? Number.NaN)));
  console.log(
    `POST /images ${median(whole).toFixed(1)} ms, the bare model on ${inputEdge} x ${inputEdge} ${median(bare).toFixed(1)} ms (medians of ${whole.length}): ` +
      `${ratio.toFixed(2)} x (target: at most 1.3 x)`,
  );
};

const atOnce = 10;

/** Ten uploads at once, time and again, while somebody asks whether the service lives. */
export const measureCrowd = async (
  { url, processorTime }: ImagesProcess,
  pictures: readonly Buffer[],
): Promise<void> => {
  const lives: number[] = [];
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      lives.push(await timed(async () => (await request(`${url}/health/live`)).body.text()));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const watching = watch();
  const before = await processorTime();
  const seconds =
    (await timed(async () => {
      for (let begin = 0; begin + atOnce <= pictures.length; begin += atOnce) {
        const crowd = pictures.slice(begin, begin + atOnce);
        await Promise.all(crowd.map((bytes) => upload(url, bytes)));
      }
    })) / 1000;
  const busy = (await processorTime()) - before;
  isOver = true;
  await watching;
  console.log(
    `${atOnce} uploads at once: ${(pictures.length / seconds).toFixed(1)} a second, ${(busy / seconds).toFixed(2)} of ` +
      `${availableParallelism()} cores busy; /health/live meanwhile: median ${median(lives).toFixed(1)} ms, ` +
      `99 % within ${percentile(lives, 0.99).toFixed(1)} ms, longest ${Math.max(...lives).toFixed(1)} ms (target: under 50 ms)`,
  );
};
