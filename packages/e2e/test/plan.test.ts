import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasOwnRoute, importedRooms, readRooms, readSources, root } from '../src/plan.ts';

/** Services that follow the inner plan of ARCHITECTURE.md: all but the one that starts the others. */
const services = (await readdir(join(root, 'services'))).filter((name) => name !== 'all-in-one');
const entriesOf = (service: string) => readdir(join(root, 'services', service, 'src'));

/** Why there is no `context.ts`. */
const withoutContext: Readonly<Record<string, string>> = {
  datasets: 'its operations are given the engine and the tables as well: `Tools` in work/tools.ts',
  gateway: 'its operations are given the one or two parts that they need, made in service.ts',
  sandbox: 'each stand-in is given its part of the app, and shares nothing',
};

/** Why there is no `operations/`. */
const withoutOperations: Readonly<Record<string, string>> = {
  sandbox: "its paths are other programs' and no contract of ours",
};

/** Routes that no operation describes: files by name, a folder by its slash. */
const ownRoutes = [
  'services/gateway/src/operations/documents.ts',
  'services/gateway/src/operations/page.ts',
  'services/gateway/src/page/serve-files.ts',
  'services/gateway/src/proxy/register-proxy.ts',
  'services/sandbox/src/',
];

/** Imports of another service that are still to go: the command brings the stand-ins with it, and belongs to all-in-one. */
const knownArrows = ['services/pricing/src/cli/embedded.ts -> services/sandbox'];

describe('the inner plan of a service', () => {
  it('is found here', () => {
    expect(services).toEqual(expect.arrayContaining(['gateway', 'wine', 'images', 'datasets', 'inference', 'pricing']));
  });

  it.each(services)('of %s: context.ts, or a reason', async (service) => {
    expect((await entriesOf(service)).includes('context.ts')).toBe(!(service in withoutContext));
  });

  it.each(services)('of %s: operations/, and neither routes/ nor handlers/', async (service) => {
    const entries = await entriesOf(service);
    expect(entries.includes('operations')).toBe(!(service in withoutOperations));
    expect(entries.filter((name) => ['routes', 'handlers', 'controllers'].includes(name))).toEqual([]);
  });

  it.each(services)('of %s: the files that start it', async (service) => {
    expect(await entriesOf(service)).toEqual(
      expect.arrayContaining(['main.ts', 'service.ts', 'config.ts', 'index.ts']),
    );
  });

  it('has no route that is written by hand, but for pages, documents, the proxy and the sandbox', async () => {
    const files = (await readSources('services/*/src/**/*.ts')).filter(({ text }) => hasOwnRoute(text));
    const allowed = (path: string) =>
      ownRoutes.find((own) => path === own || (own.endsWith('/') && path.startsWith(own)));
    expect(files.map(({ path }) => path).filter((path) => allowed(path) === undefined)).toEqual([]);
    // An entry that nothing needs any more goes.
    expect([...new Set(files.map(({ path }) => allowed(path)))].sort()).toEqual(ownRoutes);
  });
});

describe('the arrows between the rooms', async () => {
  const rooms = await readRooms();
  const broken = async (pattern: string, aside: readonly string[]) =>
    (await readSources(pattern))
      .filter(({ path }) => !aside.some((room) => path.startsWith(`${room}/`)))
      .flatMap((file) =>
        importedRooms(file, rooms)
          .filter((room) => room.startsWith('services/'))
          .map((room) => `${file.path} -> ${room}`),
      );

  it('lead from no service to another, all-in-one aside', async () => {
    expect(await broken('services/*/src/**/*.ts', ['services/all-in-one'])).toEqual(knownArrows);
  });

  it('lead from no package to a service, bench and e2e aside', async () => {
    expect(await broken('packages/*/{src,scripts,test}/**/*.ts', ['packages/bench', 'packages/e2e'])).toEqual([]);
  });
});

describe('what looks for them', () => {
  it.each([
    ["app.get('/things', handler)"],
    ['app.post(\n  `/things`, handler)'],
    ['app.get<{ Params: Id }>("/x", handler)'],
    ["server.delete('/things/:id', handler)"],
    ["scope.route({ method: 'GET', url })"],
    ['inner.route({ url })'],
  ])('sees the route in %s', (text) => {
    expect(hasOwnRoute(text)).toBe(true);
  });

  it.each([['implement(context, operation, handler)'], ["names.get('wine')"], ['http.request({ url })']])(
    'sees none in %s',
    (text) => {
      expect(hasOwnRoute(text)).toBe(false);
    },
  );

  it('sees imports of every form', () => {
    const rooms = new Map([
      ['@vindima/wine', 'services/wine'],
      ['@vindima/lake', 'packages/lake'],
    ]);
    const path = 'services/images/src/db/tables.ts';
    const seen = (text: string) => importedRooms({ path, text }, rooms);
    expect(seen("import { wine } from '@vindima/wine';")).toEqual(['services/wine']);
    expect(seen("export * from '@vindima/lake/store-run';")).toEqual(['packages/lake']);
    expect(seen("await import('@vindima/wine')")).toEqual(['services/wine']);
    expect(seen("import '@vindima/wine';")).toEqual(['services/wine']);
    expect(seen("import { x } from '../../../wine/src/x.ts';")).toEqual(['services/wine']);
    expect(seen("import { x } from '../context.ts'; import fs from 'node:fs';")).toEqual([]);
  });
});
