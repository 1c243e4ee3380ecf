import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariaDb, startNatsServer } from '@vindima/test-servers/servers';
import { type ChaosCounts, runChaos } from './chaos.ts';

/** Three processes on NATS and MariaDB; one is killed every few hundred milliseconds, the servers every few seconds. */
export const chaosOnServers = async (durationMs: number, restartEveryMs: number): Promise<ChaosCounts> => {
  const [nats, mariadb] = await Promise.all([startNatsServer(), startMariaDb()]);
  try {
    return await runChaos({
      address: nats.url,
      databaseUrl: `${mariadb.url}/chaos`,
      workers: 3,
      durationMs,
      minimumKills: 4,
      killEveryMs: 400,
      commandsPerSecond: 300,
      restarts: [() => nats.restart('SIGKILL'), () => mariadb.restart('SIGKILL')],
      restartEveryMs,
      stuckMs: 60_000,
    });
  } finally {
    await Promise.all([nats.stop(), mariadb.stop()]);
  }
};

/** One process with the in-process bus and SQLite, killed again and again. */
export const chaosInOneProcess = async (durationMs: number): Promise<ChaosCounts> => {
  const folder = await mkdtemp(join(tmpdir(), 'vindima-chaos-'));
  try {
    return await runChaos({
      address: join(folder, 'messages.db'),
      databaseUrl: `sqlite:${join(folder, 'chaos.db')}`,
      workers: 1,
      durationMs,
      minimumKills: 3,
      killEveryMs: 300,
      commandsPerSecond: 300,
      restarts: [],
      restartEveryMs: Number.POSITIVE_INFINITY,
      stuckMs: 60_000,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
