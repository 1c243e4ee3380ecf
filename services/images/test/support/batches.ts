import type { ImageBatchItemResult, JobOutputs } from '@vindima/contracts';
import { openObjectStore } from '@vindima/object-store';
import { json, until } from './platform.ts';

/** The job of a batch, as far as tests look at it. */
export interface BatchJob {
  readonly id: string;
  readonly state: string;
  readonly result: { stored: number; failed: number; items: ImageBatchItemResult[] };
  readonly outputs: JobOutputs;
}

/** Waits for the end of the job that an answer of 202 names. */
export const finishedBatch = async (url: string, answer: Response): Promise<BatchJob> => {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no job: ${answer.status} ${await answer.text()}`);
  const get = () => json<BatchJob>(fetch(`${url}${location}`));
  await until(async () => ['succeeded', 'failed'].includes((await get()).state));
  return get();
};

/** Sends a batch as JSON. */
export const postBatch = (url: string, items: readonly object[], idempotencyKey?: string): Promise<Response> =>
  fetch(`${url}/images/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify({ items }),
  });

/** The keys of the files that batches have put aside, in a store that is a folder. */
export const stagedFiles = async (folder: string): Promise<string[]> => {
  const store = await openObjectStore(`file:${folder}`);
  const keys = (await Array.fromAsync(store.list('images/staging/'))).map(({ key }) => key);
  await store.close();
  return keys;
};

export const boundary = 'between-the-parts';

/** What stands before the bytes of a part: of a file, or of a field where there is no file name. */
export const partHead = (filename?: string): string =>
  `\r\n--${boundary}\r\ncontent-disposition: form-data; name="files"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`;

/** Sends multipart in chunks as they come; nobody says how many. */
export const postChunks = (
  url: string,
  chunks: AsyncIterable<Uint8Array>,
  options: { idempotencyKey?: string; signal?: AbortSignal } = {},
): Promise<Response> => {
  const { idempotencyKey, signal } = options;
  return fetch(`${url}/images/batch`, {
    method: 'POST',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: ReadableStream.from(chunks),
    duplex: 'half',
    ...(signal === undefined ? {} : { signal }),
  });
};
