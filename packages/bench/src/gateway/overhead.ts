import type { Load, LoadResult } from './load.ts';
import type { Running } from './processes.ts';
import type { RunningLoad } from './start-load.ts';
import { cpuSeconds } from './watch-process.ts';

const targets = { extraMs: 0.5, throughputRatio: 0.7 };
/** Many short ones: the speed of a machine that others use wanders, and is told from neighbours in time. */
const rounds = 15;
const connections = 32;
type Place = 'direct' | 'gateway' | 'bare proxy';
const nameWidth = 14;

export interface MeasuredRoute {
  readonly name: string;
  readonly service: Running;
  readonly request: Pick<Load, 'method' | 'path' | 'headers' | 'body'>;
}

/** CPU seconds, by who had them. */
interface Cores {
  client: number;
  service: number;
  /** The gateway, or the bare proxy. */
  proxy: number;
}

interface Side {
  readonly p50: number[];
  readonly rates: number[];
  readonly cores: Cores;
  requests: number;
  seconds: number;
  bytes: number;
}

const emptySide = (): Side => ({
  p50: [],
  rates: [],
  cores: { client: 0, service: 0, proxy: 0 },
  requests: 0,
  seconds: 0,
  bytes: 0,
});

/**
 * The same requests to a service directly, through the gateway, and, where there is one, through a proxy that does nothing else, in
 * turns; a line of each for each route. The bare proxy shows how much of the cost is that of any proxy in Node on this machine.
 */
export const overhead = async (
  load: RunningLoad,
  { gateway, bareProxy, routes }: { gateway: Running; bareProxy?: Running; routes: readonly MeasuredRoute[] },
): Promise<void> => {
  const title = `p50 of 1 connection  req/s of ${connections}   ratio   CPU us a request: client service  proxy   cores`;
  process.stdout.write(`${''.padEnd(nameWidth)}${title}\n`);
  for (const route of routes) {
    const sides = { direct: emptySide(), gateway: emptySide(), 'bare proxy': emptySide() };
    const at: [Place, Running][] = [
      ['direct', route.service],
      ['gateway', gateway],
      ...(bareProxy === undefined ? [] : [['bare proxy', bareProxy] satisfies [Place, Running]]),
    ];
    for (let round = -1; round < rounds; round++) {
      // They take turns in being first: what has just run leaves something behind.
      for (const [place, { url, process }] of round % 2 === 0 ? at : at.toReversed()) {
        // In one process with the service, its share cannot be told.
        const isApart = process !== route.service.process;
        const used = () => ({ service: cpuSeconds(route.service.process), proxy: isApart ? cpuSeconds(process) : 0 });
        const one = await load.run({ ...route.request, url, connections: 1, milliseconds: 100 });
        const before = used();
        const many = await load.run({ ...route.request, url, connections, milliseconds: 500 });
        const after = used();
        // The first round warms up.
        if (round < 0) continue;
        sides[place].p50.push(one.p50);
        add(sides[place], many, { service: after.service - before.service, proxy: after.proxy - before.proxy });
      }
    }
    process.stdout.write(`${route.name}, ${sides.gateway.bytes} bytes\n`);
    for (const [place] of at) report(place, sides[place], sides.direct);
  }
  process.stdout.write(
    `targets: at most ${targets.extraMs} ms more, at least ${targets.throughputRatio} of the throughput\n\n`,
  );
};

const add = (side: Side, result: LoadResult, { service, proxy }: Omit<Cores, 'client'>) => {
  side.rates.push(result.requests / result.seconds);
  side.requests += result.requests;
  side.seconds += result.seconds;
  side.bytes = result.bytes;
  side.cores.client += result.cpuSeconds;
  side.cores.service += service;
  side.cores.proxy += proxy;
};

const report = (place: Place, side: Side, direct: Side) => {
  const extra = median(side.p50.map((p50, round) => p50 - (direct.p50[round] ?? Number.NaN)));
  const ratio = median(side.rates.map((rate, round) => rate / (direct.rates[round] ?? Number.NaN)));
  const met = extra <= targets.extraMs && ratio >= targets.throughputRatio;
  const cells = [
    `  ${place}`.padEnd(nameWidth),
    `${median(side.p50).toFixed(2)} ms`,
    (place === 'direct' ? '' : `+${extra.toFixed(2)} ms`).padStart(11),
    median(side.rates).toFixed(0).padStart(12),
    (place === 'direct' ? '' : ratio.toFixed(2)).padStart(8),
    usage(side),
    place === 'gateway' ? (met ? '  met' : '  MISSED') : '',
  ];
  process.stdout.write(`${cells.join('').trimEnd()}\n`);
};

const usage = ({ cores, requests, seconds }: Side) => {
  const each = [cores.client, cores.service, cores.proxy].map((used) => ((used / requests) * 1e6).toFixed(0));
  const all = (cores.client + cores.service + cores.proxy) / seconds;
  return `${each.map((text, index) => text.padStart(index === 0 ? 27 : 8)).join('')}${all.toFixed(2).padStart(8)}`;
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
