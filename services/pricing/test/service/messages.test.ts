import { randomUUID } from 'node:crypto';
import { type Job, type PricingRun, priceChanged, runPricing, snapshotCreated } from '@vindima/contracts';
import { type Bus, connectNatsBus, type Delivery, openInProcessBus } from '@vindima/messaging';
import { createLogger } from '@vindima/service-kit';
import { natsServer } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Pricing, startPricing, until } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const nats = await natsServer();
const buses = [
  { name: 'in the process', open: () => openInProcessBus({ path: ':memory:', logger }) },
  ...(nats === undefined
    ? []
    : [
        {
          name: 'on NATS',
          open: () =>
            connectNatsBus({ url: nats, name: 'test', streamPrefix: `p-${randomUUID().slice(0, 8)}`, logger }),
        },
      ]),
];

describe.each(buses)('the messages, $name', { timeout: 60_000 }, ({ open }) => {
  let bus: Bus;
  let sandbox: Sandbox;
  let pricing: Pricing;
  beforeEach(async () => {
    bus = await open();
    sandbox = await startSandbox();
    pricing = await startPricing(sandbox, {}, { bus });
  });
  afterEach(async () => {
    await pricing.stop();
    await sandbox.close();
    await bus.close();
  });

  const send = (payload: object, id = randomUUID()) =>
    bus.publish([
      {
        id,
        subject: runPricing.subject,
        type: runPricing.type,
        source: 'test',
        time: new Date().toISOString(),
        payload,
      },
    ]);
  const runs = (count: number) =>
    until(async () => {
      const { items } = await pricing.get<{ items: PricingRun[] }>('/pricing/runs');
      return items.length >= count && items.every(({ finished_at }) => finished_at !== null) ? items : undefined;
    });

  it('start a run once for each command, and tell of its snapshot and of changed prices', async () => {
    const heard: Delivery[] = [];
    const consumer = await bus.consume(
      { name: 'listener', subjects: [snapshotCreated.subject, priceChanged.subject] },
      async (deliveries) => {
        heard.push(...deliveries);
        return deliveries.map(() => ({ done: true }) as const);
      },
    );
    const id = randomUUID();
    await send({ categories: ['Shoes'], currencies: ['EUR', 'GBP'] }, id);
    await send({ categories: ['Shoes'], currencies: ['EUR', 'GBP'] }, id);
    const [run] = await runs(1);
    expect(run).toMatchObject({ state: 'succeeded', prices: 20 });
    const { items: jobs } = await pricing.get<{ items: Job[] }>(`/jobs?command_id=${id}`);
    expect(jobs).toMatchObject([{ id: run?.id, command_id: id, outputs: { objects: [run?.snapshot?.key] } }]);

    await sandbox.call('PATCH', '/sandbox/store/products/31', { price: 60 });
    await send({ currencies: ['EUR'] });
    expect(await runs(2)).toHaveLength(2);
    await until(() => (heard.length >= 3 ? true : undefined));
    await consumer.stop();
    const payloads = (subject: string) =>
      heard.filter((delivery) => delivery.subject === subject).map(({ payload }) => payload);
    expect(payloads(snapshotCreated.subject)).toHaveLength(2);
    expect(payloads(snapshotCreated.subject)).toContainEqual(run?.snapshot);
    expect(payloads(priceChanged.subject)).toMatchObject([
      { product_id: 31, before: '52', after: '60', source: 'sandbox' },
    ]);
  });

  it('put a command that is none to the dead letters', async () => {
    await send({ currencies: ['euros'] });
    const letters = await until(async () => {
      const list = await bus.deadLetters.list();
      return list.length > 0 ? list : undefined;
    });
    expect(letters[0]).toMatchObject({ message: { subject: runPricing.subject } });
    expect((await pricing.get<{ items: object[] }>('/pricing/runs')).items).toEqual([]);
  });
});
