import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config/environment.ts';
import { Secret } from '../src/config/variable.ts';
import { CommonConfig } from '../src/index.ts';

const Schema = Type.Object({
  TOKEN: Secret(),
  STORE_PASSWORD: Type.Optional(Secret({ alias: 'PASSWORD' })),
  CREDENTIALS_FILE: Type.Optional(Type.String()),
});

const fileWith = (content: string) => {
  const path = join(temporaryFolder(), 'secret');
  writeFileSync(path, content);
  return path;
};

describe('a secret in a file', () => {
  it('is its content, without the white space around it', () => {
    expect(readConfig(Schema, { TOKEN_FILE: fileWith('  between us \n') })).toEqual({ TOKEN: 'between us' });
  });

  it('may be any secret of the platform, an address with a password in it too', () => {
    const url = 'mysql://user:password@host:3306/name';
    const config = readConfig(CommonConfig, { DATABASE_URL_FILE: fileWith(url), INTERNAL_TOKEN_FILE: fileWith('it') });
    expect(config).toMatchObject({ DATABASE_URL: url, INTERNAL_TOKEN: 'it' });
  });

  it('may have the name of a program that Vindima replaces', () => {
    const environment = { TOKEN: 'x', PASSWORD_FILE: fileWith('letters1') };
    expect(readConfig(Schema, environment).STORE_PASSWORD).toBe('letters1');
  });

  it('is refused beside the secret itself', () => {
    expect(() => readConfig(Schema, { TOKEN: 'x', TOKEN_FILE: fileWith('x') })).toThrow(
      'TOKEN and TOKEN_FILE are both set: expected one of them',
    );
  });

  it('counts as not set where the variable is empty', () => {
    expect(readConfig(Schema, { TOKEN: 'x', TOKEN_FILE: '' }).TOKEN).toBe('x');
    expect(readConfig(Schema, { TOKEN: '', TOKEN_FILE: fileWith('y') }).TOKEN).toBe('y');
  });

  it('must be there, and must not be empty', () => {
    expect(() => readConfig(Schema, { TOKEN_FILE: '/nowhere/token' })).toThrow(
      /^TOKEN_FILE=\/nowhere\/token: expected a file that can be read \(ENOENT/,
    );
    expect(() => readConfig(Schema, { TOKEN_FILE: fileWith('\n') })).toThrow(
      'expected a file with a secret, not an empty one',
    );
  });

  it('is not shown when it is wrong', () => {
    const path = fileWith('postgres://hunter2');
    expect(() => readConfig(CommonConfig, { DATABASE_URL_FILE: path })).toThrow(
      /^DATABASE_URL_FILE=(?!.*hunter2).*: its content is wrong: expected text like/,
    );
  });

  it('is nothing of a variable that is a file by its own name', () => {
    expect(readConfig(Schema, { TOKEN: 'x', CREDENTIALS_FILE: '/some/where.json' }).CREDENTIALS_FILE).toBe(
      '/some/where.json',
    );
  });
});
