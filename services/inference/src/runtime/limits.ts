import { ServiceError } from '@vindima/contracts';

/** What one run may cost. */
export interface RunLimits {
  readonly milliseconds: number;
  /** Bytes on top of what the model itself takes. */
  readonly bytes: number;
}

/** Why a run was ended. */
export type KillReason = 'time' | 'memory' | 'crash';

/** Memory that Node.js and the runtime have before there is a model, as the system counts it: most of it is never touched. */
export const baseBytes = 768 * 2 ** 20;

/** A run that was ended with its process. Its caller is told; whoever else asks is answered by the next process. */
export const runKilled = (reason: KillReason, { milliseconds, bytes }: RunLimits): ServiceError => {
  const why = {
    time: `took longer than ${milliseconds / 1000} s`,
    memory: `took more memory than it may (${bytes} bytes)`,
    crash: 'brought its process down',
  }[reason];
  return new ServiceError(422, 'inference.run_killed', `The run was ended: it ${why}.`, { details: { reason } });
};

/** @returns why a run was ended, if it was */
export const killReasonOf = (error: unknown): KillReason | undefined => {
  if (!(error instanceof ServiceError) || error.code !== 'inference.run_killed') return undefined;
  const { reason } = error.details;
  return reason === 'time' || reason === 'memory' ? reason : 'crash';
};

/** What the runtime says when the system gives it no more memory. */
export const isOutOfMemory = (message: string): boolean =>
  /bad_alloc|bad allocation|failed to allocate memory|Cannot allocate memory|Array buffer allocation failed/i.test(
    message,
  );
