import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sha256Of } from '../../picture/sha256.ts';
import { buildCenterNet } from './build-model.ts';

/** Raise it when the conversion writes another model of the same weights. */
const conversion = 2;

export interface CachedModel {
  readonly path: string;
  /** Names the weights and the conversion. */
  readonly version: string;
}

/** The package exports its program alone; the weights lie beside it. */
const modelsFolder = (): string => {
  const program = createRequire(import.meta.url).resolve('@vladmandic/human');
  return join(dirname(program), '..', 'models');
};

/**
 * The converted network, from the cache where it is there. Written beside its place and renamed, so that two processes
 * that start at once, or one that is killed, leave no half of a file.
 */
export const cachedCenterNet = async (folder: string): Promise<CachedModel> => {
  const source = modelsFolder();
  const [topology, weights] = await Promise.all([
    readFile(join(source, 'centernet.json')),
    readFile(join(source, 'centernet.bin')),
  ]);
  const version = `${sha256Of(Buffer.concat([topology, weights])).slice(0, 12)}-${conversion}`;
  const path = join(folder, `centernet-${version}.onnx`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(folder, { recursive: true });
    const temporary = `${path}.${randomUUID()}`;
    await writeFile(temporary, buildCenterNet(topology.toString('utf8'), weights), { flush: true });
    await rename(temporary, path);
  }
  return { path, version };
};
