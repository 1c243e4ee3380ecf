import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { startPlatformProcess } from './support/platform-process.ts';

describe('npm start', { timeout: 300_000 }, () => {
  it('says where everything is, ingests, serves, and stops cleanly on Ctrl-C', async () => {
    const folder = temporaryFolder();
    const platform = startPlatformProcess({ DATA_DIR: folder });
    const output = await platform.says(/wine: succeeded, 15 ingested of 15 series/);
    expect(output).toContain('the sandbox: made-up data');
    expect(output).toContain(folder);
    const url = /wine +(http:\S+)/.exec(output)?.[1];
    expect(Object.keys((await (await fetch(`${url}/producaoCSV`)).json()) as object)).not.toHaveLength(0);
    platform.child.kill('SIGINT');
    expect(await platform.exited).toBe(0);
    expect(platform.errors()).toBe('');
  });

  it('serves what it had before after it was killed', async () => {
    const folder = temporaryFolder();
    const first = startPlatformProcess({ DATA_DIR: folder });
    await first.says(/wine: succeeded, 15 ingested of 15 series/);
    first.child.kill('SIGKILL');
    await first.exited;
    const second = startPlatformProcess({ DATA_DIR: folder, VITIBRASIL_URL: 'http://127.0.0.1:1/nowhere' });
    const url = /wine +(http:\S+)/.exec(await second.says('Ctrl-C'))?.[1];
    expect((await fetch(`${url}/producaoCSV`)).status).toBe(200);
  });

  it('asks for credentials at every port where AUTH=required', async () => {
    const platform = startPlatformProcess({
      DATA_DIR: temporaryFolder(),
      AUTH: 'required',
      ADMIN_PASSWORD: 'the admin of the tests',
    });
    const output = await platform.says('Ctrl-C');
    const at = (name: string) => new RegExp(`${name} +(http://\\S+)`).exec(output)?.[1] ?? '';
    for (const name of ['wine', 'images', 'datasets', 'inference', 'pricing']) {
      expect([name, (await fetch(`${at(name)}/jobs`)).status]).toEqual([name, 401]);
      expect([name, (await fetch(`${at(name)}/health/live`)).status]).toEqual([name, 200]);
    }
    const login = await fetch(`${at('gateway')}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'the admin of the tests' }),
    });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const series = await fetch(`${at('gateway')}/wine/series`, { headers: { authorization: `Bearer ${token}` } });
    expect(series.status).toBe(200);
  });

  it('says in one line that a port is taken, and which variable moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const platform = startPlatformProcess({ DATA_DIR: temporaryFolder(), WINE_PORT: String(port) });
    expect(await platform.exited).toBe(1);
    expect(platform.errors().trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^Port ${port} .*taken.*WINE_PORT`)),
    ]);
    server.close();
  });

  it('says in one line that it cannot write to its folder', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const platform = startPlatformProcess({ DATA_DIR: join(file, 'data') });
    expect(await platform.exited).toBe(1);
    expect(platform.errors().trim().split('\n')).toEqual([
      expect.stringMatching(/^DATA_DIR=.*expected a folder that can be written/),
    ]);
  });

  it('does not share a folder with another platform', async () => {
    const folder = temporaryFolder();
    await startPlatformProcess({ DATA_DIR: folder }).says('Ctrl-C');
    const second = startPlatformProcess({ DATA_DIR: folder });
    expect(await second.exited).toBe(1);
    expect(second.errors()).toMatch(/^DATA_DIR=.*in use by another Vindima \(process \d+\)/);
  });

  it('says which variable is wrong', async () => {
    const platform = startPlatformProcess({ DATA_DIR: temporaryFolder(), UPSTREAMS: 'moon' });
    expect(await platform.exited).toBe(1);
    expect(platform.errors()).toBe('UPSTREAMS=moon: expected one of sandbox, live (whose APIs are called)\n');
  });
});
