import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPictureFetcher, type PictureFetcher } from '../../src/fetching/fetch-picture.ts';
import { isPublicAddress, publicLookup } from '../../src/fetching/public-addresses.ts';

let server: Server;
let origin: string;
let requests = 0;
let fetcher: PictureFetcher;
const { signal } = new AbortController();

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    const url = new URL(request.url ?? '/', 'http://x');
    const target = url.searchParams.get('to');
    if (target !== null) return response.writeHead(302, { location: target }).end();
    if (url.pathname === '/hang') return;
    if (url.pathname === '/endless') {
      const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 1);
      response.on('close', () => clearInterval(timer));
      return;
    }
    if (url.pathname === '/picture') return response.end('picture');
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => fetcher.close());
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (allowPrivateAddresses: boolean) => {
  fetcher = createPictureFetcher({ maximumBytes: 50_000, allowPrivateAddresses, timeoutMs: 500 });
};
const outcome = (url: string): Promise<string> =>
  fetcher.fetch(url, signal).then(String, (error: { status: number; code: string }) => `${error.status} ${error.code}`);

describe('where private addresses are allowed', () => {
  test.each([
    ['/picture', 'picture'],
    ['/redirect?to=/picture', 'picture'],
    ['/missing', '422 images.url_failed'],
    ['/endless', '413 images.too_large'],
    ['/hang', '504 images.url_timeout'],
    ['/redirect?to=file:///etc/passwd', '400 images.invalid_url'],
  ])('%s', async (path, expected) => {
    open(true);
    expect(await outcome(origin + path)).toBe(expected);
  });

  test('a circle of redirects ends', async () => {
    open(true);
    expect(await outcome(`${origin}/again?to=${encodeURIComponent('/again?to=/again')}`)).toBe('422 images.url_failed');
  });
});

describe('where they are not', () => {
  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://127.0.0.1./',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[::10.0.0.1]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://localhost/',
  ])('%s is not asked', async (url) => {
    open(false);
    requests = 0;
    expect(await outcome(url.replace(/(\/\/[^/]+)/, `$1:${new URL(origin).port}`))).toBe('400 images.url_not_public');
    expect(requests).toBe(0);
  });

  test.each(['ftp://example.org/x', 'data:image/png;base64,AA', 'no url', 'http://user:secret@example.org/'])(
    '%s is no url of a picture',
    async (url) => {
      open(false);
      expect(await outcome(url)).toBe('400 images.invalid_url');
    },
  );

  test('a name is judged by the address that is connected to, each time anew', async () => {
    const addresses = await new Promise((resolve) =>
      publicLookup('localhost', { all: true }, (error) => resolve(error)),
    );
    expect(String(addresses)).toContain('has no public address');
  });

  test('what is public', () => {
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700::1111']) expect(isPublicAddress(address)).toBe(true);
    for (const address of ['', 'name', '224.0.0.1', '255.255.255.255', '::', '2002:7f00:1::']) {
      expect(isPublicAddress(address)).toBe(false);
    }
  });
});
