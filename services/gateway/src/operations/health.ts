import { gatewayOperations, type PlatformHealth, type ServiceName } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import { platformHealth } from '../health/platform-health.ts';
import type { Replicas } from '../proxy/replicas.ts';

/** So many callers as there may be, the services are asked once in this time. */
const freshMs = 1_000;

/**
 * `GET /health`: how every service is. It answers 200 whatever the services say, as clients of the inference service have always
 * called it to see whether anybody is there; whether this gateway can work is what `/health/ready` tells. Addresses and the
 * reasons of failures are for those who may pass.
 */
export const registerHealth = (
  app: App,
  replicas: Readonly<Record<ServiceName, Replicas>>,
  internalToken: string | undefined,
): void => {
  let last: { at: number; answer: Promise<PlatformHealth> } | undefined;
  implement({ app }, gatewayOperations.health, async ({ principal }) => {
    if (last === undefined || Date.now() - last.at > freshMs) {
      last = { at: Date.now(), answer: platformHealth(replicas, internalToken) };
    }
    const health = await last.answer;
    return principal.kind === 'nobody' ? withoutReplicas(health) : health;
  });
};

const withoutReplicas = (health: PlatformHealth): PlatformHealth => ({
  ...health,
  services: Object.fromEntries(Object.entries(health.services).map(([name, { status }]) => [name, { status }])),
});
