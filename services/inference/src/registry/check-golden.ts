import { ServiceError } from '@vindima/contracts';
import { readClasses } from '../classify/read-classes.ts';
import { createRowReader } from '../classify/read-row.ts';
import type { Lease } from '../runtime/shelf.ts';
import { fills, makeRows } from '../signature/make-rows.ts';
import type { VersionRecord } from './state.ts';

/**
 * Asks a model that is to answer from now on the request whose answer is known; without one, whether it answers at all.
 *
 * @throws ServiceError 422 `inference.golden_failed`
 */
export const checkGolden = async ({ batcher, signature }: Lease, { golden, ref }: VersionRecord): Promise<void> => {
  if (golden === null) {
    if (signature.batching === 'none') return;
    return answersSomething({ batcher, signature });
  }
  const name = `Version ${ref.version} of "${ref.name}"`;
  try {
    const outputs = await batcher.run(createRowReader(signature)(golden.input), 1);
    const [answer] = readClasses(signature, outputs);
    if (golden.class === undefined || golden.class === answer?.class) return;
    throw failed(`${name} answers its golden request with "${answer?.class}" instead of "${golden.class}"`);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'inference.golden_failed') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw failed(`${name} cannot answer its golden request: ${reason.replace(/\.$/, '')}`);
  }
};

/** @throws what the model says to the last of several rows, if it answers none of them */
const answersSomething = async ({ batcher, signature }: Pick<Lease, 'batcher' | 'signature'>): Promise<void> => {
  let refusal: unknown;
  for (const fill of fills) {
    try {
      await batcher.run(makeRows(signature.inputs, 1, signature.features?.length ?? 1, fill), 1);
      return;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
};

const failed = (reason: string) =>
  new ServiceError(422, 'inference.golden_failed', `${reason}. What answered before still does.`);
