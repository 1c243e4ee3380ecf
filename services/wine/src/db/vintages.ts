import type { WineFinding, WineHeldFile, WineSeriesId, WineSource, WineVintage } from '@vindima/contracts';
import { fromJson, insertIgnore, toJson } from '@vindima/database';
import type { Manifest } from '../lake/manifest.ts';
import type { WineQueries } from './tables.ts';

/** A file that was held, with where it is kept. */
export interface HeldSource {
  readonly series: WineSeriesId;
  readonly source: WineSource;
  readonly sourceKey: string;
}

/** @returns whether a content was served before, or taken by somebody: it then passes unasked */
export const wasServed = async (query: WineQueries, series: WineSeriesId, sha256: string): Promise<boolean> => {
  const row = await query
    .selectFrom('vintages')
    .select('state')
    .where('series', '=', series)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return row?.state === 'served';
};

export const writeHeld = async (query: WineQueries, held: HeldSource, findings: readonly WineFinding[]) => {
  const { series, source, sourceKey } = held;
  await insertIgnore(query, 'vintages', [
    {
      series,
      sha256: source.sha256,
      state: 'held',
      first_seen_at: source.fetched_at,
      source: toJson(source),
      source_key: sourceKey,
      findings: toJson(findings),
      accepted_by: null,
      accepted_at: null,
    },
  ]);
};

/**
 * Records what is served from now on, unless it is what was served already.
 *
 * @param acceptedBy who took it, where it was held
 */
export const writeServed = async (query: WineQueries, manifest: Manifest, at: string, acceptedBy?: string) => {
  const { series, source } = manifest;
  await insertIgnore(query, 'vintages', [
    {
      series,
      sha256: source.sha256,
      state: 'served',
      first_seen_at: source.fetched_at,
      source: toJson(source),
      source_key: manifest.source_key,
      findings: toJson([]),
      accepted_by: null,
      accepted_at: null,
    },
  ]);
  await query
    .updateTable('vintages')
    .set({ state: 'served', ...(acceptedBy === undefined ? {} : { accepted_by: acceptedBy, accepted_at: at }) })
    .where('series', '=', series)
    .where('sha256', '=', source.sha256)
    .execute();
  const last = await query
    .selectFrom('publications')
    .select('sha256')
    .where('series', '=', series)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.sha256 === source.sha256) return;
  await query
    .insertInto('publications')
    .values({ series, sha256: source.sha256, served_from: at, manifest: toJson(manifest) })
    .execute();
};

/** Records what is served since before vintages were kept. */
export const adoptServed = async (query: WineQueries, manifest: Manifest) => {
  const known = await query
    .selectFrom('publications')
    .select('id')
    .where('series', '=', manifest.series)
    .limit(1)
    .executeTakeFirst();
  if (known === undefined) await writeServed(query, manifest, manifest.source.fetched_at);
};

/** @returns the manifest of what was served at an instant; undefined before the first */
export const servedAt = async (query: WineQueries, series: WineSeriesId, at: string): Promise<Manifest | undefined> => {
  const row = await query
    .selectFrom('publications')
    .select('manifest')
    .where('series', '=', series)
    .where('served_from', '<=', at)
    .orderBy('served_from', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : fromJson<Manifest>(row.manifest);
};

export const listVintages = async (query: WineQueries, series: WineSeriesId): Promise<WineVintage[]> => {
  const rows = await query
    .selectFrom('vintages')
    .innerJoin('publications', (join) =>
      join.onRef('publications.series', '=', 'vintages.series').onRef('publications.sha256', '=', 'vintages.sha256'),
    )
    .select(['vintages.sha256', 'source', 'first_seen_at', 'accepted_by', 'served_from', 'publications.id'])
    .where('vintages.series', '=', series)
    .orderBy('publications.id', 'desc')
    .execute();
  const newest = new Map(rows.toReversed().map((row) => [row.sha256, row]));
  return [...newest.values()]
    .sort((a, b) => b.id - a.id)
    .map(({ sha256, source, first_seen_at, accepted_by, served_from }) => {
      const { url, bytes } = fromJson<WineSource>(source);
      return { series, sha256, url, bytes, first_seen_at, served_from, accepted_by };
    });
};

const heldRows = (query: WineQueries) =>
  query.selectFrom('vintages').selectAll().where('state', '=', 'held').orderBy('first_seen_at').orderBy('series');

export const listHeld = async (query: WineQueries): Promise<WineHeldFile[]> =>
  (await heldRows(query).execute()).map((row) => {
    const { url, bytes } = fromJson<WineSource>(row.source);
    return {
      sha256: row.sha256,
      series: row.series as WineSeriesId,
      url,
      bytes,
      first_seen_at: row.first_seen_at,
      findings: fromJson<WineFinding[]>(row.findings),
    };
  });

/** @returns the held files of some SHA-256 */
export const findHeld = async (query: WineQueries, sha256: readonly string[]): Promise<HeldSource[]> =>
  (await heldRows(query).where('sha256', 'in', sha256).execute()).map((row) => ({
    series: row.series as WineSeriesId,
    source: fromJson<WineSource>(row.source),
    sourceKey: row.source_key,
  }));
