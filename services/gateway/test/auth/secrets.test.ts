import { ConfigurationError } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bearer, logIn, startGateway } from '../support/gateway.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const complaints = () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  return () => lines.filter((line) => line.startsWith('gateway: ')).join('');
};
const strong = (letter: string) => letter.repeat(32);

describe('the secrets of a start', () => {
  it.each([
    ['AUTH_SECRET', 'short'],
    ['INTERNAL_TOKEN', 'x'.repeat(31)],
    ['ADMIN_PASSWORD', 'ninechars'],
  ])('are refused when the first is made with a weak %s', async (name, value) => {
    const start = startGateway({ [name]: value });
    await expect(start).rejects.toThrow(ConfigurationError);
    await expect(start).rejects.toThrow(new RegExp(`^${name}=\\(hidden\\): expected`));
  });

  it('may be weak where they have been so far, and it is said how to change them', async () => {
    const said = complaints();
    const environment = { DATA_DIR: temporaryFolder() };
    await (await startGateway(environment)).stop();
    expect(said()).toBe('');
    await (await startGateway({ ...environment, AUTH_SECRET: 'weak', INTERNAL_TOKEN: 'weak' })).stop();
    expect(said()).toMatch(/AUTH_SECRET=\(hidden\): .*AUTH_SECRET=new,old/);
    expect(said()).toMatch(/INTERNAL_TOKEN=\(hidden\): .*INTERNAL_TOKEN=new,old/);
  });

  it('say how to set the password when ADMIN_PASSWORD is changed, and nothing as long as it is right', async () => {
    const said = complaints();
    const environment = { DATA_DIR: temporaryFolder() };
    await (await startGateway(environment)).stop();
    await (await startGateway(environment)).stop();
    expect(said()).toBe('');
    await (await startGateway({ ...environment, ADMIN_PASSWORD: 'another password' })).stop();
    expect(said()).toContain('npm run admin -- reset-password admin');
    expect(said()).not.toContain('another password');
  });

  it('change without logging anybody out', async () => {
    const environment = { DATA_DIR: temporaryFolder() };
    const before = await startGateway({ ...environment, AUTH_SECRET: strong('a') });
    const { access_token } = await logIn(before.url);
    await before.stop();
    const whoWith = async (secret: string, token: string) => {
      const gateway = await startGateway({ ...environment, AUTH_SECRET: secret });
      const { status } = await fetch(`${gateway.url}/users`, { headers: bearer(token) });
      const next = await logIn(gateway.url);
      await gateway.stop();
      return { status, token: next.access_token };
    };
    const changing = await whoWith(`${strong('b')}, ${strong('a')}`, access_token);
    expect(changing.status).toBe(200);
    expect((await whoWith(strong('b'), access_token)).status).toBe(401);
    expect((await whoWith(strong('b'), changing.token)).status).toBe(200);
  });
});
