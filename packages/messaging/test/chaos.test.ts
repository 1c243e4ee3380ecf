import { canStart } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import type { ChaosCounts } from './chaos/chaos.ts';
import { chaosInOneProcess, chaosOnServers } from './chaos/servers.ts';

const servers = (await canStart('nats')) && (await canStart('mariadb'));

const report = (name: string, counts: ChaosCounts) => {
  const { sent, effects, events, duplicatesPrevented, lost, kills, restarts } = counts;
  process.stdout.write(
    `chaos, ${name}: sent ${sent}, effects ${effects}, events ${events}, duplicates prevented ${duplicatesPrevented}, lost ${lost} (${kills} kills, ${restarts} restarts)\n`,
  );
};

describe('with processes killed all the time', () => {
  it.skipIf(!servers)(
    'every effect and every event is there once on NATS and MariaDB, restarted in between',
    async () => {
      const counts = await chaosOnServers(8_000, 3_000);
      report('NATS and MariaDB', counts);
      expect(counts).toMatchObject({ lost: 0, doubled: 0, unsent: 0, effects: counts.sent, events: counts.sent });
      expect(counts.kills).toBeGreaterThanOrEqual(4);
      expect(counts.restarts).toBeGreaterThanOrEqual(2);
    },
    120_000,
  );

  it('every effect and every event is there once in one process on SQLite', async () => {
    const counts = await chaosInOneProcess(5_000);
    report('in-process and SQLite', counts);
    expect(counts).toMatchObject({ lost: 0, doubled: 0, unsent: 0, effects: counts.sent, events: counts.sent });
    expect(counts.kills).toBeGreaterThanOrEqual(3);
  }, 120_000);
});
