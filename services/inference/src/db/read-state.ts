import type { InferenceGolden, InferenceModelMetadata, InferenceSignature } from '@vindima/contracts';
import { fromJson } from '@vindima/database';
import type { Selectable } from 'kysely';
import type { ModelRecord, RegistryState, VersionRecord } from '../registry/state.ts';
import type { RunCost } from '../trial/messages.ts';
import { readKills } from './kills.ts';
import { readServing } from './serving-state.ts';
import type { InferenceQueries, ModelVersionTable } from './tables.ts';

const toVersion = (row: Selectable<ModelVersionTable>): VersionRecord => ({
  ref: { name: row.model, version: row.version },
  sha256: row.sha256,
  bytes: row.bytes,
  objectKey: row.object_key,
  origin: fromJson(row.origin),
  signature: fromJson<InferenceSignature>(row.signature),
  metadata: fromJson<InferenceModelMetadata>(row.metadata),
  golden: row.golden === null ? null : fromJson<InferenceGolden>(row.golden),
  cost: row.cost === null ? undefined : fromJson<RunCost>(row.cost),
  createdAt: row.created_at,
});

/**
 * Reads the whole registry. What is known already is kept: a version never changes, and a model that runs goes by the very
 * object of its signature.
 */
export const readState = async (query: InferenceQueries, known: RegistryState): Promise<RegistryState> => {
  // The revision first: what changes meanwhile is then read again, not missed.
  const { revision, current_model: current } = await readServing(query);
  const models = await query.selectFrom('models').selectAll().orderBy('name').execute();
  const keys = await query.selectFrom('model_versions').select(['model', 'version', 'created_at']).execute();
  const versions = new Map<string, Map<number, VersionRecord>>(models.map(({ name }) => [name, new Map()]));
  for (const { model, version, created_at } of keys) {
    const before = known.models.get(model)?.versions.get(version);
    const record = before?.createdAt === created_at ? before : await readVersion(query, model, version);
    if (record !== undefined) versions.get(model)?.set(version, record);
  }
  const records = models.map(
    (row): ModelRecord => ({
      name: row.name,
      champion: row.champion,
      loaded: row.loaded === 1,
      batching: { max_batch: row.max_batch, max_wait_ms: row.max_wait_ms },
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      versions: new Map([...(versions.get(row.name) ?? [])].sort(([left], [right]) => left - right)),
    }),
  );
  const kills = await readKills(query);
  return { revision, current, models: new Map(records.map((record) => [record.name, record])), kills };
};

const readVersion = async (query: InferenceQueries, model: string, version: number) => {
  const row = await query
    .selectFrom('model_versions')
    .selectAll()
    .where('model', '=', model)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? undefined : toVersion(row);
};
