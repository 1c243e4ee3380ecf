import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import { anyone } from '../access/requirement-of.ts';
import type { Documents } from '../documents/create-documents.ts';
import { serveFiles } from '../page/serve-files.ts';
import { docsPolicy } from '../security.ts';

const config = { requirement: anyone };
const swaggerUi = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
const inSwaggerUi = (name: string) => join(swaggerUi, '..', name);
const here = (name: string) => join(import.meta.dirname, '..', 'page', name);

/** `/openapi.json`, `/asyncapi.json`, and Swagger UI at `/docs` for all services and at `/docs/{service}` for each. */
export const registerDocuments = async (app: App, documents: Documents): Promise<void> => {
  const hidden = { hide: true } as const;
  app.get('/openapi.json', { schema: hidden, config }, () => documents.openApi());
  app.get('/asyncapi.json', { schema: hidden, config }, () => documents.asyncApi());
  app.get(
    '/docs/:service/openapi.json',
    { schema: { ...hidden, params: Type.Object({ service: Type.String({ maxLength: 40 }) }) }, config },
    ({ params }) => documents.openApiOf(params.service),
  );
  const page = await readFile(here('docs.html'), 'utf8');
  const send = (title: string, document: string) =>
    page
      .replaceAll('{title}', title)
      .replaceAll('{document}', `{base}${document}`)
      .replaceAll('{base}', app.publicBase);
  const shown = { ...config, contentPolicy: docsPolicy };
  app.get('/docs', { schema: hidden, config: shown }, (_, reply) =>
    reply.type('text/html; charset=utf-8').send(send('Vindima', '/openapi.json')),
  );
  app.get(
    '/docs/:service',
    {
      schema: { ...hidden, params: Type.Object({ service: Type.String({ pattern: '^[a-z]{1,40}$' }) }) },
      config: shown,
    },
    (request, reply) => {
      const { service } = request.params;
      if (!documents.services.includes(service))
        throw new ServiceError(404, 'gateway.unknown_service', `There is no service ${service}.`);
      return reply.type('text/html; charset=utf-8').send(send(service, `/docs/${service}/openapi.json`));
    },
  );
  await serveFiles(app, '/docs/files', [
    inSwaggerUi('swagger-ui-bundle.js'),
    inSwaggerUi('swagger-ui.css'),
    inSwaggerUi('favicon-32x32.png'),
    here('docs.js'),
  ]);
};
