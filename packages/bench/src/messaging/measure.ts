import autocannon from 'autocannon';
import fastify from 'fastify';
import type { Contender } from './contender.ts';

export interface Figures {
  /** Commands per second, from the first publish to the last effect. */
  readonly rate: number;
  /** The same, each published by a REST call. */
  readonly restRate: number;
  /** Milliseconds from the call of publish to the effect, one command at a time. */
  readonly latency: { readonly p50: number; readonly p99: number };
}

const inFlight = 500;
const connections = 64;

/** Counts effects, and resolves when a number of them has been reached. */
const createCounter = () => {
  let count = 0;
  let expected = Number.POSITIVE_INFINITY;
  let resolve = () => {};
  return {
    done: () => {
      count += 1;
      if (count >= expected) resolve();
    },
    reached: (more: number): Promise<void> => {
      expected = count + more;
      return new Promise((callback) => {
        resolve = callback;
      });
    },
  };
};

const publishAll = async (contender: Contender, first: number, count: number): Promise<void> => {
  let next = first;
  const publisher = async () => {
    while (next < first + count) {
      next += 1;
      await contender.publish(next - 1);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, publisher));
};

const postAll = async (contender: Contender, first: number, count: number): Promise<void> => {
  const app = fastify();
  let next = first;
  app.post('/commands', async (_request, reply) => {
    next += 1;
    await contender.publish(next - 1);
    return reply.code(202).send({ accepted: true });
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const result = await autocannon({ url: `${url}/commands`, method: 'POST', connections, amount: count, workers: 1 });
  await app.close();
  if (result['2xx'] !== count) throw new Error(`${count - result['2xx']} of ${count} REST calls failed`);
};

/** Measures one contender; commands are numbered from 0. */
export const measure = async (contender: Contender, count: number): Promise<Figures> => {
  const counter = createCounter();
  await contender.consume(counter.done);
  let next = 0;
  const timed = async (many: number, work: (first: number) => Promise<void>): Promise<number> => {
    const all = counter.reached(many);
    const start = performance.now();
    await work(next);
    await all;
    next += many;
    return performance.now() - start;
  };
  await timed(1_000, (first) => publishAll(contender, first, 1_000)); // warm
  const published = await timed(count, (first) => publishAll(contender, first, count));
  const posted = await timed(count, (first) => postAll(contender, first, count));
  const latencies: number[] = [];
  for (let round = 0; round < 300; round += 1) latencies.push(await timed(1, (first) => contender.publish(first)));
  latencies.sort((a, b) => a - b);
  return {
    rate: (count / published) * 1000,
    restRate: (count / posted) * 1000,
    latency: { p50: latencies[150] ?? 0, p99: latencies[297] ?? 0 },
  };
};
