import type { InferenceBatching, LoadModelRequest } from '@vindima/contracts';
import type { Trial } from '../trial/trial.ts';
import { builtinName, ensureBuiltin } from './builtin-iris.ts';
import { promote } from './promote.ts';
import type { Registry } from './registry.ts';
import { findModel, newestVersion, type VersionRecord } from './state.ts';

export interface LoadPorts {
  readonly registry: Registry;
  readonly trial: Trial;
  /** For models that do not have their own. */
  readonly defaults: InferenceBatching;
}

/**
 * Lets a model answer: the version that is named, else its champion, else its newest one. Without a name it is the built-in iris.
 *
 * @param makeCurrent it also answers `POST /model/classify/` from now on
 * @throws ServiceError as `promote`
 */
export const load = async (
  { registry, trial, defaults }: LoadPorts,
  { name, version }: LoadModelRequest,
  makeCurrent: boolean,
): Promise<VersionRecord> => {
  const wanted = name ?? builtinName;
  const known = (await registry.refresh()).models.has(wanted);
  const builtin =
    wanted === builtinName && (name === undefined || !known)
      ? await ensureBuiltin(registry, trial, defaults)
      : undefined;
  return registry.exclusively(async () => {
    const model = findModel(await registry.refresh(), wanted);
    const chosen =
      version ?? (name === undefined ? builtin?.ref.version : undefined) ?? newestVersion(model).ref.version;
    return promote(registry, { name: wanted, version: chosen }, { reason: 'load', makeCurrent });
  });
};
