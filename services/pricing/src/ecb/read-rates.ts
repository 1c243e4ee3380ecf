import type { Observation } from './observation.ts';
import { readCsv } from './read-csv.ts';
import { readSdmxJson } from './read-sdmx-json.ts';
import { readXml } from './read-xml.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads an answer with exchange rates in whatever format it is, decided by its content: csvdata, SDMX-JSON, SDMX-ML (generic or
 * structure specific), or the files of www.ecb.europa.eu/stats/eurofxref as CSV or XML.
 *
 * @returns the daily rates against the euro; empty when the answer is whole and holds none
 * @throws ServiceError 502 `pricing.unreadable_rates` for anything else: a web page, nothing at all, noise, half an answer
 */
export const readRates = (body: Uint8Array): Observation[] => {
  const text = decode(body).trimStart();
  if (text === '') throw unreadable('it is empty');
  if (text.startsWith('<')) {
    if (/^(<!--.*?-->\s*)*<(!doctype\s+)?html\b/is.test(text.slice(0, 2000))) throw unreadable('it is a web page');
    return readXml(text);
  }
  return text.startsWith('{') ? readSdmxJson(text) : readCsv(text);
};

const decode = (body: Uint8Array) => {
  if (body[0] === 0x50 && body[1] === 0x4b)
    throw unreadable('it is a ZIP archive; point CURRENCY_URL at the file in it');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw unreadable('it is not text in UTF-8', cause);
  }
};
