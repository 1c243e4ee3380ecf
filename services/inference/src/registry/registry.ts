import { webcrypto } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import pLimit from 'p-limit';
import type { InferenceContext } from '../context.ts';
import { readState } from '../db/read-state.ts';
import type { Lease, ModelFile, Shelf } from '../runtime/shelf.ts';
import { refuseHeldBack } from './hold-back.ts';
import { championOf, emptyState, findVersion, type RegistryState, type VersionRecord } from './state.ts';

export interface RegistryOptions
  extends Pick<InferenceContext, 'database' | 'messages' | 'objects' | 'logger' | 'clock'> {
  readonly shelf: Shelf;
}

/** What the operations on the registry work with. */
export interface Registry extends RegistryOptions {
  /** As this replica sees it now. */
  readonly state: RegistryState;
  /** Runs one change at a time in this replica; across replicas the database decides. */
  exclusively<Result>(change: () => Promise<Result>): Promise<Result>;
  /** Reads the database; from then on requests go by what it says. */
  refresh(): Promise<RegistryState>;
  /** Shows requests a state that `refresh` would not give yet, because something could not be loaded. */
  show(state: RegistryState): void;
  fileOf(version: VersionRecord): ModelFile;
  /**
   * A version to run, by default the one that answers; brought into memory if it was put out of it.
   * @throws ServiceError 404 `inference.unknown_model`, `inference.unknown_version`; 409 `inference.not_loaded`; 422
   * `inference.held_back`
   */
  lease(name: string, version?: number): Lease | Promise<Lease>;
}

export const createRegistry = (options: RegistryOptions): Registry => {
  const { database, objects, shelf } = options;
  let state = emptyState;
  const oneAtATime = pLimit(1);

  const fileOf = ({ ref, signature, bytes, sha256, objectKey, cost }: VersionRecord): ModelFile => ({
    ref,
    signature,
    bytes,
    cost,
    read: async () => {
      const onnx = await objects.get(objectKey, { maximumBytes: bytes });
      // On a thread of the pool: hashing hundreds of megabytes takes its time.
      const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', onnx)).toString('hex');
      if (digest !== sha256) {
        throw new ServiceError(
          500,
          'inference.damaged_model',
          `The stored file of version ${ref.version} of "${ref.name}" is not the one that was uploaded.`,
        );
      }
      return onnx;
    },
  });

  return {
    ...options,
    get state() {
      return state;
    },
    exclusively: (change) => oneAtATime(change),
    refresh: async () => {
      state = await readState(database.query, state);
      return state;
    },
    show: (other) => {
      state = other;
    },
    fileOf,
    lease: (name, version) => {
      const found = version === undefined ? championOf(state, name) : findVersion(state, { name, version });
      // Only loaded models answer, whatever version is asked for.
      if (version !== undefined) championOf(state, name);
      refuseHeldBack(state, found.ref);
      return shelf.peek(found.ref) ?? shelf.acquire(fileOf(found));
    },
  };
};
