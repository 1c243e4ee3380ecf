import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '@vindima/service-kit';
import { anyone } from '../access/requirement-of.ts';
import { serveFiles } from '../page/serve-files.ts';
import { pagePolicy } from '../security.ts';

const here = (name: string) => join(import.meta.dirname, '..', 'page', name);

/** `/`: the first page. */
export const registerPage = async (app: App): Promise<void> => {
  const page = (await readFile(here('index.html'), 'utf8')).replaceAll('{base}', app.publicBase);
  app.get('/', { schema: { hide: true }, config: { requirement: anyone, contentPolicy: pagePolicy } }, (_, reply) =>
    reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }).send(page),
  );
  const modules = (await readdir(here('browser'))).map((name) => here(join('browser', name)));
  await serveFiles(app, '/page', [here('page.css'), here('icon.svg'), ...modules]);
};
