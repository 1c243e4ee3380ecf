import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { callerOf, operator } from '../http/caller.ts';

/** What fits the column. */
const longest = 200;
/** Who operates the platform: their keys are kept as they always were. */
const operators = new Set([operator.name, 'local']);

/**
 * The `Idempotency-Key` of a request as the jobs keep it: a key is its caller's own, so that nobody is given another's job. Those of messages
 * begin otherwise.
 */
export const restKey = (
  request: Pick<FastifyRequest, 'headers' | 'isVouched'>,
): { readonly idempotencyKey?: string } => {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return {};
  const { name } = callerOf(request);
  const plain = `rest-${key}`;
  if (operators.has(name) && plain.length <= longest) return { idempotencyKey: plain };
  return {
    idempotencyKey: `rest-${createHash('sha256')
      .update(JSON.stringify([name, key]))
      .digest('hex')}`,
  };
};
