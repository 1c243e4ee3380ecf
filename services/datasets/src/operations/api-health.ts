import { datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Tools } from '../work/tools.ts';

/** Answers as clients of the system before this one know it; `/health/ready` says more. */
export const apiHealth = ({ context }: Tools) =>
  implement(
    context,
    datasetsOperations.apiHealth,
    () => ({ status: 'healthy' as const, timestamp: context.clock().toISOString() }),
    { config: { rateLimit: false } },
  );
