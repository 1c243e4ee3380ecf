import type { InferenceModel, InferenceModelVersion } from '@vindima/contracts';
import { memoryCost } from '../runtime/shelf.ts';
import { isHeldBack } from './hold-back.ts';
import type { Registry } from './registry.ts';
import type { ModelRecord, VersionRecord } from './state.ts';

export const viewVersion = ({ shelf, state }: Registry, version: VersionRecord): InferenceModelVersion => ({
  version: version.ref.version,
  sha256: version.sha256,
  bytes: version.bytes,
  memory_bytes: memoryCost(version),
  isolated: version.cost?.isolated ?? false,
  held_back: isHeldBack(state, version.ref),
  origin: { ...version.origin },
  signature: version.signature,
  metadata: version.metadata,
  golden: version.golden,
  in_memory: shelf.has(version.ref),
  created_at: version.createdAt,
});

/** A model as `GET /models` shows it. */
export const viewModel = (registry: Registry, model: ModelRecord): InferenceModel => ({
  name: model.name,
  champion: model.champion,
  loaded: model.loaded,
  current: registry.state.current === model.name,
  batching: model.batching,
  versions: [...model.versions.values()].map((version) => viewVersion(registry, version)),
  created_at: model.createdAt,
  updated_at: model.updatedAt,
});
