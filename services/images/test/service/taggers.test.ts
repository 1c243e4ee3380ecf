import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { drawFile, plainFile } from '../support/pictures.ts';
import { breakSandbox, json, postFile, startImages, startSandbox, until } from '../support/platform.ts';

let sandbox: RunningService;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => breakSandbox(sandbox));
afterAll(() => sandbox.stop());

const withService = async <Result>(environment: Record<string, string>, work: (url: string) => Promise<Result>) => {
  const service = await startImages({ SANDBOX_URL: sandbox.url, ...environment });
  try {
    return await work(service.url);
  } finally {
    await service.stop();
  }
};

/** Who tagged a picture of that colour. */
const taggerOf = async (url: string, colour: string): Promise<string> => {
  const image = await json(postFile(`${url}/images?min_confidence=0`, await plainFile(colour)));
  if (image.id === undefined) return String(image.code);
  const { findings } = await json<{ findings: { tagger: string }[] }>(fetch(`${url}/images/${image.id}/details`));
  return findings[0]?.tagger ?? 'local';
};

const folder = temporaryFolder();
const credentials = async (content: object) => {
  const path = join(folder, 'credentials.json');
  await writeFile(path, JSON.stringify(content));
  return path;
};

test('without credentials the local tagger tags', async () => {
  await withService({}, async (url) => expect(await taggerOf(url, 'red')).toBe('local'));
});

test('with credentials Imagga tags, and the local tagger steps in when it cannot', async () => {
  const CREDENTIALS_FILE = await credentials({
    imagga: { api_key: 'acc_test', api_secret: 'secret' },
    imagekit: { private_key: 'private_test' },
  });
  await withService({ CREDENTIALS_FILE }, async (url) => {
    expect(await taggerOf(url, 'red')).toBe('imagga');
    await breakSandbox(sandbox, { path: '/imagga/*', fault: 'status', status: 403 });
    expect(await taggerOf(url, 'green')).toBe('local');
    await breakSandbox(sandbox);
    // The circuit is open: the quota is not asked for again so soon.
    expect(await taggerOf(url, 'blue')).toBe('local');
    // Those that Imagga tagged before keep what they have.
    expect(await taggerOf(url, 'red')).toBe('imagga');
  });
});

test('the flat credentials of the program before are taken', async () => {
  const CREDENTIALS_FILE = await credentials({
    public_key: 'public_x',
    private_key: 'private_x',
    url_endpoint: 'https://pictures.example/x',
    api_key: 'acc_x',
    api_secret: 's',
  });
  await withService({ CREDENTIALS_FILE }, async (url) => expect(await taggerOf(url, 'red')).toBe('imagga'));
});

test.each([
  [{}, /it has none/],
  [{ api_key: 'acc_x', api_secret: 's' }, /IMAGEKIT_PRIVATE_KEY not set/],
  [{ api_key: 'acc_x', api_secret: 's', privat_key: 'x' }, /unknown name privat_key/],
  [{ public_key: 'x' }, /IMAGGA_API_KEY and IMAGGA_API_SECRET and IMAGEKIT_PRIVATE_KEY not set/],
])('a file with the credentials %j stops the start', async (content, message) => {
  await expect(startImages({ CREDENTIALS_FILE: await credentials(content) })).rejects.toThrow(message);
});

test('taggers that add up each say what they see, and one that was down is asked again', async () => {
  const DATA_DIR = temporaryFolder();
  const bytes = await drawFile('jpeg', 300, 300);
  interface Details {
    readonly awaits: string[];
    readonly findings: { readonly tagger: string }[];
  }
  const look = async (url: string) => {
    const details = await json<Details>(fetch(`${url}/images/1/details`));
    return { awaits: details.awaits, taggers: [...new Set(details.findings.map(({ tagger }) => tagger))].sort() };
  };
  await withService({ TAGGER: 'local+imagga', DATA_DIR }, async (url) => {
    await breakSandbox(sandbox, { path: '/imagga/*', fault: 'status', status: 500 });
    expect((await postFile(`${url}/images?min_confidence=0`, bytes)).status).toBe(200);
    expect(await look(url)).toEqual({ awaits: ['imagga'], taggers: ['local'] });
    await breakSandbox(sandbox);
  });
  await withService({ TAGGER: 'local+imagga', DATA_DIR }, async (url) => {
    await until(async () => (await look(url)).awaits.length === 0);
    expect(await look(url)).toEqual({ awaits: [], taggers: ['imagga', 'local'] });
    const { tags } = await json<{ tags: { tag: string }[] }>(fetch(`${url}/images/1`));
    const { findings } = await json<{ findings: { tag: string; given: boolean }[] }>(fetch(`${url}/images/1/details`));
    expect(new Set(tags.map(({ tag }) => tag))).toEqual(new Set(findings.map(({ tag }) => tag)));
  });
});

test('without a fallback the failure is the answer, and nothing is stored', async () => {
  await withService({ TAGGER: 'imagga' }, async (url) => {
    await breakSandbox(sandbox, { path: '/imagekit/api/*', fault: 'status', status: 403 });
    expect(await taggerOf(url, 'red')).toBe('images.tagger_quota');
    expect(await json(fetch(`${url}/images`))).toEqual([]);
  });
});

test.each([
  [{ TAGGER: 'guess' }, /TAGGER=guess: expected one of/],
  [{ TAGGER: 'imagga', UPSTREAMS: 'live' }, /IMAGGA_API_KEY/],
  [{ IMAGGA_API_KEY: 'acc_x' }, /IMAGGA_API_SECRET and IMAGEKIT_PRIVATE_KEY not set/],
  [{ CREDENTIALS_FILE: '/no/such/file' }, /CREDENTIALS_FILE=\/no\/such\/file/],
  [{ TAGGER_MODEL: '/no/such/model.json' }, /TAGGER_MODEL=\/no\/such\/model.json/],
  [{ MAXIMUM_PIXELS: 'many' }, /MAXIMUM_PIXELS=many/],
])('%j stops the start with what was expected', async (environment, message) => {
  await expect(startImages(environment)).rejects.toThrow(message);
});
