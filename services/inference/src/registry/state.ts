import {
  type InferenceBatching,
  type InferenceGolden,
  type InferenceModelMetadata,
  type InferenceModelRef,
  type InferenceSignature,
  ServiceError,
} from '@vindima/contracts';
import type { RunCost } from '../trial/messages.ts';

export interface VersionRecord {
  readonly ref: InferenceModelRef;
  readonly sha256: string;
  readonly bytes: number;
  readonly objectKey: string;
  readonly origin: Readonly<Record<string, unknown>>;
  readonly signature: InferenceSignature;
  readonly metadata: InferenceModelMetadata;
  readonly golden: InferenceGolden | null;
  /** Undefined of versions that were uploaded before it was measured. */
  readonly cost: RunCost | undefined;
  readonly createdAt: string;
}

export interface ModelRecord {
  readonly name: string;
  readonly champion: number | null;
  readonly loaded: boolean;
  readonly batching: InferenceBatching;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly versions: ReadonlyMap<number, VersionRecord>;
}

/** The whole registry at one moment. It is never changed, only replaced: a request sees the one before or the one after. */
export interface RegistryState {
  readonly revision: number;
  /** Answers `POST /model/classify/`. */
  readonly current: string | null;
  readonly models: ReadonlyMap<string, ModelRecord>;
  /** How often runs of a version had to be ended, by `name@version`. */
  readonly kills: ReadonlyMap<string, number>;
}

export const emptyState: RegistryState = { revision: -1, current: null, models: new Map(), kills: new Map() };

/** @throws ServiceError 404 `inference.unknown_model` */
export const findModel = (state: RegistryState, name: string): ModelRecord => {
  const model = state.models.get(name);
  if (model === undefined) throw new ServiceError(404, 'inference.unknown_model', `There is no model "${name}".`);
  return model;
};

/** @throws ServiceError 404 `inference.unknown_model`, `inference.unknown_version` */
export const findVersion = (state: RegistryState, { name, version }: InferenceModelRef): VersionRecord => {
  const found = findModel(state, name).versions.get(version);
  if (found === undefined) {
    throw new ServiceError(404, 'inference.unknown_version', `The model "${name}" has no version ${version}.`);
  }
  return found;
};

/** The version that answers. @throws ServiceError 404 `inference.unknown_model`; 409 `inference.not_loaded` */
export const championOf = (state: RegistryState, name: string): VersionRecord => {
  const { champion, loaded } = findModel(state, name);
  if (!loaded || champion === null) {
    throw new ServiceError(409, 'inference.not_loaded', `The model "${name}" is not loaded.`);
  }
  return findVersion(state, { name, version: champion });
};

/** The version that answers, or would if the model were loaded: the champion, else the newest. @throws ServiceError 404 */
export const newestVersion = ({ name, champion, versions }: ModelRecord): VersionRecord => {
  const found = (champion === null ? undefined : versions.get(champion)) ?? [...versions.values()].at(-1);
  if (found === undefined) {
    throw new ServiceError(404, 'inference.unknown_version', `The model "${name}" has no version.`);
  }
  return found;
};
