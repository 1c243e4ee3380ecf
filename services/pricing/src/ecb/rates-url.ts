/** Which observations are wanted; dates are inclusive. */
export interface RatesWanted {
  readonly from?: string;
  readonly to?: string;
  /** Only what was published or revised since this instant. */
  readonly updatedAfter?: Date;
  /** Per series, counted from the end. Discontinued series answer too, with what they had last. */
  readonly lastObservations?: number;
}

/**
 * Adds what is wanted to the operator's query. Only an SDMX query (`.../data/<flow>/<key>`) understands it; any other address, a file of
 * eurofxref for example, is fetched as it is and answers with all it has. Without a `format` of the operator's, SDMX-JSON is
 * asked for: of the formats that the ECB offers it is the smallest one whose end can be seen.
 */
export const ratesUrl = (currencyUrl: string, wanted: RatesWanted): string => {
  const url = new URL(currencyUrl);
  if (!isSdmxQuery(url)) return url.href;
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined) url.searchParams.set(name, value);
  };
  set('startPeriod', wanted.from);
  set('endPeriod', wanted.to);
  set('updatedAfter', wanted.updatedAfter?.toISOString().replace(/\.\d+Z$/, '+00:00'));
  set('lastNObservations', wanted.lastObservations?.toString());
  if (!url.searchParams.has('format')) {
    url.searchParams.set('format', 'jsondata');
    if (!url.searchParams.has('detail')) url.searchParams.set('detail', 'dataonly');
  }
  return url.href;
};

/** @returns whether the address is a query that can be narrowed */
export const isSdmxQuery = (url: URL): boolean => /\/data\/[^/]+\/[^/]+\/?$/.test(url.pathname);
