import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceBatching, InferenceGolden, InferenceModelMetadata } from '@vindima/contracts';
import { insertIgnore, toJson } from '@vindima/database';
import { sql } from 'kysely';
import { touchServing } from '../db/serving-state.ts';
import type { InferenceQueries } from '../db/tables.ts';
import type { TriedModel } from '../trial/messages.ts';
import type { Trial } from '../trial/trial.ts';
import type { Registry } from './registry.ts';
import { findVersion, type VersionRecord } from './state.ts';

export interface Upload {
  /** The file, on this machine. */
  readonly file: string;
  /** What the uploader calls it. */
  readonly fileName: string;
  /** Of the model. */
  readonly name: string;
  readonly metadata: InferenceModelMetadata;
  readonly golden: InferenceGolden | null;
  readonly batching?: InferenceBatching | undefined;
  /** More about where it is from. */
  readonly origin?: Readonly<Record<string, unknown>>;
  /** Completes the metadata once the signature is known. */
  readonly complete?: (tried: TriedModel) => TriedModel;
}

export interface Uploaded {
  readonly version: VersionRecord;
  /** False when the model had this very version already. */
  readonly created: boolean;
}

/**
 * Makes an uploaded file a new version of a model; it does not answer yet. The file is read, converted, loaded and run once in a
 * process of its own. The same file with the same metadata again gives the version that it made the first time.
 *
 * @throws ServiceError 422 with what is wrong with the file
 */
export const upload = async (
  registry: Registry,
  trial: Trial,
  defaults: InferenceBatching,
  { file, fileName, name, metadata, golden, batching, origin = {}, complete = (tried) => tried }: Upload,
): Promise<Uploaded> => {
  const folder = await mkdtemp(join(tmpdir(), 'vindima-model-'));
  try {
    const output = join(folder, 'model.onnx');
    const tried = complete(await trial.run({ file, name: fileName, output, metadata }));
    return await registry.exclusively(async () => {
      // A file of its own: another replica may just be deleting a version that has the same content.
      const objectKey = `inference/models/${name}/${randomUUID()}.onnx`;
      await registry.objects.put(objectKey, createReadStream(output), { contentType: 'application/octet-stream' });
      const about = { metadata: toJson(metadata), golden: golden === null ? null : toJson(golden) };
      const row = {
        sha256: tried.sha256,
        bytes: tried.bytes,
        object_key: objectKey,
        origin: toJson({ ...tried.origin, file_name: fileName, ...origin }),
        signature: toJson(tried.signature),
        cost: toJson(tried.cost),
        ...about,
      };
      const { version, created } = await insertVersion(registry, name, row, defaults, batching);
      if (!created) await registry.objects.delete(objectKey);
      return { version: findVersion(await registry.refresh(), { name, version }), created };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface VersionRow {
  readonly sha256: string;
  readonly bytes: number;
  readonly object_key: string;
  readonly origin: string;
  readonly signature: string;
  readonly metadata: string;
  readonly golden: string | null;
  readonly cost: string;
}

const insertVersion = (
  { database, clock }: Registry,
  name: string,
  row: VersionRow,
  defaults: InferenceBatching,
  batching: InferenceBatching | undefined,
) =>
  database.transaction(async (transaction) => {
    await touchServing(transaction);
    const now = clock().toISOString();
    await insertIgnore(transaction, 'models', [
      { name, champion: null, loaded: 0, ...(batching ?? defaults), created_at: now, updated_at: now },
    ]);
    if (batching !== undefined) {
      await transaction
        .updateTable('models')
        .set({ ...batching, updated_at: now })
        .where('name', '=', name)
        .execute();
    }
    const before = await transaction
      .selectFrom('model_versions')
      .select(['version', 'sha256', 'metadata', 'golden', 'signature'])
      .where('model', '=', name)
      .orderBy('version', 'desc')
      .execute();
    const same = before.find(
      ({ sha256, metadata, golden, signature }) =>
        sha256 === row.sha256 && metadata === row.metadata && golden === row.golden && signature === row.signature,
    );
    if (same !== undefined) return { version: same.version, created: false };
    const version = await nextVersion(transaction, name);
    await transaction
      .insertInto('model_versions')
      .values({ model: name, version, ...row, created_at: now })
      .execute();
    return { version, created: true };
  });

const nextVersion = async (transaction: InferenceQueries, model: string): Promise<number> => {
  await insertIgnore(transaction, 'version_numbers', [{ model, last: 0 }]);
  await transaction.updateTable('version_numbers').set({ last: sql`last + 1` }).where('model', '=', model).execute();
  const { last } = await transaction
    .selectFrom('version_numbers')
    .select('last')
    .where('model', '=', model)
    .executeTakeFirstOrThrow();
  return Number(last);
};
