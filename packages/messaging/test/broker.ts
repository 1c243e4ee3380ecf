import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { startNatsServer, temporaryFolder } from '@vindima/test-servers';
import { type Bus, connectNatsBus, openInProcessBus } from '../src/index.ts';
import { quiet } from './quiet.ts';

/** What the contract suite needs to know of a kind of bus. */
export interface TestBroker {
  /** A bus of another process, where the kind knows several. */
  open(): Promise<Bus>;
  /** Kills the broker in the middle of whatever it does and starts it again. @returns the bus to go on with: the same one, if it survives that */
  restart(bus: Bus): Promise<Bus>;
  /** Publishes like a person would: a body without any headers. Where that is possible. */
  readonly publishRaw: ((subject: string, body: string) => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/** A nats-server of its own, to be killed and restarted. */
export const startNatsBroker = async (): Promise<TestBroker> => {
  const server = await startNatsServer();
  const streamPrefix = `t${randomBytes(4).toString('hex')}`;
  const buses: Bus[] = [];
  return {
    open: async () => {
      const bus = await connectNatsBus({ url: server.url, name: 'test', logger: quiet, streamPrefix });
      buses.push(bus);
      return bus;
    },
    restart: async (bus) => {
      await server.restart('SIGKILL');
      return bus;
    },
    publishRaw: async (subject, body) => {
      const connection = await connect({ servers: server.url });
      connection.publish(`${streamPrefix}.${subject}`, body);
      await connection.drain();
    },
    stop: async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      await server.stop();
    },
  };
};

/** A file; whoever opens it within this process shares one bus. */
export const startInProcessBroker = async (): Promise<TestBroker> => {
  const folder = await temporaryFolder();
  const path = join(folder, 'messages.db');
  let current: Promise<Bus> | undefined;
  const open = () => {
    current ??= openInProcessBus({ path, logger: quiet });
    return current;
  };
  return {
    open,
    restart: async (bus) => {
      current = undefined;
      await bus.close();
      return await open();
    },
    publishRaw: undefined,
    stop: async () => {
      await (await current)?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
