import { randomUUID } from 'node:crypto';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { ServiceAdvertisement } from '../bus.ts';

const verbs = ['PING', 'INFO', 'STATS'] as const;

/**
 * Answers `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS` (for all, by name, by id) as ADR-32 of NATS has it. Written out because the
 * package `@nats-io/services` is a prerelease that brings a second, older copy of the client.
 */
export const advertise = async (connection: NatsConnection, service: ServiceAdvertisement): Promise<void> => {
  const id = randomUUID().replaceAll('-', '');
  const started = new Date().toISOString();
  const identity = { name: service.name, id, version: service.version, metadata: {} };
  const answers = {
    PING: { type: 'io.nats.micro.v1.ping_response', ...identity },
    INFO: { type: 'io.nats.micro.v1.info_response', ...identity, description: service.description, endpoints: [] },
    STATS: { type: 'io.nats.micro.v1.stats_response', ...identity, started, endpoints: [] },
  };
  for (const verb of verbs) {
    const body = JSON.stringify(answers[verb]);
    const callback = (error: Error | null, message: Msg) => {
      if (error === null) message.respond(body);
    };
    for (const subject of [`$SRV.${verb}`, `$SRV.${verb}.${service.name}`, `$SRV.${verb}.${service.name}.${id}`]) {
      connection.subscribe(subject, { callback });
    }
  }
  await connection.flush();
};
