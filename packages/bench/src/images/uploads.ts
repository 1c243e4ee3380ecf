import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { request } from 'undici';
import { makePhotograph } from './pictures.ts';
import type { ImagesProcess } from './service.ts';
import { median, percentile, timed } from './statistics.ts';

const rounds = 100;
const warmUp = 10;
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
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
};

/** One upload after the other, each followed by a run of the bare model on the same picture, decoded before. */
export const measureUploads = async ({ url }: ImagesProcess, modelFolder: string): Promise<void> => {
  const session = await openModel(modelFolder);
  const whole: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds + warmUp; round++) {
    const bytes = await makePhotograph(round);
    const pixels = await sharp(bytes).resize(inputEdge, inputEdge, { fit: 'fill' }).raw().toBuffer();
    const input = new Tensor('uint8', new Uint8Array(pixels), [1, inputEdge, inputEdge, 3]);
    const uploading = await timed(() => upload(url, bytes));
    const running = await timed(() => session.run({ image: input }));
    if (round < warmUp) continue;
    whole.push(uploading);
    bare.push(running);
  }
  await session.release();
  const ratio = median(whole) / median(bare);
  console.log(
    `POST /images ${median(whole).toFixed(1)} ms, the bare model ${median(bare).toFixed(1)} ms (medians of ${rounds}): ` +
      `${ratio.toFixed(2)} x (target: at most 1.3 x)`,
  );
};

const atOnce = 10;
const crowdRounds = 8;

/** Ten uploads at once, time and again, while somebody asks whether the service lives. */
export const measureCrowd = async ({ url, processorTime }: ImagesProcess): Promise<void> => {
  const pictures = await Promise.all(
    Array.from({ length: atOnce * crowdRounds }, (_, index) => makePhotograph(10_000 + index)),
  );
  const lives: number[] = [];
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      lives.push(await timed(async () => (await fetch(`${url}/health/live`)).arrayBuffer()));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const watching = watch();
  const before = await processorTime();
  const seconds =
    (await timed(async () => {
      for (let round = 0; round < crowdRounds; round++) {
        const crowd = pictures.slice(round * atOnce, (round + 1) * atOnce);
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
