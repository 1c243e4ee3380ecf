// Runs in Compose before everything else: writes for each container what it alone must know to a folder, which is a volume of
// that container. The values come from .env, by way of compose.yaml.
//
//   node write-secrets.ts FOLDER
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { divideSecrets } from './secrets.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: write-secrets.ts FOLDER');

try {
  const { files, warnings } = divideSecrets(process.env);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  for (const folder of new Set(Object.keys(files).map(dirname))) {
    await mkdir(join(target, folder), { recursive: true });
    // A secret that is set no more is gone.
    for (const old of await readdir(join(target, folder))) await rm(join(target, folder, old));
  }
  // Every user may read it, as the containers have users of their own; the volume is what keeps others out.
  for (const [path, content] of Object.entries(files)) await writeFile(join(target, path), content, { mode: 0o444 });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
