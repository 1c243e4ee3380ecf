import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { startPlatformProcess } from './support/platform-process.ts';

/** What a start that fails says in the end. */
const lastLineOf = async (environment: Record<string, string>) => {
  const platform = startPlatformProcess({ DATA_DIR: temporaryFolder(), ...environment });
  expect(await platform.exited).toBe(1);
  return platform.errors().trim().split('\n').at(-1);
};

describe('a start that fails says why in its last line', { timeout: 120_000 }, () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['no NATS', { NATS_URL: 'nats://127.0.0.1:1' }, /\(NATS_URL\): No NATS server at 127\.0\.0\.1:1/],
    ['a wrong NATS URL', { NATS_URL: 'nats://' }, /NATS_URL is no NATS address: expected nats:\/\/host:4222/],
    ['a scheme that nobody speaks', { NATS_URL: 'ws://host' }, /^NATS_URL=\(hidden\): expected text like/],
    ['a wrong prefix', { NATS_PREFIX: 'a_b' }, /^NATS_PREFIX=a_b: expected text like/],
    ['a wrong AUTH', { AUTH: 'Required' }, /^AUTH=Required: expected one of required, local/],
    ['a wrong port', { GATEWAY_PORT: 'web' }, /^GATEWAY_PORT=web: expected a whole number from 0 to 65535/],
    ['no S3', { OBJECT_STORE_URL: 's3://lake?endpoint=http://127.0.0.1:1' }, /\(OBJECT_STORE_URL\): /],
    ['a wrong database', { DATABASE_URL: 'mysql:host' }, /^DATABASE_URL: .*expected mysql:/],
    [
      'wrong proxies',
      { TRUSTED_PROXIES: '10.0.0.0/99' },
      /^TRUSTED_PROXIES=10\.0\.0\.0\/99: .*"10\.0\.0\.0\/99" is none/,
    ],
  ])('%s', async (_, environment, expected) => {
    expect(await lastLineOf({ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', ...environment })).toMatch(expected);
  });

  it('a wrong variable of the last service, before anything is opened', async () => {
    const folder = join(temporaryFolder(), 'data');
    expect(await lastLineOf({ DATA_DIR: folder, GATEWAY_LOGIN_LIMIT: 'many', WINE_RETRIES: '99' })).toMatch(
      /^(GATEWAY_LOGIN_LIMIT=many|WINE_RETRIES=99): expected/,
    );
    expect(() => mkdirSync(folder)).not.toThrow();
  });

  it('a database that does not answer: within two seconds what is waited for', async () => {
    const begin = Date.now();
    const platform = startPlatformProcess({
      DATA_DIR: temporaryFolder(),
      DATABASE_URL: 'mysql://u:secret@127.0.0.1:1',
    });
    await platform.complains(/waiting for the database of wine \(DATABASE_URL, at 127\.0\.0\.1:1\)/);
    // Two seconds, and what the program needs to be loaded on a busy machine.
    expect(Date.now() - begin).toBeLessThan(20_000);
    expect(platform.errors()).not.toContain('secret');
    platform.child.kill('SIGTERM');
    await platform.exited;
  });
});

describe('a start tells of', { timeout: 120_000 }, () => {
  it('variables that nothing reads, and goes on', async () => {
    const platform = startPlatformProcess({
      DATA_DIR: temporaryFolder(),
      WINE_SHEDULE: 'off',
      INFERENCE_PORT: 'tcp://10.0.0.1:8104',
      RATE_LIMIT: '100',
      PRICING_TIMEOUT_SECONDS: '30',
    });
    await platform.complains('WINE_SHEDULE is set, but nothing reads it: is WINE_SCHEDULE meant?');
    await platform.complains(/INFERENCE_PORT=tcp:\/\/10\.0\.0\.1:8104 is not read/);
    await platform.complains('RATE_LIMIT is called DATASETS_RATE_LIMIT and GATEWAY_RATE_LIMIT now: please rename it');
    await platform.complains('PRICING_TIMEOUT_SECONDS is called PRICING_TIMEOUT now: please rename it');
    expect(platform.errors().trim().split('\n')).toHaveLength(4);
    platform.child.kill('SIGTERM');
    await platform.exited;
  });

  it('nothing where nothing is wrong, also with what 0.1.0 left', async () => {
    const folder = temporaryFolder();
    // The lock of 0.1.0, of a process that was killed; its id belongs to one that lives.
    writeFileSync(join(folder, '.lock'), String(process.pid));
    const platform = startPlatformProcess({ DATA_DIR: folder });
    await platform.says('Ctrl-C');
    expect(platform.errors()).toBe('');
  });
});
