import type { InferenceModelRef } from '@vindima/contracts';
import { insertIgnore } from '@vindima/database';
import { sql } from 'kysely';
import type { InferenceQueries } from './tables.ts';

export const keyOf = ({ name, version }: InferenceModelRef): string => `${name}@${version}`;

/** @returns how often runs of each version had to be ended, by `name@version` */
export const readKills = async (query: InferenceQueries): Promise<ReadonlyMap<string, number>> => {
  const rows = await query.selectFrom('run_kills').select(['model', 'version', 'kills']).execute();
  return new Map(rows.map(({ model, version, kills }) => [keyOf({ name: model, version }), kills]));
};

export const addKill = async (
  query: InferenceQueries,
  { name, version }: InferenceModelRef,
  reason: string,
  at: string,
): Promise<void> => {
  await insertIgnore(query, 'run_kills', [{ model: name, version, kills: 0, reason, at }]);
  await query
    .updateTable('run_kills')
    .set({ kills: sql`kills + 1`, reason, at })
    .where('model', '=', name)
    .where('version', '=', version)
    .execute();
};

/** Begins to count anew: somebody lets the version answer again, or it is gone. */
export const forgetKills = async (query: InferenceQueries, name: string, version?: number): Promise<void> => {
  const all = query.deleteFrom('run_kills').where('model', '=', name);
  await (version === undefined ? all : all.where('version', '=', version)).execute();
};
