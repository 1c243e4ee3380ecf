import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isTargetDay, targetDays } from '../../src/calendar/target.ts';

/** How the made ECB misbehaves. */
export type Mode =
  | 'well'
  | '404'
  | '404 for one window'
  | 'nothing in JSON'
  | 'nothing in CSV'
  | '500'
  | 'a web page'
  | 'reset'
  | 'half an answer'
  | '429';

const levels: Readonly<Record<string, number>> = { USD: 1.1, JPY: 150, GBP: 0.85, SEK: 11, HRK: 7.5 };
const lastDay: Readonly<Record<string, string>> = { HRK: '2022-12-30' };

/** What the made ECB publishes: a number that tells currency and day apart. */
export const madeRate = (currency: string, date: string): string =>
  ((levels[currency] ?? 1) * (1 + (Number(date.slice(8)) + Number(date.slice(5, 7))) / 10_000))
    .toFixed(5)
    .replace(/0+$/, '');

/** A little ECB with rates on every day of operation from 1999 until a day, which misbehaves as it is told. */
export const startMadeEcb = async (until: () => string) => {
  let mode: Mode = 'well';
  const changed = new Map<string, string>();
  const asked: string[] = [];
  const rowsOf = (query: URLSearchParams) => {
    const from = query.get('startPeriod') ?? query.get('updatedAfter')?.slice(0, 10) ?? '1999-01-04';
    const to = query.get('endPeriod') ?? until();
    return targetDays(from, to < until() ? to : until()).flatMap((date) =>
      Object.keys(levels).flatMap((currency) => {
        const value = changed.get(`${currency} ${date}`) ?? madeRate(currency, date);
        return date > (lastDay[currency] ?? '9999') || value === ''
          ? []
          : [`D,${currency},EUR,SP00,A,${date},${value}`];
      }),
    );
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://ecb');
    asked.push(url.search);
    const end = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type, 'retry-after': '0' });
      response.end(body);
    };
    const rows = rowsOf(url.searchParams);
    const csv = `FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE\n${rows.join('\n')}\n`;
    const json = 'application/vnd.sdmx.data+json;version=1.0.0-wd';
    const isOneWindow = /^201[0-9]/.test(url.searchParams.get('endPeriod') ?? '');
    if (mode === '404' || (mode === '404 for one window' && isOneWindow)) end(404, 'application/json', '{}');
    else if (mode === 'nothing in JSON') end(200, json, '');
    else if (mode === 'nothing in CSV') end(200, 'text/csv', '');
    else if (mode === '500' || mode === '429') end(Number(mode), 'text/plain', '');
    else if (mode === 'a web page') end(200, 'text/html', '<!doctype html><html></html>');
    else if (mode === 'reset') response.socket?.destroy();
    else if (mode === 'half an answer') end(200, 'text/csv', csv.slice(0, csv.length >> 1));
    else if (rows.length === 0) end(404, 'text/plain', '');
    else end(200, 'text/csv', csv);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/service`,
    asked,
    is: (next: Mode) => {
      mode = next;
    },
    /** Publishes another value from now on; empty for none. */
    change: (currency: string, date: string, value: string) => {
      if (!isTargetDay(date)) throw new Error(`${date} has no rates`);
      changed.set(`${currency} ${date}`, value);
    },
    restore: () => changed.clear(),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};
