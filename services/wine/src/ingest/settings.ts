import { type CommonConfig, resolveUpstream, type Upstream } from '@vindima/service-kit';
import type { FetchConfig } from '../config.ts';

/** How files are fetched, in the units of the code. */
export interface FetchSettings {
  readonly upstream: Upstream;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
  readonly maximumBytes: number;
}

const places = { live: 'http://vitibrasil.cnpuv.embrapa.br/download', sandboxPath: '/download' };

export const fetchSettings = (
  config: Readonly<FetchConfig & Pick<CommonConfig, 'UPSTREAMS' | 'SANDBOX_URL'>>,
): FetchSettings => ({
  upstream: resolveUpstream(config, config.VITIBRASIL_URL, places),
  timeoutMs: config.WINE_TIMEOUT,
  retries: config.WINE_RETRIES,
  concurrency: config.WINE_CONCURRENCY,
  maximumBytes: config.WINE_MAXIMUM_FILE_SIZE,
});

/** Where a series' file is. */
export const urlOf = (settings: FetchSettings, file: string) => `${settings.upstream.url}/${file}`;
