import type { UpstreamClient } from '@vindima/service-kit';

/** What this service needs of the client for public APIs, with the patience that the operator configured. */
export interface Upstream {
  readonly client: Pick<UpstreamClient, 'request'>;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first, for calls that are safe to repeat. */
  readonly retries: number;
  readonly signal?: AbortSignal;
}
