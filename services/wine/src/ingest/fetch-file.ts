import { createHash } from 'node:crypto';
import type { WineSeries, WineSource } from '@vindima/contracts';
import type { UpstreamClient } from '@vindima/service-kit';
import { type FetchSettings, urlOf } from './settings.ts';

/** A file as it was fetched, or the word of the upstream that it is the one we have. */
export type Fetched =
  | { readonly changed: false }
  | { readonly changed: true; readonly bytes: Buffer; readonly source: WineSource };

export interface FetchPorts {
  readonly http: Pick<UpstreamClient, 'request'>;
  readonly settings: FetchSettings;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}

const sourceKind = (settings: FetchSettings, header: string | undefined): WineSource['kind'] => {
  if (settings.upstream.source === 'sandbox' || header !== undefined) return header === 'folder' ? 'folder' : 'sandbox';
  return 'live';
};

/**
 * Fetches a series' file, unless the upstream says that it has not changed since `known`. What comes with status 200 and is
 * byte for byte the same has not changed either.
 *
 * @param known the source of the data at hand; undefined to fetch in any case
 * @throws ServiceError 502 or 504, naming the URL, after the retries
 */
export const fetchFile = async (
  ports: FetchPorts,
  series: WineSeries,
  known: WineSource | undefined,
): Promise<Fetched> => {
  const { settings, http, clock, signal } = ports;
  const url = urlOf(settings, series.file);
  // Conditions of another address (a sandbox before, the site now) would not mean anything there.
  const before = known?.url === url ? known : undefined;
  const response = await http.request({
    upstream: 'VitiBrasil',
    url,
    headers: {
      ...(before?.etag ? { 'if-none-match': before.etag } : {}),
      ...(before?.last_modified ? { 'if-modified-since': before.last_modified } : {}),
    },
    timeoutMs: settings.timeoutMs,
    retries: settings.retries,
    maximumBytes: settings.maximumBytes,
    signal,
  });
  if (response.status === 304) return { changed: false };
  const sha256 = createHash('sha256').update(response.body).digest('hex');
  if (before?.sha256 === sha256) return { changed: false };
  const source: WineSource = {
    url,
    kind: sourceKind(settings, response.headers['x-vindima-source']),
    sha256,
    bytes: response.body.length,
    fetched_at: clock().toISOString(),
    etag: response.headers.etag ?? null,
    last_modified: response.headers['last-modified'] ?? null,
  };
  return { changed: true, bytes: response.body, source };
};
