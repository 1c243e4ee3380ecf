import { ServiceError } from '@vindima/contracts';
import { expect, it } from 'vitest';
import { whenThereIsRoom } from '../../src/predictions/when-there-is-room.ts';

const busy = new ServiceError(429, 'inference.busy', '500 rows wait for this model already; try again later.');

it('waits while others fill the queue', async () => {
  const outcomes: (() => Promise<string>)[] = [
    () => Promise.reject(busy),
    () => Promise.reject(busy),
    () => Promise.resolve('done'),
  ];
  const work = () => (outcomes.shift() ?? (() => Promise.reject(new Error('asked too often'))))();
  expect(await whenThereIsRoom(work, new AbortController().signal, 1)).toBe('done');
  expect(outcomes).toEqual([]);
});

it('ends at once when the job is cancelled, and for any other failure', async () => {
  const cancelling = new AbortController();
  const waiting = whenThereIsRoom(() => Promise.reject(busy), cancelling.signal, 60_000);
  const reason = new Error('cancelled');
  cancelling.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  const broken = new ServiceError(422, 'inference.run_failed', 'The model cannot compute this.');
  await expect(whenThereIsRoom(() => Promise.reject(broken), new AbortController().signal)).rejects.toBe(broken);
});
