import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { canStart, databases, natsServer, startMariaDb, startNatsServer, type TestServer } from '../src/index.ts';

const START_AND_WAIT = join(import.meta.dirname, 'processes/start-and-wait.ts');

/** The first bytes that a server sends. */
function greeting(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1'));
    });
  });
}

const shared = await natsServer();

describe.skipIf(shared === undefined)('the NATS server of the run', () => {
  it('is the same for everybody and has JetStream', async () => {
    expect(await natsServer()).toBe(shared);
    expect(await greeting(Number(new URL(shared ?? '').port))).toContain('"jetstream":true');
  });
});

describe.each(await databases())('databases of the run: $dialect', ({ dialect, create }) => {
  it('are different each time, and gone when dropped', async () => {
    const [first, second] = [await create(), await create()];
    expect(first.url).not.toBe(second.url);
    expect(first.url.startsWith(dialect)).toBe(true);
    await first.drop();
    await second.drop();
    await second.drop();
  });
});

describe.skipIf(!(await canStart('nats')))('a NATS server of one suite', () => {
  it('can be killed, comes back on its port, and is gone at the end', async () => {
    const server = await startNatsServer();
    try {
      expect(await greeting(server.port)).toContain('INFO');
      await server.kill();
      await expect(greeting(server.port)).rejects.toThrow('ECONNREFUSED');
      await server.restart();
      expect(await greeting(server.port)).toContain('INFO');
    } finally {
      await server.stop();
    }
    await expect(greeting(server.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('ends with the process that started it, however that ends', async () => {
    const child = spawn(process.execPath, [START_AND_WAIT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString());
    expect(await greeting(port)).toContain('INFO');
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(greeting(port)).rejects.toThrow('ECONNREFUSED'), { timeout: 20_000, interval: 50 });
  }, 60_000);
});

describe.skipIf(!(await canStart('mariadb')))('a MariaDB server of one suite', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariaDb();
  }, 60_000);
  afterAll(() => server.stop());

  it('keeps what was committed when it is killed', async () => {
    const connection = await createConnection(server.url);
    await connection.query('create database kept');
    await connection.query('create table kept.numbers (n integer)');
    await connection.query('insert into kept.numbers values (7)');
    connection.on('error', () => {});
    await server.restart('SIGKILL');
    const again = await createConnection(server.url);
    const [rows] = await again.query<RowDataPacket[]>('select n from kept.numbers');
    expect(rows.map(({ n }) => n)).toEqual([7]);
    const [[{ folder }]] = (await again.query('select @@datadir as folder')) as [[{ folder: string }], unknown];
    await again.end();
    await server.stop();
    expect(existsSync(folder)).toBe(false);
  }, 60_000);
});
