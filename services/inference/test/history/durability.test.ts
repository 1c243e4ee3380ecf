import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { temporaryFolder } from '@vindima/test-servers';
import { afterEach, describe, expect, it } from 'vitest';
import { get, post } from '../support/http.ts';
import { flowers } from '../support/iris.ts';
import { until } from '../support/service.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const begin = async (port: number, folder: string) => {
  child = spawn(process.execPath, [main], {
    env: { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'error', INFERENCE_WORKERS: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    try {
      return (await fetch(`${url}/health`)).ok;
    } catch {
      return false;
    }
  });
  return url;
};

describe('a service that is killed', () => {
  it('has everything in its history that it answered', async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    const url = await begin(port, folder);
    await post(`${url}/model/load/`);
    const answered: string[] = [];
    const caller = async () => {
      for (let index = 0; ; index++) {
        try {
          const { status, body } = await post(`${url}/model/classify/`, flowers[index % 3]?.input);
          if (status === 200) answered.push(String(body.id));
        } catch {
          return;
        }
      }
    };
    const callers = Array.from({ length: 20 }, caller);
    await until(() => answered.length > 500);
    const gone = child === undefined ? undefined : once(child, 'exit');
    child?.kill('SIGKILL');
    await gone;
    await Promise.all(callers);

    await begin(port, folder);
    const remembered = new Set<string>();
    for (let cursor = ''; ; ) {
      const { body } = await get(`${url}/model/history?limit=1000${cursor}`);
      for (const { id } of body.items as { id: string }[]) remembered.add(id);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(answered.filter((id) => !remembered.has(id))).toEqual([]);
  });
});
