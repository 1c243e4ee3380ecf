import { StringEnum } from '@vindima/contracts';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfig } from '../src/config/environment.ts';
import { Duration, Size } from '../src/config/quantity.ts';
import { resolveUpstream } from '../src/config/upstream.ts';
import { Secret } from '../src/config/variable.ts';

const Schema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8101 }),
  LEVEL: StringEnum(['info', 'debug'], { default: 'info' }),
  STRICT: Type.Boolean({ default: false }),
  FOLDER: Type.String({ description: 'where files go' }),
  STORE_NAME: Type.Optional(Type.String({ alias: 'NAME' })),
  STORE_PASSWORD: Type.Optional(Type.String({ secret: true, pattern: '^.{8,}$' })),
});

const problem = (environment: Record<string, string>) => {
  try {
    readConfig(Schema, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('no error');
};

describe('the configuration', () => {
  it('reads types from text and fills in defaults', () => {
    expect(readConfig(Schema, { FOLDER: 'data', PORT: '9000', STRICT: 'yes' })).toEqual({
      PORT: 9000,
      LEVEL: 'info',
      STRICT: true,
      FOLDER: 'data',
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(readConfig(Schema, { FOLDER: 'data' }))).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(problem({ FOLDER: '' })).toBe('FOLDER is not set: expected text (where files go)');
  });

  it.each([
    [{ FOLDER: 'x', PORT: 'abc' }, 'PORT=abc: expected a whole number from 0 to 65535'],
    [{ FOLDER: 'x', PORT: '70000' }, 'PORT=70000: expected a whole number from 0 to 65535'],
    [{ FOLDER: 'x', PORT: '80.5' }, 'PORT=80.5: expected a whole number from 0 to 65535'],
    [{ FOLDER: 'x', LEVEL: 'loud' }, 'LEVEL=loud: expected one of info, debug'],
    [{ FOLDER: 'x', STRICT: 'maybe' }, 'STRICT=maybe: expected true or false'],
  ])('says which variable is wrong, its value and what was expected (%j)', (environment, message) => {
    expect(problem(environment)).toBe(message);
  });

  it('names every wrong variable at once', () => {
    expect(problem({ PORT: 'x' }).split('\n')).toHaveLength(2);
  });

  it('never shows a secret', () => {
    expect(problem({ FOLDER: 'x', STORE_PASSWORD: 'hunter2' })).toContain('STORE_PASSWORD=(hidden)');
    expect(Secret()).toMatchObject({ secret: true });
  });

  it('reads an alias when the variable itself is not set', () => {
    expect(readConfig(Schema, { FOLDER: 'x', NAME: 'Ana' }).STORE_NAME).toBe('Ana');
    expect(readConfig(Schema, { FOLDER: 'x', NAME: 'Ana', STORE_NAME: 'Rui' }).STORE_NAME).toBe('Rui');
  });
});

describe('an upstream', () => {
  const places = { live: 'https://api.example/v1', sandboxPath: '/store' };
  const sandbox = { UPSTREAMS: 'sandbox', SANDBOX_URL: 'http://127.0.0.1:8109/' } as const;

  it('is the sandbox unless the live one is asked for', () => {
    expect(resolveUpstream(sandbox, undefined, places)).toEqual({
      url: 'http://127.0.0.1:8109/store',
      source: 'sandbox',
    });
    expect(resolveUpstream({ ...sandbox, UPSTREAMS: 'live' }, undefined, places)).toEqual({
      url: 'https://api.example/v1',
      source: 'live',
    });
  });

  it('is where its own variable says, whatever the others do', () => {
    expect(resolveUpstream(sandbox, 'https://mirror.example/', places)).toEqual({
      url: 'https://mirror.example',
      source: 'live',
    });
  });
});

describe('sizes and durations', () => {
  const schema = Type.Object({
    FLOOR: Size({ default: '256MiB', minimum: '1MiB', description: 'free space' }),
    WAIT: Duration({ default: '30s' }),
  });

  it('are read with their units, and are bytes and milliseconds', () => {
    expect(readConfig(schema, {})).toEqual({ FLOOR: 256 * 2 ** 20, WAIT: 30_000 });
    expect(readConfig(schema, { FLOOR: '1.5 gb', WAIT: '12h' })).toEqual({ FLOOR: 1.5e9, WAIT: 43_200_000 });
    expect(readConfig(schema, { FLOOR: '4194304', WAIT: '2' })).toEqual({ FLOOR: 4_194_304, WAIT: 2000 });
  });

  it('are refused with what was expected', () => {
    expect(() => readConfig(schema, { FLOOR: '1KB' })).toThrow(
      'FLOOR=1KB: expected a size such as 512MB or 4GiB of at least 1MiB (free space)',
    );
    expect(() => readConfig(schema, { WAIT: 'soon' })).toThrow('WAIT=soon: expected a duration such as 500ms');
  });
});
