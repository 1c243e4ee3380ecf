import type { TagStatistics } from '@vindima/contracts';
import type { Kysely } from 'kysely';
import type { ImagesTables } from './tables.ts';

export interface DateRange {
  /** Inclusive, `YYYY-MM-DD HH:MM:SS`. */
  readonly from?: string;
  readonly to?: string;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** How often and how confidently every tag was given, by tag. */
export const tagStatistics = async (query: Kysely<ImagesTables>, { from, to }: DateRange): Promise<TagStatistics[]> => {
  const rows = await query
    .selectFrom('tags')
    .select(({ fn }) => [
      'tag',
      fn.countAll<number>().as('n_images'),
      fn.min('confidence').as('min_confidence'),
      fn.max('confidence').as('max_confidence'),
      fn.avg<number>('confidence').as('mean_confidence'),
    ])
    .$if(from !== undefined, (select) => select.where('date', '>=', from ?? ''))
    .$if(to !== undefined, (select) => select.where('date', '<=', to ?? ''))
    .groupBy('tag')
    .orderBy('tag')
    .execute();
  return rows.map((row) => ({
    tag: row.tag,
    n_images: Number(row.n_images),
    min_confidence: Number(row.min_confidence),
    max_confidence: Number(row.max_confidence),
    mean_confidence: round(Number(row.mean_confidence)),
  }));
};
