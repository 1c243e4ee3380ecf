import { ConfigurationError } from '@vindima/service-kit';
import { databases, temporaryFolder } from '@vindima/test-servers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { adminPassword, bearer, logIn, startGateway } from '../support/gateway.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const listen = () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  return lines;
};

describe('the first start', () => {
  it('makes an admin whose generated password is printed once', async () => {
    const printed = listen();
    const environment = { DATA_DIR: temporaryFolder(), ADMIN_PASSWORD: undefined };
    const first = await startGateway(environment);
    const said = printed.join('');
    const password = /^gateway: .*password (\S+) \(shown this once\)$/m.exec(said)?.[1] ?? '';
    const { access_token } = await logIn(first.url, 'admin', password);
    await first.stop();
    const again = await startGateway(environment);
    expect(printed.join('')).toBe(said);
    // The secret that signs tokens is kept too, so that a restart logs nobody out.
    expect((await fetch(`${again.url}/users`, { headers: bearer(access_token) })).status).toBe(200);
    await again.stop();
  });

  it('takes ADMIN_PASSWORD and prints nothing, and later starts leave the password alone', async () => {
    const printed = listen();
    const environment = { DATA_DIR: temporaryFolder() };
    await (await startGateway(environment)).stop();
    const again = await startGateway({ ...environment, ADMIN_PASSWORD: 'another password' });
    expect(printed.filter((line) => line.includes('password'))).toEqual([]);
    await expect(logIn(again.url)).resolves.toBeDefined();
    await expect(logIn(again.url, 'admin', 'another password')).rejects.toThrow();
    await again.stop();
  });

  it('does not start with AUTH=local where others can reach it', async () => {
    await expect(startGateway({ AUTH: 'local', HOST: '0.0.0.0' })).rejects.toThrow(ConfigurationError);
  });
});

describe.each(await databases())('several gateways that start at once on $dialect', ({ create }) => {
  it('agree on one admin and one signing secret', async () => {
    const database = await create();
    const gateways = await Promise.all(
      Array.from({ length: 3 }, () => startGateway({ DATABASE_URL: database.url, ADMIN_PASSWORD: adminPassword })),
    );
    const [one, ...others] = gateways.map(({ url }) => url) as [string, ...string[]];
    const { access_token } = await logIn(one);
    for (const url of others) {
      expect((await fetch(`${url}/users`, { headers: bearer(access_token) })).status).toBe(200);
    }
    for (const gateway of gateways) await gateway.stop();
    await database.drop();
  });
});
