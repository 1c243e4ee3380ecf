import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { ServiceError } from '@vindima/contracts';
import { errorText } from '../error-text.ts';
import type { Logger } from '../logger.ts';

const schemes: Record<string, boolean> = { 'nats:': false, 'tls:': true };

/**
 * Reads `nats://[user:password@|token@]host[:port]`, several separated by commas, `tls://` for an encrypted connection.
 * @throws 500 `messaging.invalid_url` without repeating what may be a secret
 */
export const parseNatsUrl = (urls: string): NodeConnectionOptions => {
  const servers: string[] = [];
  let credentials: Pick<NodeConnectionOptions, 'user' | 'pass' | 'token'> = {};
  let encrypted = false;
  for (const text of urls.split(',')) {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    if (url === undefined || schemes[url.protocol] === undefined || url.hostname === '') {
      throw new ServiceError(500, 'messaging.invalid_url', 'NATS_URL is no NATS address: expected nats://host:4222');
    }
    encrypted ||= schemes[url.protocol] === true;
    servers.push(`${url.hostname}:${url.port === '' ? 4222 : url.port}`);
    const user = decodeURIComponent(url.username);
    if (url.password !== '') credentials = { user, pass: decodeURIComponent(url.password) };
    else if (user !== '') credentials = { token: user };
  }
  return { servers, ...credentials, ...(encrypted ? { tls: {} } : {}) };
};

/** Connects, and from then on reconnects for ever. */
export const openConnection = async (url: string, name: string): Promise<NatsConnection> => {
  const options = parseNatsUrl(url);
  try {
    return await connect({
      ...options,
      name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 250,
      pingInterval: 20_000,
      timeout: 5_000,
    });
  } catch (error) {
    const servers = String(options.servers);
    throw new ServiceError(503, 'messaging.unavailable', `No NATS server at ${servers}: ${errorText(error)}`, {
      cause: error,
    });
  }
};

/** Reports what becomes of the connection, until it is closed. */
export const watchConnection = async (
  connection: NatsConnection,
  logger: Logger,
  reconnected: () => void,
): Promise<void> => {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') logger.warn({ server: status.server }, 'the message broker is gone');
    if (status.type === 'reconnect') {
      logger.info({ server: status.server }, 'the message broker is back');
      reconnected();
    }
    if (status.type === 'error') logger.warn({ error: errorText(status.error) }, 'the message broker reports an error');
  }
};
