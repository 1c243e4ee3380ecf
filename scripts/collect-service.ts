// Copies what one service runs from: its source and that of the packages it uses. Used by the Dockerfile, after `npm ci` has
// installed their dependencies.
import { cp, glob, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
}

const [service, target] = process.argv.slice(2);
if (service === undefined || target === undefined) throw new Error('usage: collect-service.ts SERVICE FOLDER');

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));

/** The folders of the workspaces, by package name. */
const workspaces = new Map<string, string>();
for await (const file of glob('{packages,services}/*/package.json')) {
  workspaces.set((await readManifest(dirname(file))).name, dirname(file));
}

const needed = new Set<string>();
const follow = async (folder: string) => {
  if (needed.has(folder)) return;
  needed.add(folder);
  const { dependencies = {} } = await readManifest(folder);
  for (const name of Object.keys(dependencies)) {
    const workspace = workspaces.get(name);
    if (workspace !== undefined) await follow(workspace);
  }
};
await follow(join('services', service));

// What the parts of a workspace have for development is not for an image.
const leftOut = /^(test|scripts|tsconfig\.json|vitest\.config\.ts)$/;
await mkdir(target, { recursive: true });
await cp('package.json', join(target, 'package.json'));
for (const folder of needed) {
  for (const entry of await readdir(folder)) {
    if (leftOut.test(entry)) continue;
    await cp(join(folder, entry), join(target, folder, entry), { recursive: true, verbatimSymlinks: true });
  }
}

// What the container's own programs must know, taken from the service itself.
const { [service]: definition }: Record<string, { port?: unknown } | undefined> = await import(
  `../services/${service}/src/service.ts`
);
const port = definition?.port;
if (!Number.isInteger(port)) {
  throw new Error(`services/${service}/src/service.ts exports no "${service}" with a port: the health check needs it`);
}
await cp('deploy/image', join(target, 'container'), { recursive: true });
await writeFile(join(target, 'container', 'port'), `${port}\n`);
