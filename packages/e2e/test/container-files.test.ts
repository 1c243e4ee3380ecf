import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const ports = {
  gateway: 8080,
  wine: 8101,
  images: 8102,
  datasets: 8103,
  inference: 8104,
  pricing: 8105,
  sandbox: 8109,
};
const collect = (service: string, target: string, folder = root) =>
  run('node', [join(folder, 'scripts/collect-service.ts'), service, target], { cwd: folder });

describe('what an image gets', () => {
  it.each(Object.entries(ports))('of %s: its source, its port %i and a health check', async (service, port) => {
    const target = temporaryFolder();
    await collect(service, target);
    expect((await readFile(join(target, 'container/port'), 'utf8')).trim()).toBe(String(port));
    expect((await stat(join(target, 'container/healthcheck'))).mode & 0o111).toBe(0o111);
    await stat(join(target, 'services', service, 'src/main.ts'));
  });

  it('is nothing where the service or its port cannot be named', async () => {
    const folder = temporaryFolder();
    for (const part of ['scripts', 'deploy/image', 'package.json']) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    await mkdir(join(folder, 'services/nameless/src'), { recursive: true });
    await writeFile(join(folder, 'services/nameless/package.json'), JSON.stringify({ name: '@vindima/nameless' }));
    for (const source of ['export const other = { port: 1 };', 'export const nameless = {};']) {
      await writeFile(join(folder, 'services/nameless/src/service.ts'), source);
      await expect(collect('nameless', join(folder, 'target'), folder)).rejects.toThrow('"nameless" with a port');
    }
  });
});

describe.skipIf(process.platform !== 'linux')("an image's health check", () => {
  let ready = true;
  const server = createServer((request, response) => {
    if (request.url !== '/health/ready') response.writeHead(404).end();
    else if (ready) response.writeHead(200).end('{"status":"ok"}');
    else response.writeHead(503).end('{"checks":{"database":"it is away"}}');
  });
  const listening = new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const check = async (port?: number) => {
    await listening;
    const PORT = String(port ?? (server.address() as AddressInfo).port);
    return run(join(root, 'deploy/image/healthcheck'), { env: { ...process.env, PORT } }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );
  };

  it('passes when the service is ready', async () => {
    expect(await check()).toEqual({ code: 0, stdout: '' });
  });

  it('fails when it is not, and says what is wrong', async () => {
    ready = false;
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toContain('it is away');
  });

  it('fails when nobody listens', async () => {
    expect((await check(1)).code).toBe(1);
  });
});
