import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { asyncApiDocument, jobEvents } from '@vindima/contracts';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startGateway, startStandIn } from '../support/gateway.ts';

const error = { title: 'Error', type: 'object', properties: { error: { type: 'string' } } };
const thing = (extra: object) => ({
  title: 'Thing',
  type: 'object',
  properties: { title: { type: 'string' }, ...extra },
});
const answers = (schema: object) => ({
  200: { description: 'ok', content: { 'application/json': { schema } } },
  404: { description: 'no', content: { 'application/json': { schema: error } } },
});
const documentOf = (service: string, paths: object, schemas: object = {}) => ({
  openapi: '3.1.0',
  info: { title: service, description: `All about ${service}`, version: '1.0.0' },
  components: { schemas },
  paths: {
    ...paths,
    '/health/live': { get: { responses: answers({ type: 'object' }) } },
    '/secret': { get: { responses: {} } },
  },
});
const id = [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }];
const wine = documentOf(
  'wine',
  {
    '/wine/series/{id}': {
      get: { tags: ['series'], summary: 'Figures', parameters: id, responses: answers(thing({})) },
    },
    '/wine/series': {
      get: { responses: answers({ type: 'array', items: { $ref: '#/components/schemas/def-0' } }) },
    },
    '/wine/ingestions': { post: { description: 'Starts one.', responses: answers(thing({})) } },
  },
  { 'def-0': { type: 'object', properties: { part: thing({}) } } },
);
const images = documentOf('images', {
  '/images/{id}': { get: { parameters: id, responses: answers(thing({ size: { type: 'integer' } })) } },
  '/images/': { get: { responses: answers({ type: 'array', items: thing({ size: { type: 'integer' } }) }) } },
});
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
  const services: StandIn[] = [];
  const serve = async (openapi: object, asyncapi: object) => {
    const standIn = await startStandIn((request, response) =>
      response.end(JSON.stringify(request.url === '/openapi.json' ? openapi : asyncapi)),
    );
    services.push(standIn);
    return standIn.url;
  };
  beforeAll(async () => {
    gateway = await startGateway({ WINE_URL: await serve(wine, messages), IMAGES_URL: await serve(images, heard) });
  });
  afterAll(async () => {
    await gateway?.stop();
    for (const service of services) await service.stop();
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
      paths: Record<string, Record<string, { tags: string[]; description: string }>>;
      tags: { name: string; description: string }[];
    };
    expect(tags).toContainEqual({ name: 'wine', description: 'All about wine' });
    expect(paths['/wine/series/{id}']?.get).toMatchObject({
      tags: ['wine'],
      summary: 'Figures',
      'x-required-scope': 'wine:read',
    });
    expect(paths['/wine/ingestions']?.post?.description).toBe(
      'Starts one.\n\nNeeds the role editor, or a key with the scope `wine:write`.',
    );
    expect(paths['/images']?.get?.tags).toEqual(['images']);
    expect(paths['/auth/login']?.post).toMatchObject({ tags: ['gateway'], security: [] });
    expect(Object.keys(paths)).not.toContain('/secret');
  });

  it('keep the same schema once, and tell different ones of the same name apart', async () => {
    const { components, paths } = (await get('/openapi.json')) as unknown as {
      components: { schemas: Record<string, { properties: object }> };
      paths: Record<string, Record<string, { responses: Record<string, object> }>>;
    };
    const reference = (path: string) => paths[path]?.get?.responses['200'];
    const to = (name: string) => ({
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
    });
    expect(reference('/wine/series/{id}')).toMatchObject(to('Thing'));
    expect(reference('/images/{id}')).toMatchObject(to('ImagesThing'));
    expect(components.schemas.Def0?.properties).toEqual({ part: { $ref: '#/components/schemas/Thing' } });
    expect(Object.keys(components.schemas).filter((name) => name.includes('Error'))).toEqual(['Error']);
    // A property that is called title is no title.
    expect(components.schemas.Thing?.properties).toEqual({ title: { type: 'string' } });
    expect(Object.keys(components.schemas)).toContain('Job');
  });

  it('say which services they lack', async () => {
    const { info, 'x-unavailable-services': missing } = (await get('/openapi.json')) as unknown as {
      info: { description: string };
      'x-unavailable-services': string[];
    };
    expect(missing).toEqual(['datasets', 'inference', 'pricing']);
    expect(info.description).toContain('datasets, inference, pricing');
    const down = await fetch(`${gateway.url}/docs/pricing/openapi.json`);
    expect([down.status, await down.json()]).toMatchObject([503, { details: { service: 'pricing' } }]);
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
