import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { readVariables } from '../src/config/environment.ts';
import { Duration, Size } from '../src/config/quantity.ts';
import { Secret } from '../src/config/variable.ts';

const Schema = Type.Object({
  AUTH: Type.Optional(Type.String()),
  WINE_PORT: Type.Integer({ default: 8101, serviceLink: true }),
  WINE_SCHEDULE: Type.Optional(Type.String()),
  WINE_TIMEOUT: Duration({ default: '30s', formerly: 'WINE_TIMEOUT_SECONDS' }),
  WINE_KEEP: Duration({ default: '30d', formerly: 'WINE_KEEP_DAYS', formerUnit: 'd' }),
  WINE_FILE_SIZE: Size({ default: '8MiB', formerly: 'MAXIMUM_BYTES' }),
  IMAGES_FILE_SIZE: Size({ default: '9MiB', formerly: 'MAXIMUM_BYTES' }),
  STORE_EMAIL: Type.Optional(Type.String({ alias: 'EMAIL' })),
  TOKEN: Type.Optional(Secret()),
});

const noticesOf = (environment: Record<string, string>) => readVariables(Schema, environment).notices;

describe('a name that has changed', () => {
  it('is read in its old unit, with one notice', () => {
    const { config, notices } = readVariables(Schema, { WINE_TIMEOUT_SECONDS: '10', WINE_KEEP_DAYS: '1.5' });
    expect(config).toMatchObject({ WINE_TIMEOUT: 10_000, WINE_KEEP: 129_600_000 });
    expect(notices).toEqual([
      'WINE_TIMEOUT_SECONDS is called WINE_TIMEOUT now: please rename it',
      'WINE_KEEP_DAYS is called WINE_KEEP now: please rename it',
    ]);
  });

  it('that was read by two services has one notice too', () => {
    const { config, notices } = readVariables(Schema, { MAXIMUM_BYTES: '1000' });
    expect(config).toMatchObject({ WINE_FILE_SIZE: 1000, IMAGES_FILE_SIZE: 1000 });
    expect(notices).toEqual(['MAXIMUM_BYTES is called WINE_FILE_SIZE and IMAGES_FILE_SIZE now: please rename it']);
  });

  it('may stand beside the new one only when they say the same', () => {
    expect(readVariables(Schema, { WINE_KEEP_DAYS: '2', WINE_KEEP: '48h' }).config.WINE_KEEP).toBe(172_800_000);
    expect(() => readVariables(Schema, { WINE_KEEP_DAYS: '2', WINE_KEEP: '2' })).toThrow(
      'WINE_KEEP and WINE_KEEP_DAYS, its former name, are both set and differ: expected WINE_KEEP alone',
    );
  });

  it('is the one that a message names', () => {
    expect(() => readVariables(Schema, { WINE_KEEP_DAYS: 'many' })).toThrow('WINE_KEEP_DAYS=many: expected a duration');
  });
});

describe('a name that nearly is one of ours', () => {
  it.each([
    ['WINE_SHEDULE', 'WINE_SCHEDULE'],
    ['WINE_SCHEDUEL', 'WINE_SCHEDULE'],
    ['wine_schedule', 'WINE_SCHEDULE'],
    ['WINE_TIMEOUTS', 'WINE_TIMEOUT'],
    ['AUHT', 'AUTH'],
    ['Auth', 'AUTH'],
    ['TOKEN_FIEL', 'TOKEN_FILE'],
  ])('is told of: %s', (name, nearest) => {
    expect(noticesOf({ [name]: 'x' })).toEqual([`${name} is set, but nothing reads it: is ${nearest} meant?`]);
  });

  it('is none where it is of another word, or empty, or one that is read', () => {
    expect(
      noticesOf({ PATH: '/bin', HOME: '/root', MAIL: '/var/mail/ana', GMAIL: 'x', OAUTH: 'x', PORTS: 'x' }),
    ).toEqual([]);
    expect(noticesOf({ WINE_SHEDULE: '', EMAIL: 'ana@example.com', TOKEN: 'x', WINE_PORT: '8101' })).toEqual([]);
  });
});

describe('what an orchestrator sets', () => {
  const links = {
    WINE_PORT: 'tcp://10.0.0.1:8101',
    WINE_PORT_8101_TCP: 'tcp://10.0.0.1:8101',
    WINE_PORT_8101_TCP_ADDR: '10.0.0.1',
    WINE_SERVICE_HOST: '10.0.0.1',
    WINE_SERVICE_PORT: '8101',
  };
  it('does not stop a start, and counts as not set', () => {
    const { config, notices } = readVariables(Schema, links);
    expect(config.WINE_PORT).toBe(8101);
    expect(notices).toEqual([
      'WINE_PORT=tcp://10.0.0.1:8101 is not read: it looks like what Kubernetes sets for a service of that name',
    ]);
  });
});
