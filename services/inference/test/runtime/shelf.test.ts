import { expect, it } from 'vitest';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { openSession } from '../../src/runtime/session.ts';
import { createShelf } from '../../src/runtime/shelf.ts';
import { scalingModel } from '../support/models.ts';

it('a shelf is idle when nobody runs a model any more', async () => {
  const runtime = createRuntime({
    workers: 1,
    threads: 1,
    limits: { milliseconds: 10_000, bytes: 2 ** 29 },
    loadMs: 60_000,
  });
  const shelf = createShelf({
    runtime,
    memoryBudget: 2 ** 30,
    maximumQueue: 10,
    batching: () => ({ max_batch: 1, max_wait_ms: 0 }),
  });
  await shelf.idle();
  const onnx = scalingModel(1);
  const { inputs, outputs, close } = await openSession(onnx, 1);
  await close();
  const signature = { inputs, outputs, batching: 'any' } as never;
  const lease = await shelf.acquire({
    ref: { name: 'm', version: 1 },
    signature,
    bytes: onnx.length,
    read: async () => onnx,
  });
  const order: string[] = [];
  const idle = shelf.idle().then(() => order.push('idle'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  order.push('released');
  lease.release();
  await idle;
  expect(order).toEqual(['released', 'idle']);
  await runtime.close();
});
