import { ServiceError } from '@vindima/contracts';
import { readClasses } from '../classify/read-classes.ts';
import { createRowReader } from '../classify/read-row.ts';
import type { Lease } from '../runtime/shelf.ts';
import { makeRows } from '../signature/probe.ts';
import type { VersionRecord } from './state.ts';

/**
 * Asks a model that is to answer from now on the request whose answer is known; without one, whether it answers at all.
 *
 * @throws ServiceError 422 `inference.golden_failed`
 */
export const checkGolden = async ({ batcher, signature }: Lease, { golden, ref }: VersionRecord): Promise<void> => {
  if (golden === null) {
    if (signature.batching === 'none') return;
    await batcher.run(makeRows(signature.inputs, 1, signature.features?.length ?? 1, 0), 1);
    return;
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

const failed = (reason: string) =>
  new ServiceError(422, 'inference.golden_failed', `${reason}. What answered before still does.`);
