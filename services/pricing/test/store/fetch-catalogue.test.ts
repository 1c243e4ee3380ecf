import { createUpstreamClient, type UpstreamClient, type UpstreamRequest } from '@vindima/service-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchCatalogue } from '../../src/store/fetch-products.ts';
import { createStoreSession } from '../../src/store/session.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

const credentials = {
  name: 'Ann',
  email: 'ann@example.com',
  password: 'secret1',
  avatar: 'https://pictures.example/ann.png',
};
let sandbox: Sandbox;
let client: UpstreamClient;
let calls: string[];

beforeEach(async () => {
  sandbox = await startSandbox();
  client = createUpstreamClient();
  calls = [];
});
afterEach(async () => {
  await client.close();
  await sandbox.close();
});

const connect = () => {
  const request = (wanted: UpstreamRequest) => {
    calls.push(`${wanted.method ?? 'GET'} ${new URL(wanted.url).pathname.replace('/store/api/v1', '')}`);
    return client.request(wanted);
  };
  const upstream = { client: { request }, timeoutMs: 2000, retries: 0 };
  const session = createStoreSession(upstream, sandbox.storeUrl, credentials);
  return () => fetchCatalogue(upstream, { url: sandbox.storeUrl, session, currency: 'USD' });
};
const settings = (change: object) => sandbox.call('PUT', '/sandbox/store/settings', change);

describe('reading the store', () => {
  it('creates the user when there is none, and does not log in again while the token is good', async () => {
    await settings({ requires_token: true });
    const read = connect();
    expect((await read()).products).toHaveLength(51);
    expect(calls).toEqual(['POST /auth/login', 'POST /users', 'POST /auth/login', 'GET /products']);
    calls = [];
    await read();
    expect(calls).toEqual(['GET /products']);
  });

  it('refreshes an expired token, and logs in again when the refresh token has expired too', async () => {
    await settings({ requires_token: true, access_token_seconds: 0 });
    const read = connect();
    await expect(read()).rejects.toThrow(/refuses a token that it has just given/);
    expect(calls).toContain('POST /auth/refresh-token');
    await settings({ access_token_seconds: 3600 });
    calls = [];
    await read();
    expect(calls.slice(-2)).toEqual(['POST /auth/refresh-token', 'GET /products']);
    await settings({ access_token_seconds: 0.3, refresh_token_seconds: 0 });
    const other = connect();
    await other();
    await new Promise((resolve) => setTimeout(resolve, 350));
    await settings({ access_token_seconds: 3600 });
    calls = [];
    await other();
    expect(calls.slice(-3)).toEqual(['POST /auth/refresh-token', 'POST /auth/login', 'GET /products']);
  });

  it('carries on when the token expires between two pages', async () => {
    await sandbox.call('POST', '/sandbox/store/fill', { count: 1200 });
    await settings({ requires_token: true });
    const read = connect();
    // The second page meets a refusal, as if the token had expired behind the first.
    let pages = 0;
    const request = client.request;
    client = {
      ...client,
      request: async (wanted) => {
        if (wanted.url.includes('offset=500') && ++pages === 1)
          await sandbox
            .call('POST', '/sandbox/store/reseed', {})
            .then(() => sandbox.call('POST', '/sandbox/store/fill', { count: 1200 }));
        return request(wanted);
      },
    };
    expect((await read()).products).toHaveLength(1251);
    expect(calls.filter((call) => call === 'GET /products')).toHaveLength(4);
    expect(calls).toContain('POST /auth/refresh-token');
  });

  it('creates the user again when the store was seeded anew', async () => {
    await settings({ requires_token: true });
    const read = connect();
    await read();
    await sandbox.call('POST', '/sandbox/store/reseed', {});
    calls = [];
    expect((await read()).products).toHaveLength(51);
    expect(calls).toEqual([
      'GET /products',
      'POST /auth/refresh-token',
      'POST /auth/login',
      'POST /users',
      'POST /auth/login',
      'GET /products',
    ]);
  });

  it('says why the store does not let us in', async () => {
    const upstream = { client, timeoutMs: 2000, retries: 0 };
    const session = createStoreSession(upstream, sandbox.storeUrl, { ...credentials, password: 'a b' });
    await expect(session.token()).rejects.toThrow(/refused to create the user \(password must/);
  });

  it('renews once for calls at the same time', async () => {
    const upstream = {
      client: {
        request: (wanted: UpstreamRequest) => {
          calls.push(wanted.url);
          return client.request(wanted);
        },
      },
      timeoutMs: 2000,
      retries: 0,
    };
    const session = createStoreSession(upstream, sandbox.storeUrl, credentials);
    const tokens = await Promise.all([session.token(), session.token(), session.token()]);
    expect(new Set(tokens).size).toBe(1);
    expect(calls).toHaveLength(3);
  });

  it.each([
    ['html', /not whole JSON/],
    ['empty', /empty/],
    ['short', /not whole JSON/],
    ['garbage', /not whole JSON/],
    ['cut', /cut short|closed before/],
    ['500', /answered 500/],
    ['reset', /closed/],
  ])('fails when the catalogue is %s', async (fault, reason) => {
    await sandbox.fail('/store/api/v1/products', fault);
    await expect(connect()()).rejects.toThrow(reason);
  });
});
