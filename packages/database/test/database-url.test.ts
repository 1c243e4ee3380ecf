import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../src/database-url.ts';

describe('a database URL', () => {
  it('of MySQL has its parts unescaped and its defaults filled in', () => {
    expect(parseDatabaseUrl('mysql://us%40er:p%2Fw%3F@[::1]:3307/wine?tls=true', 'x')).toEqual({
      dialect: 'mysql',
      host: '::1',
      port: 3307,
      user: 'us@er',
      password: 'p/w?',
      database: 'wine',
      tls: true,
    });
    expect(parseDatabaseUrl('mysql://host', 'wine')).toMatchObject({
      host: 'host',
      port: 3306,
      user: 'root',
      database: 'wine',
    });
    expect(parseDatabaseUrl('mysql://host/', 'Pictures')).toMatchObject({ database: 'Pictures', tls: false });
  });

  it('of SQLite is a path, a folder or the memory', () => {
    expect(parseDatabaseUrl('sqlite:data/wine.db', 'x')).toEqual({ dialect: 'sqlite', path: 'data/wine.db' });
    expect(parseDatabaseUrl('sqlite:/var/wine.db', 'x')).toEqual({ dialect: 'sqlite', path: '/var/wine.db' });
    expect(parseDatabaseUrl('sqlite:///var/wine.db', 'x')).toEqual({ dialect: 'sqlite', path: '/var/wine.db' });
    expect(parseDatabaseUrl('sqlite:data/', 'wine')).toEqual({ dialect: 'sqlite', path: 'data/wine.db' });
    expect(parseDatabaseUrl('sqlite::memory:', 'x')).toEqual({ dialect: 'sqlite', path: ':memory:' });
  });

  it.each([
    '',
    'wine',
    'postgres://host/wine',
    'sqlite:',
    'sqlite:a.db?mode=ro',
    'sqlite:a\0b',
    'mysql://user:secret@host:99999/wine',
    'mysql://user:secret@host/wi`ne',
    'mysql://user:secret@host/a/b',
    'mysql://user:%secret@host/wine',
    'mysql://user:secret@host/wine?ssl=1',
    `mysql://user:secret@host/${'w'.repeat(65)}`,
  ])('like %j is refused without showing the password', (url) => {
    const parse = () => parseDatabaseUrl(url, 'wine');
    expect(parse).toThrow(expect.objectContaining({ code: 'database.invalid_url' }));
    expect(parse).not.toThrow(/secret/);
  });
});
