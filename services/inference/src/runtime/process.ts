import { readFile } from 'node:fs/promises';
import { ServiceError } from '@vindima/contracts';
import type { Tensors } from '../tensors/tensor.ts';
import { guardProcess } from './guard-process.ts';
import type { IsolatedAnswer, IsolatedRequest } from './isolated-messages.ts';
import { openModel } from './open-model.ts';
import type { Session } from './session.ts';
import { toWire } from './to-wire.ts';

// The process of one model whose runs nobody can foresee: should one of them take too long or too much, it is this process that ends.

let session: Session | undefined;

/** Bytes of one answer: it has to pass through the service, which answers others too. */
const maximumAnswer = 128 * 2 ** 20;

const handle = async (request: IsolatedRequest): Promise<IsolatedAnswer> => {
  if (request.kind === 'load') {
    session = await openModel(await readFile(request.file), request.threads);
    return { id: request.id, loaded: true };
  }
  if (session === undefined) throw new Error('the model is not loaded in this process');
  const outputs = await session.run(request.feeds, request.rows, request.chunk);
  if (bytesOf(outputs) > maximumAnswer) {
    throw new ServiceError(
      422,
      'inference.answer_too_large',
      `The answer of the model has more than ${maximumAnswer} bytes; ask for fewer rows.`,
    );
  }
  return { id: request.id, outputs };
};

const bytesOf = (tensors: Tensors): number =>
  Object.values(tensors).reduce(
    (sum, { data }) =>
      sum + (ArrayBuffer.isView(data) ? data.byteLength : data.reduce((all, text) => all + text.length, 0)),
    0,
  );

process.on('message', (request: IsolatedRequest) => {
  const answer = (result: IsolatedAnswer) => process.send?.(result);
  handle(request).then(answer, (error: unknown) => answer({ id: request.id, error: toWire(error) }));
});
process.on('disconnect', () => process.exit(0));
guardProcess();
