import { ApiHealth } from '@vindima/contracts';
import type { Tools } from '../work/tools.ts';

/** `GET /api/health`: as clients of the system before this one know it; `/health/ready` says more. */
export const getApiHealth = ({ context: { app, clock } }: Tools) => {
  app.get(
    '/api/health',
    {
      config: { rateLimit: false },
      schema: { tags: ['tables'], summary: 'Whether the service answers', response: { 200: ApiHealth } },
    },
    () => ({ status: 'healthy' as const, timestamp: clock().toISOString() }),
  );
};
