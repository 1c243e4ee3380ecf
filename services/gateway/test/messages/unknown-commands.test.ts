import { type Bus, connectNatsBus, openInProcessBus } from '@vindima/messaging';
import { createLogger } from '@vindima/service-kit';
import { natsServer, temporaryFolder } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buryUnknownCommands } from '../../src/messages/unknown-commands.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const nats = await natsServer();
const buses: { name: string; open: () => Promise<Bus> }[] = [
  { name: 'in process', open: () => openInProcessBus({ path: `${temporaryFolder()}/bus.db`, logger }) },
];
if (nats !== undefined) {
  const streamPrefix = `unknown-${process.pid}`;
  buses.push({ name: 'on NATS', open: () => connectNatsBus({ url: nats, name: 'test', logger, streamPrefix }) });
}

describe.each(buses)('commands that nobody knows, $name', ({ open }) => {
  let bus: Bus;
  beforeEach(async () => {
    bus = await open();
  });
  afterEach(() => bus.close());

  const message = (subject: string) => ({
    id: `${subject}-1`,
    subject,
    type: '',
    source: 'a person',
    time: new Date().toISOString(),
    payload: { series: ['production'] },
  });
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);

  it('go to the dead letters after ten minutes, with the nearest name; those of a service that is down stay', async () => {
    const consumer = await bus.consume({ name: 'other', subjects: ['commands.other.work'] }, async () => {
      throw new Error('not now');
    });
    const subjects = ['commands.wine.ingset', 'commands.wine.ingest', 'commands.other.work'];
    await bus.publish(subjects.map(message));
    expect(await buryUnknownCommands(bus, logger, later(9))).toBe(0);
    expect(await buryUnknownCommands(bus, logger, later(11))).toBe(1);
    expect(await buryUnknownCommands(bus, logger, later(11))).toBe(0);
    const [letter, ...others] = await bus.deadLetters.list({ subject: 'commands.wine.ingset' });
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ consumer: '', message: { payload: { series: ['production'] } } });
    expect(letter?.error).toContain('the nearest is commands.wine.ingest.');
    expect((await bus.unclaimed.list()).map(({ subject }) => subject)).toEqual(['commands.wine.ingest']);
    await consumer.stop();
  });
});
