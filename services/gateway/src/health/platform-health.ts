import type { PlatformHealth, ServiceHealth } from '@vindima/contracts';
import { type ServiceName, serviceNames } from '@vindima/contracts';
import { version } from '@vindima/service-kit';
import { askReplica } from '../proxy/ask.ts';
import type { Replica, Replicas } from '../proxy/replicas.ts';

type ReplicaHealth = NonNullable<ServiceHealth['replicas']>[number];

const timeoutMs = 2_000;

/** Asks every replica of every service whether it is ready, all at once, two seconds at most. */
export const platformHealth = async (
  replicas: Readonly<Record<ServiceName, Replicas>>,
  internalToken: string | undefined,
): Promise<PlatformHealth> => {
  const services = await Promise.all(
    serviceNames.map(async (name) => {
      const all = await Promise.all(replicas[name].all().map((replica) => askOne(replica, internalToken)));
      return [name, summarise(all)] as const;
    }),
  );
  const healthy = services.every(([, { status }]) => status === 'ok');
  return { status: healthy ? 'ok' : 'degraded', version, services: Object.fromEntries(services) };
};

/** A service with one replica that is ready can do its work. */
const summarise = (replicas: ReplicaHealth[]): ServiceHealth => {
  const statuses = replicas.map(({ status }) => status);
  const status = statuses.includes('ok') ? 'ok' : statuses.some((known) => known !== 'down') ? 'not ready' : 'down';
  return { status, replicas };
};

const askOne = async (replica: Replica, internalToken: string | undefined): Promise<ReplicaHealth> => {
  const { url } = replica;
  try {
    const { status, body } = await askReplica(replica, '/health/ready', { internalToken, timeoutMs });
    const { version: itsVersion, checks } = body as { version?: string; checks?: Record<string, string> };
    return { url, status: status === 200 ? 'ok' : 'not ready', version: itsVersion ?? null, checks: checks ?? {} };
  } catch (error) {
    return { url, status: 'down', version: null, checks: { connection: reasonOf(error) } };
  }
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return 'code' in error && error.code === 'ECONNREFUSED' ? 'refused' : error.message || error.name;
};
