import { type App, type BaseContext, defineStatelessService } from '@vindima/service-kit';
import { SandboxConfig } from './config.ts';
import { faultRoutes } from './faults/routes.ts';
import { upstreams } from './upstreams.ts';

/** The stand-ins for all public APIs on one port, behind the switch that makes them fail. */
export const sandbox = defineStatelessService({
  name: 'sandbox',
  title: 'Sandbox',
  description: 'Stands in for the public APIs with made-up data in the real formats, and fails on request',
  port: 8109,
  // Who calls it takes it for somebody else's API, and sends no token of ours.
  open: true,
  config: SandboxConfig,
  async compose({ app, config, clock }: BaseContext<SandboxConfig>) {
    faultRoutes(app);
    for (const upstream of upstreams) {
      await app.register(async (scope) => {
        scope.addHook('onSend', async (_request, reply) => {
          if (!reply.hasHeader('x-vindima-source')) reply.header('x-vindima-source', 'sandbox');
        });
        await upstream.register(scope as unknown as App, config, clock);
      });
    }
  },
});
