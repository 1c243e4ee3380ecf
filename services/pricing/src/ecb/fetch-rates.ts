import type { UpstreamResponse } from '@vindima/service-kit';
import type { Upstream } from '../upstream.ts';
import type { Observation } from './observation.ts';
import { type RatesWanted, ratesUrl } from './rates-url.ts';
import { readRates } from './read-rates.ts';

// All rates since 1999 are 6 MB of SDMX-JSON, and 60 MB of csvdata with every attribute.
const maximumBytes = 128 * 1024 * 1024;

/**
 * Asks for rates. `404` is the ECB's way of saying that it has none for this query: a weekend, a holiday, nothing new. In JSON it may also be 200
 * without a body. Either was seen for good queries too, so whoever asks for days must look whether they came.
 *
 * @returns what the answer holds, which may be more than was wanted
 * @throws ServiceError 502 `upstream.failed`, 504 `upstream.timeout`, 502 `pricing.unreadable_rates`
 */
export const fetchRates = async (
  upstream: Upstream,
  currencyUrl: string,
  wanted: RatesWanted,
): Promise<Observation[]> => {
  const { status, headers, body } = await upstream.client.request({
    upstream: 'ECB',
    url: ratesUrl(currencyUrl, wanted),
    // In this order where the address does not say it: text/csv last, as its end can't be seen.
    headers: {
      accept: 'application/vnd.sdmx.data+json;version=1.0.0-wd, application/xml;q=0.8, text/csv;q=0.7, */*;q=0.1',
    },
    accept: [404],
    timeoutMs: upstream.timeoutMs,
    retries: upstream.retries,
    maximumBytes,
    ...(upstream.signal && { signal: upstream.signal }),
  });
  const saysNothing = status === 404 || (body.length === 0 && isSdmxJson(headers));
  return saysNothing ? [] : readRates(body);
};

const isSdmxJson = (headers: UpstreamResponse['headers']) =>
  /^application\/vnd\.sdmx\.data\+json\b/.test(String(headers['content-type'] ?? ''));
