import { insertIgnore } from '@vindima/database';
import type { Kysely } from 'kysely';
import type { Finding, Provenance, Tagging } from '../tagging/tagger.ts';
import type { ImagesTables } from './tables.ts';

/** Findings whose source and words the database knows. */
export interface RecordedTagging {
  readonly findings: readonly Finding[];
  readonly sourceId: number;
}

/**
 * Writes down who found something and the words that were found, ahead of the transaction that uses them: every upload shares these
 * rows, and none should wait for another's locks on them. What was written once is remembered.
 */
export const createTagNames = (query: Kysely<ImagesTables>) => {
  const sources = new Map<string, number>();
  const words = new Set<string>();

  const sourceId = async ({ tagger, model, version }: Provenance): Promise<number> => {
    const key = JSON.stringify([tagger, model, version]);
    const remembered = sources.get(key);
    if (remembered !== undefined) return remembered;
    await insertIgnore(query, 'tag_sources', [{ tagger, model, version }]);
    const { id } = await query
      .selectFrom('tag_sources')
      .select('id')
      .where('tagger', '=', tagger)
      .where('model', '=', model)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    sources.set(key, id);
    return id;
  };

  const record = async ({ findings, tagger, model, version }: Tagging): Promise<RecordedTagging> => {
    const unknown = findings.map(({ tag }) => tag).filter((tag) => !words.has(tag));
    await insertIgnore(
      query,
      'vocabulary',
      unknown.map((tag) => ({ tag })),
    );
    for (const tag of unknown) words.add(tag);
    return { findings, sourceId: await sourceId({ tagger, model, version }) };
  };

  return {
    async record(taggings: readonly Tagging[]): Promise<RecordedTagging[]> {
      const recorded: RecordedTagging[] = [];
      for (const tagging of taggings) recorded.push(await record(tagging));
      return recorded;
    },
  };
};

export type TagNames = ReturnType<typeof createTagNames>;
