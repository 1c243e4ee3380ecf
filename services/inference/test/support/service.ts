import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AnyMessage, MessageDefinition, PayloadOf } from '@vindima/contracts';
import { type Bus, connectNatsBus, type DeadLetter, openInProcessBus } from '@vindima/messaging';
import { createLogger, startService } from '@vindima/service-kit';
import { databases, natsServer, temporaryFolder } from '@vindima/test-servers';
import { inference } from '../../src/service.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** A service that is running, and its bus as another service would use it. */
export interface Started {
  readonly url: string;
  readonly folder: string;
  send<Definition extends MessageDefinition>(definition: Definition, payload: PayloadOf<Definition>): Promise<string>;
  /** What was told so far. */
  heard<Definition extends AnyMessage>(definition: Definition): PayloadOf<Definition>[];
  deadLetters(): Promise<DeadLetter[]>;
  stop(): Promise<void>;
}

export interface Place {
  readonly name: string;
  make(): Promise<{ environment: Record<string, string>; drop(): Promise<void> }>;
}

/** Where a suite runs: embedded, and on real servers where they are to be had. */
export const places = async (): Promise<Place[]> => {
  const [, mysql] = await databases();
  const nats = await natsServer();
  const embedded: Place = { name: 'embedded', make: async () => ({ environment: {}, drop: async () => {} }) };
  if (mysql === undefined || nats === undefined) return [embedded];
  return [
    embedded,
    {
      name: 'on MySQL and NATS',
      make: async () => {
        const database = await mysql.create();
        const NATS_PREFIX = `inference-${randomUUID().slice(0, 8)}`;
        return { environment: { DATABASE_URL: database.url, NATS_URL: nats, NATS_PREFIX }, drop: database.drop };
      },
    },
  ];
};

/** Starts the service on a free port; state is in a new folder unless one is given. */
export const start = async (environment: Record<string, string> = {}): Promise<Started> => {
  const folder = environment.DATA_DIR ?? temporaryFolder();
  const bus = await openBus(environment, folder);
  const listening = new AbortController();
  const events: { subject: string; payload: unknown }[] = [];
  const hearing = listen(bus, listening.signal, events);
  const running = await startService(inference, {
    environment: { PORT: '0', INFERENCE_WORKERS: '1', ...environment, DATA_DIR: folder },
    bus,
    logger,
  });
  return {
    url: running.url,
    folder,
    send: async (definition, payload) => {
      const id = randomUUID();
      const { subject, type } = definition;
      await bus.publish([{ id, subject, type, source: 'test', time: new Date().toISOString(), payload }]);
      return id;
    },
    heard: (definition) =>
      events.filter(({ subject }) => subject === definition.subject).map(({ payload }) => payload) as never,
    deadLetters: () => bus.deadLetters.list(),
    stop: async () => {
      await running.stop();
      listening.abort();
      await hearing;
      await bus.close();
    },
  };
};

const openBus = ({ NATS_URL, NATS_PREFIX = '' }: Record<string, string>, folder: string): Promise<Bus> =>
  NATS_URL === undefined
    ? openInProcessBus({ path: join(folder, 'messages.db'), logger })
    : connectNatsBus({ url: NATS_URL, name: 'test', logger, streamPrefix: NATS_PREFIX });

const listen = async (bus: Bus, signal: AbortSignal, events: { subject: string; payload: unknown }[]) => {
  for await (const { subject, payload } of bus.tail({ subjects: ['events.inference.>'], signal })) {
    events.push({ subject, payload });
  }
};

/** Waits until something is as it should be. */
export const until = async <Result>(
  look: () => Promise<Result | undefined | false> | Result | undefined | false,
): Promise<Result> => {
  for (const deadline = Date.now() + 30_000; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
