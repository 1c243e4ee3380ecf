import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { prebuild } from '../../src/shelf/prebuilt.ts';

it('a prebuilt body is the same in every encoding, and named by its content', async () => {
  const text = JSON.stringify({ 'Países Baixos': [{ 1970: 1 }] });
  const body = prebuild(text);
  expect(body.identity.toString()).toBe(text);
  expect(gunzipSync(await body.encoded('gzip')).toString()).toBe(text);
  expect(brotliDecompressSync(await body.encoded('br')).toString()).toBe(text);
  expect(await body.encoded('br')).toBe(await body.encoded('br'));
  expect(body.etag).toMatch(/^W\/"[\w-]{27}"$/);
  expect(prebuild(text).etag).toBe(body.etag);
  expect(prebuild(`${text} `).etag).not.toBe(body.etag);
});
