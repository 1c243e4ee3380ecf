import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { asyncApiDocument, jobEvents, services } from '@vindima/contracts';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startGateway, startStandIn } from '../support/gateway.ts';

const messages = asyncApiDocument({
  title: 'Wine',
  version: '1',
  description: 'Messages',
  messages: [{ definition: jobEvents('wine').finished, direction: 'sends' }],
});
const heard = asyncApiDocument({
  title: 'Images',
  version: '1',
  description: 'Messages',
  messages: [
    { definition: jobEvents('wine').finished, direction: 'receives' },
    { definition: jobEvents('images').finished, direction: 'sends' },
  ],
});

describe('the documents', () => {
  let gateway: RunningService;
  const standIns: StandIn[] = [];
  const serve = async (asyncapi: object) => {
    const standIn = await startStandIn((_, response) => response.end(JSON.stringify(asyncapi)));
    standIns.push(standIn);
    return standIn.url;
  };
  beforeAll(async () => {
    gateway = await startGateway({ WINE_URL: await serve(messages), IMAGES_URL: await serve(heard) });
  });
  afterAll(async () => {
    await gateway?.stop();
    for (const standIn of standIns) await standIn.stop();
  });
  const get = async (path: string) => (await fetch(`${gateway.url}${path}`)).json() as Promise<Record<string, never>>;

  it('merge into one that the validator of OpenAPI 3.1 accepts, and one for each service', async () => {
    for (const path of [
      '/openapi.json',
      '/docs/wine/openapi.json',
      '/docs/images/openapi.json',
      '/docs/gateway/openapi.json',
    ]) {
      const result = await new Validator().validate(await get(path));
      expect([path, result.errors, result.valid]).toEqual([path, undefined, true]);
    }
  });

  it('tag every operation with its service, say whom it lets through, and leave out what is not let through', async () => {
    const document = await get('/openapi.json');
    const { paths, tags } = document as unknown as {
      paths: Record<string, Record<string, { tags: string[]; description: string; operationId: string }>>;
      tags: { name: string; description: string }[];
    };
    expect(tags).toContainEqual({ name: 'wine', description: services.wine.description });
    expect(paths['/wine/series/{id}']?.get).toMatchObject({
      operationId: 'wine.getSeries',
      tags: ['wine'],
      summary: 'The figures of a series',
      'x-required-scope': 'wine:read',
    });
    expect(paths['/wine/ingestions']?.post?.description).toBe(
      'Needs the role editor, or a key with the scope `wine:write`.',
    );
    expect(paths['/auth/login']?.post).toMatchObject({ tags: ['gateway'], security: [] });
    // The gateway answers this itself; the one of inference cannot be reached through it.
    expect(paths['/health']?.get?.operationId).toBe('gateway.health');
  });

  it('are whole while a service does not answer, and are of known services alone', async () => {
    const { paths } = (await get('/docs/pricing/openapi.json')) as unknown as { paths: object };
    expect(Object.keys(paths)).toContain('/prices');
    expect((await fetch(`${gateway.url}/docs/beer/openapi.json`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/docs/beer`)).status).toBe(404);
  });

  it('of messages merge into one that the parser of AsyncAPI accepts without a warning', async () => {
    const text = JSON.stringify(await get('/asyncapi.json'));
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(
      document
        ?.allOperations()
        .all()
        .map((operation) => operation.id())
        .sort(),
    ).toEqual([
      'images.receive.wine.job-finished.v1',
      'images.send.images.job-finished.v1',
      'wine.send.wine.job-finished.v1',
    ]);
    expect(document?.allChannels().all()).toHaveLength(2);
  });

  it('are shown by Swagger UI under a policy that runs no inline script', async () => {
    for (const path of ['/docs', '/docs/', '/docs/wine']) {
      const answer = await fetch(`${gateway.url}${path}`);
      const html = await answer.text();
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
      const others = ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy'];
      expect(others.map((name) => answer.headers.get(name))).toEqual(['nosniff', 'DENY', 'no-referrer', 'same-origin']);
      expect(html).toContain(`data-document="${path === '/docs/wine' ? '/docs/wine/openapi.json' : '/openapi.json'}"`);
      for (const [, file] of html.matchAll(/(?:src|href)="(\/docs\/files[^"]+)"/g)) {
        const found = await fetch(`${gateway.url}${file}`);
        expect([file, found.status]).toEqual([file, 200]);
        const again = await fetch(`${gateway.url}${file}`, {
          headers: { 'if-none-match': found.headers.get('etag') ?? '' },
        });
        expect(again.status).toBe(304);
      }
    }
  });
});
