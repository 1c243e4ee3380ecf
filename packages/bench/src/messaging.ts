import { startMariaDb, startNatsServer } from '@vindima/test-servers/servers';
import type { Contender } from './messaging/contender.ts';
import { openDirect } from './messaging/direct.ts';
import { type Figures, measure } from './messaging/measure.ts';
import { openOurs } from './messaging/ours.ts';

const row = (name: string, { rate, restRate, latency }: Figures, base: Figures): string => {
  const rates = [rate, restRate].map((value) => Math.round(value).toString().padStart(9));
  const ratios = [rate / base.rate, restRate / base.restRate].map((ratio) => `${ratio.toFixed(2)}x`.padStart(7));
  const times = [latency.p50, latency.p99].map((ms) => ms.toFixed(2).padStart(8));
  return `${name.padEnd(36)}${rates[0]}${ratios[0]}${rates[1]}${ratios[1]}${times[0]}${times[1]}`;
};

/**
 * Commands per second from publish, and from REST call, to recorded effect, and the latency of one, against the same broker driven
 * by the client library alone. Target: at least half of its throughput with outbox and inbox on MySQL.
 */
export default async function messaging([count = '10000']: readonly string[]): Promise<void> {
  const commands = Number(count);
  if (!Number.isInteger(commands) || commands < 1) throw new Error(`a number of commands, not ${count}`);
  const [nats, mariadb] = await Promise.all([startNatsServer(), startMariaDb()]);
  try {
    const contenders: (() => Promise<Contender>)[] = [
      () => openDirect(nats.url),
      () => openOurs(nats.url, mariadb.url, false),
      () => openOurs(nats.url, mariadb.url, true),
    ];
    let base: Figures | undefined;
    console.log(`${commands} commands        per second: published   ratio     REST  ratio  p50 ms  p99 ms`);
    for (const open of contenders) {
      const contender = await open();
      try {
        const figures = await measure(contender, commands);
        base ??= figures;
        console.log(row(contender.name, figures, base));
      } finally {
        await contender.close();
      }
    }
  } finally {
    await Promise.all([nats.stop(), mariadb.stop()]);
  }
}
