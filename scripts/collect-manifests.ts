// Copies what decides about an installation of the workspace without its development: package.json of all rooms, the
// lockfile, npm's settings. Used by the Dockerfile, so that a change of source does not install again.
//
// Development dependencies are left out of the copies, not only omitted by npm: `npm ci --workspace` follows those between
// workspaces, and would bring a service what another one needs. Scripts are left out as none is run.
import { copyFile, glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: collect-manifests.ts FOLDER');

await mkdir(target, { recursive: true });
for (const file of ['package-lock.json', '.npmrc']) await copyFile(file, join(target, file));
for await (const file of glob(['package.json', '{packages,services}/*/package.json'])) {
  const { devDependencies: _, scripts: __, ...manifest } = JSON.parse(await readFile(file, 'utf8'));
  // The root's optional ones are copies of Node.js, which the image has.
  if (file === 'package.json') delete manifest.optionalDependencies;
  await mkdir(dirname(join(target, file)), { recursive: true });
  await writeFile(join(target, file), JSON.stringify(manifest));
}
