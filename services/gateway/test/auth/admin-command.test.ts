import { databases } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { runAdmin } from '../../src/admin/run-admin.ts';
import { bearer, json, logIn, startGateway, until } from '../support/gateway.ts';

const run = async (args: readonly string[], environment: Record<string, string>, input = '') => {
  const written = { out: '', error: '' };
  const code = await runAdmin(args, environment, {
    stdin: (async function* () {
      yield input;
    })(),
    stdout: {
      write: (text) => {
        written.out += text;
      },
    },
    stderr: {
      write: (text) => {
        written.error += text;
      },
    },
  });
  return { code, ...written };
};

describe.each(await databases())('npm run admin -- reset-password on $dialect', ({ create }) => {
  it('gives another password while the platform runs, and ends the logins of that user', async () => {
    const database = await create();
    const gateway = await startGateway({ DATABASE_URL: database.url });
    const { access_token, refresh_token } = await logIn(gateway.url);
    // Tokens say in which second they were issued.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const { code, out } = await run(['reset-password', 'admin'], { DATABASE_URL: database.url });
    expect(code).toBe(0);
    const password = /^The new password of admin is (\S+) \(shown this once\)/.exec(out)?.[1] ?? '';
    await expect(logIn(gateway.url)).rejects.toThrow('wrong_credentials');
    const headers = bearer((await logIn(gateway.url, 'admin', password)).access_token);
    expect((await fetch(`${gateway.url}/users`, { headers })).status).toBe(200);
    expect((await fetch(`${gateway.url}/auth/refresh`, json({ refresh_token }))).status).toBe(401);
    await until(async () => {
      const { status } = await fetch(`${gateway.url}/users`, { headers: bearer(access_token) });
      return status === 401 ? true : undefined;
    });
    await gateway.stop();
    await database.drop();
  });

  it('takes the password from standard input, and says what is wrong with it or with the name', async () => {
    const database = await create();
    const gateway = await startGateway({ DATABASE_URL: database.url });
    const environment = { DATABASE_URL: database.url };
    const given = await run(['reset-password', 'admin', '--password-stdin'], environment, 'chosen by myself\n');
    expect(given).toMatchObject({ code: 0, out: expect.not.stringContaining('chosen') });
    await expect(logIn(gateway.url, 'admin', 'chosen by myself')).resolves.toBeDefined();
    expect(await run(['reset-password', 'admin', '--password-stdin'], environment, 'short\n')).toMatchObject({
      code: 1,
      error: 'The password has 10 to 200 characters.\n',
    });
    expect(await run(['reset-password', 'zoe'], environment)).toMatchObject({
      code: 1,
      error: 'There is no user zoe.\n',
    });
    await gateway.stop();
    await database.drop();
  });
});

describe('npm run admin', () => {
  it('prints usage for what it does not understand', async () => {
    for (const args of [[], ['reset-password'], ['delete', 'admin'], ['reset-password', 'admin', '--force']]) {
      expect(await run(args, {})).toMatchObject({ code: 2, error: expect.stringContaining('reset-password NAME') });
    }
  });

  it('makes no platform where there is none', async () => {
    expect(await run(['reset-password', 'admin'], { DATA_DIR: '/nonexistent' })).toMatchObject({
      code: 1,
      error: expect.stringContaining('there is no platform in it'),
    });
  });
});
