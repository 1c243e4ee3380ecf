import { gatewayOperations } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';

/** Tells whom the gateway takes the caller for. */
export const whoAmI = (app: App) =>
  implement({ app }, gatewayOperations.whoAmI, async ({ principal }) => {
    if (principal.kind === 'user') return { kind: 'user' as const, username: principal.name, role: principal.role };
    return principal.kind === 'key'
      ? { kind: 'key' as const, id: principal.id, scopes: [...principal.scopes] }
      : { kind: principal.kind };
  });
