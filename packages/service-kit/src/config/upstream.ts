import { Type } from 'typebox';
import type { CommonConfig } from './common.ts';

/** Where an upstream's data came from, as answers and files show it. */
export type UpstreamSource = 'sandbox' | 'live';

export interface Upstream {
  /** The base URL, without a slash at its end. */
  readonly url: string;
  readonly source: UpstreamSource;
}

/** The variable of an upstream's base URL. Left unset, `UPSTREAMS` decides. */
export const UpstreamUrl = (description: string) => Type.Optional(Type.String({ pattern: '^https?://', description }));

/**
 * Decides where an upstream is: the variable that is set wins, then `UPSTREAMS`.
 *
 * @param chosen the upstream's own variable
 * @param places the live API's base URL, and the path below the sandbox's address
 */
export const resolveUpstream = (
  config: Pick<CommonConfig, 'UPSTREAMS' | 'SANDBOX_URL'>,
  chosen: string | undefined,
  places: { readonly live: string; readonly sandboxPath: string },
): Upstream => {
  const sandbox = withoutSlash(config.SANDBOX_URL);
  const url = withoutSlash(chosen ?? (config.UPSTREAMS === 'live' ? places.live : sandbox + places.sandboxPath));
  return { url, source: url === sandbox || url.startsWith(`${sandbox}/`) ? 'sandbox' : 'live' };
};

const withoutSlash = (url: string) => url.replace(/\/+$/, '');
