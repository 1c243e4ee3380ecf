import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { InferenceBatching } from '@vindima/contracts';
import type { Trial } from '../trial/trial.ts';
import type { Registry } from './registry.ts';
import type { VersionRecord } from './state.ts';
import { upload } from './upload.ts';

export const builtinName = 'iris';

/** Made by scripts/train-iris.ts. */
const file = fileURLToPath(new URL('../../models/iris.onnx', import.meta.url));

const golden = {
  input: { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 },
  class: 'Iris-setosa',
};

/** The model that comes with the service, registered the first time that it is asked for. */
export const ensureBuiltin = async (
  registry: Registry,
  trial: Trial,
  defaults: InferenceBatching,
): Promise<VersionRecord> => {
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const versions = (await registry.refresh()).models.get(builtinName)?.versions.values() ?? [];
  for (const version of versions) if (version.origin.built_in === true && version.sha256 === sha256) return version;
  const { version } = await upload(registry, trial, defaults, {
    file,
    fileName: 'iris.onnx',
    name: builtinName,
    metadata: { description: "Linear discriminant analysis of R. A. Fisher's iris data" },
    golden,
    origin: { built_in: true },
  });
  return version;
};
