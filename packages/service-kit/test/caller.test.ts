import { describe, expect, it } from 'vitest';
import { assertMayRead, callerOf, mayChange, mayRead, operator, senderOf, sourceFor } from '../src/http/caller.ts';
import { proxySign } from '../src/http/proxy-sign.ts';
import { restKey } from '../src/jobs/rest-key.ts';

const asked = (headers: Record<string, string>, isVouched = true) => ({ headers, isVouched });
const key = { name: 'key:1', scopes: ['datasets:write'] };

describe('whoever a service works for', () => {
  it('is whom the gateway names, with their role and scopes', () => {
    const headers = { 'x-vindima-user': 'user:ana', 'x-vindima-role': 'viewer', 'x-vindima-scopes': '*:read' };
    expect(callerOf(asked(headers))).toEqual({ name: 'user:ana', role: 'viewer', scopes: ['*:read'] });
    expect(callerOf(asked({ 'x-vindima-user': 'nobody' }))).toEqual({ name: 'nobody', scopes: [] });
  });

  it('is the operator where nobody is named, or where it is not the gateway that does so', () => {
    expect(callerOf(asked({}))).toEqual(operator);
    expect(callerOf(asked({ 'x-vindima-user': 'user:ana', 'x-vindima-scopes': '' }, false))).toEqual(operator);
  });

  it('may read the objects of the services that their scopes cover, and no others', () => {
    expect(mayRead(key, 'datasets/tables/a.parquet')).toBe(true);
    for (const other of [
      'wine/export/a.parquet',
      'datasets-of-others/a',
      'elsewhere.csv',
      '',
      '../datasets/a',
      '*/a',
    ]) {
      expect([other, mayRead(key, other)]).toEqual([other, false]);
    }
    expect(mayRead({ name: 'key:2', scopes: ['datasets:write', '*:read'] }, 'wine/export/a.parquet')).toBe(true);
    expect(mayRead(operator, 'elsewhere.csv')).toBe(true);
    expect(() => assertMayRead('datasets', key, 'wine/a')).toThrow(
      'To read the object "wine/a", key:1 needs the scope wine:read.',
    );
  });

  it('may change what their scopes let them write', () => {
    expect(mayChange(key, 'datasets')).toBe(true);
    expect(mayChange(key, 'wine')).toBe(false);
    expect(mayChange({ name: 'user:ana', scopes: ['*:read'] }, 'datasets')).toBe(false);
  });

  it("is told of a command by what the gateway writes as its source; all other commands are the operator's", () => {
    expect(senderOf({ source: sourceFor('gateway', key) })).toEqual(key);
    const odd = { name: 'user:a&scopes=*:write', scopes: ['wine:read', 'images:read'] };
    expect(senderOf({ source: sourceFor('gateway', odd) })).toEqual(odd);
    expect(senderOf({ source: 'unknown' })).toEqual(operator);
    expect(senderOf({ source: 'vindima/wine' })).toEqual(operator);
  });

  it('has their Idempotency-Keys for themselves', () => {
    const from = (user: string | undefined, value: string) =>
      restKey(asked({ 'idempotency-key': value, ...(user === undefined ? {} : { 'x-vindima-user': user }) }))
        .idempotencyKey;
    expect(from('user:ana', 'a')).toBe(from('user:ana', 'a'));
    expect(
      new Set([from('user:ana', 'a'), from('user:bob', 'a'), from('user:ana', 'b'), from(undefined, 'a')]).size,
    ).toBe(4);
    // As jobs of 0.1.0 have it.
    expect([from(undefined, 'a'), from('local', 'a')]).toEqual(['rest-a', 'rest-a']);
    for (const user of ['user:ana', undefined]) expect(from(user, 'x'.repeat(200))?.length).toBeLessThanOrEqual(200);
    expect(restKey(asked({}))).toEqual({});
  });
});

describe('a proxy', () => {
  const sign = (headers: Record<string, string>, httpVersion = '1.1') => proxySign({ headers, httpVersion });

  it.each([
    'via',
    'forwarded',
    'x-real-ip',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-server',
    'cf-ray',
    'cf-connecting-ip',
    'true-client-ip',
  ])('shows by its header %s', (name) => {
    expect(sign({ host: 'localhost', [name]: '1' })).toBe(name);
  });

  it('shows by HTTP/1.0 with a connection that ends, as of nginx', () => {
    expect(sign({ connection: 'close' }, '1.0')).toBe('HTTP/1.0');
    expect(sign({}, '1.0')).toBe('HTTP/1.0');
    expect(sign({ connection: 'Keep-Alive' }, '1.0')).toBeUndefined();
  });

  it('is not taken for a program of this machine, nor that for one', () => {
    const curl = { host: '127.0.0.1:8080', 'user-agent': 'curl/8.14', accept: '*/*' };
    expect(sign(curl)).toBeUndefined();
    expect(sign({ ...curl, connection: 'close' })).toBeUndefined();
    expect(sign({ ...curl, connection: 'keep-alive', 'accept-encoding': 'gzip', 'x-request-id': 'a' })).toBeUndefined();
  });
});
