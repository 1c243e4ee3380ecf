import { Agent, interceptors } from 'undici';
import { requestUpstream, type UpstreamRequest, type UpstreamResponse } from './request.ts';

/** How a service calls public APIs; one per service, closed with it. */
export interface UpstreamClient {
  request(request: UpstreamRequest): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

export interface UpstreamClientOptions {
  /** Aborts every request when the service stops. */
  readonly signal?: AbortSignal;
  /** Connections per origin, so that a batch of work is not an attack. Default 8. */
  readonly connections?: number;
}

/** Creates the client that `requestUpstream` runs on: pooled connections, at most 5 redirects. */
export const createUpstreamClient = (options: UpstreamClientOptions = {}): UpstreamClient => {
  const agent = new Agent({ connections: options.connections ?? 8, connect: { timeout: 10_000 } });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5 }));
  return {
    request: (request) => requestUpstream(dispatcher, { ...request, ...combine(options.signal, request.signal) }),
    close: () => agent.close(),
  };
};

const combine = (first: AbortSignal | undefined, second: AbortSignal | undefined) => {
  const signals = [first, second].filter((signal) => signal !== undefined);
  return signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
};
