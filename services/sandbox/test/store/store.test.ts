import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandbox as service } from '../../src/service.ts';

const start = (clock: () => Date) =>
  startService(service, { environment: { PORT: '0' }, logger: createLogger({ name: 'test', level: 'silent' }), clock });

const base = '/store/api/v1';
let now: Date;
let running: RunningService;
let sandbox: RunningService['app'];

beforeEach(async () => {
  now = new Date('2026-04-07T12:00:00Z');
  running = await start(() => now);
  sandbox = running.app;
});
afterEach(() => running.stop());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await sandbox.inject({ url: base + path, headers });
  return { status: answer.statusCode, body: answer.json() };
};
const send = async (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload: object = {}) => {
  const answer = await sandbox.inject({ method, url, payload });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
};
const login = () => send('POST', `${base}/auth/login`, { email: 'john@mail.com', password: 'changeme' });

describe('the stand-in for the store', () => {
  it('lists products, bounded only when offset is sent too', async () => {
    expect((await get('/products')).body).toHaveLength(51);
    expect((await get('/products?limit=5')).body).toHaveLength(51);
    expect((await get('/products?limit=5&offset=49')).body).toHaveLength(2);
    expect((await get('/categories/4/products')).body).toHaveLength(10);
    expect((await get('/categories/99/products')).body).toEqual([]);
  });

  it('filters by title, price and category, a price range only with both bounds', async () => {
    expect((await get('/products?title=SNEAK')).body).toMatchObject([
      { title: 'Canvas Sneakers', category: { name: 'Shoes' } },
    ]);
    expect((await get('/products?categorySlug=shoes&price_min=1')).body).toHaveLength(10);
    const inRange = (await get('/products?price_min=20&price_max=30')).body as { price: number }[];
    expect(inRange.length).toBeGreaterThan(0);
    expect(inRange.every(({ price }) => price >= 20 && price <= 30)).toBe(true);
    expect((await get('/products?price_min=-1&price_max=3')).status).toBe(400);
  });

  it('answers 400 for a missing row, in the shape of its own', async () => {
    expect(await get('/products/3333')).toMatchObject({ status: 400, body: { name: 'EntityNotFoundError' } });
    expect(await get('/products/abc')).toMatchObject({
      status: 400,
      body: { message: 'Validation failed (numeric string is expected)' },
    });
    expect(await get('/nowhere')).toMatchObject({ status: 404, body: { message: `Cannot GET ${base}/nowhere` } });
  });

  it('gives tokens with 201, and other ones for a refresh token in camel case', async () => {
    const { status, body } = await login();
    expect(status).toBe(201);
    expect((await get('/auth/profile', { authorization: `Bearer ${body.access_token}` })).body).toMatchObject({
      name: 'John',
    });
    expect((await send('POST', `${base}/auth/refresh-token`, { refreshToken: body.refresh_token })).status).toBe(201);
    expect((await send('POST', `${base}/auth/refresh-token`, { refresh_token: body.refresh_token })).status).toBe(400);
    expect((await send('POST', `${base}/auth/refresh-token`, { refreshToken: 'x' })).body).toMatchObject({
      message: 'Invalid',
    });
    expect((await send('POST', `${base}/auth/login`, { email: 'john@mail.com', password: 'wrong' })).status).toBe(401);
  });

  it('lets refresh tokens expire before access tokens', async () => {
    const { body } = await login();
    now = new Date(now.getTime() + 11 * 3_600_000);
    expect((await send('POST', `${base}/auth/refresh-token`, { refreshToken: body.refresh_token })).status).toBe(401);
    expect((await get('/auth/profile', { authorization: `Bearer ${body.access_token}` })).status).toBe(200);
    now = new Date(now.getTime() + 20 * 86_400_000);
    expect((await get('/auth/profile', { authorization: `Bearer ${body.access_token}` })).status).toBe(401);
  });

  it('forgets users when it is seeded anew, and may number products otherwise', async () => {
    const user = {
      name: 'Ann',
      email: 'ann@example.com',
      password: 'secret1',
      avatar: 'https://pictures.example/ann.png',
    };
    expect((await send('POST', `${base}/users`, user)).status).toBe(201);
    expect((await send('POST', `${base}/users`, { ...user, password: 'a b' })).body.message).toHaveLength(2);
    expect((await send('POST', `${base}/auth/login`, user)).status).toBe(201);
    await send('POST', '/sandbox/store/reseed', { first_id: 8 });
    expect((await send('POST', `${base}/auth/login`, user)).status).toBe(401);
    expect((await get('/products?offset=0&limit=1')).body).toMatchObject([{ id: 8 }]);
  });

  it('breaks the images of an edited product, and fails without images', async () => {
    expect((await send('PUT', `${base}/products/1`, { price: 12 })).status).toBe(500);
    const images = ['https://pictures.example/a.png', 'https://pictures.example/b.png'];
    expect((await send('PUT', `${base}/products/1`, { price: 12.5, images })).body).toMatchObject({
      price: 12.5,
      images: ['["https://pictures.example/a.png"', '"https://pictures.example/b.png"]'],
    });
  });

  it('changes, removes and returns products behind the scenes', async () => {
    const { updatedAt } = (await get('/products/31')).body;
    now = new Date(now.getTime() + 1000);
    await send('PATCH', '/sandbox/store/products/31', { price: 77, touch: false });
    expect((await get('/products/31')).body).toMatchObject({ price: 77, updatedAt });
    expect((await send('DELETE', '/sandbox/store/products/31')).status).toBe(204);
    expect((await get('/products/31')).status).toBe(400);
    expect((await send('POST', '/sandbox/store/products/31/return')).status).toBe(204);
    expect((await get('/products/31')).body).toMatchObject({ price: 77, updatedAt: now.toISOString() });
  });

  it('can be told to want a token', async () => {
    await send('PUT', '/sandbox/store/settings', { requires_token: true });
    expect((await get('/products')).status).toBe(401);
    const { body } = await login();
    expect((await get('/products', { authorization: `Bearer ${body.access_token}` })).status).toBe(200);
  });
});
