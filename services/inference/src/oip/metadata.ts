import type { OipRepositoryIndex } from '@vindima/contracts';
import type { Static } from 'typebox';
import type { ModelRecord, RegistryState, VersionRecord } from '../registry/state.ts';

/** A model as `GET /v2/models/{model}` describes it. */
export const describeModel = ({ name, versions }: ModelRecord, { signature }: VersionRecord) => ({
  name,
  versions: [...versions.keys()].map(String),
  platform: 'onnx_onnxv1',
  inputs: signature.inputs,
  outputs: signature.outputs,
  parameters: { labels: signature.labels, features: signature.features?.map(({ name: feature }) => feature) ?? null },
});

/** The answer of `POST /v2/repository/index` (Triton's model repository extension). */
export const repositoryIndex = ({ models }: RegistryState, readyOnly: boolean): Static<typeof OipRepositoryIndex> =>
  [...models.values()].flatMap(({ name, versions, loaded, champion }) =>
    [...versions.keys()].flatMap((version) => {
      const ready = loaded && champion === version;
      if (readyOnly && !ready) return [];
      const reason = ready ? '' : loaded ? 'another version answers' : 'unloaded';
      return [{ name, version: String(version), state: ready ? 'READY' : 'UNAVAILABLE', reason }];
    }),
  );
