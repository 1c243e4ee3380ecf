// Removes from node_modules what this system cannot use. Used by the Dockerfile.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

// onnxruntime-node carries the libraries of every system.
const runtimes = join('node_modules', 'onnxruntime-node', 'bin');
for (const version of await readdir(runtimes).catch(() => [])) {
  for (const platform of await readdir(join(runtimes, version))) {
    for (const architecture of await readdir(join(runtimes, version, platform))) {
      if (platform === process.platform && architecture === process.arch) continue;
      await rm(join(runtimes, version, platform, architecture), { recursive: true });
    }
  }
}
