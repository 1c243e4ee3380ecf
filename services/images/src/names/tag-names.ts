import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@vindima/service-kit';
import { normalizeTag } from '../tagging/tag-text.ts';

export type TagLanguage = 'en' | 'pt' | 'es';

/** Names of tags in other languages than that of the taggers, which is English. */
export interface NamesOfTags {
  /** The tags that a name may mean: itself, and those that are called so in some language. */
  meanings(name: string): readonly string[];
  /** What a tag is called; itself where no name is known. */
  nameOf(tag: string, language: TagLanguage | undefined): string;
}

const languages = ['en', 'pt', 'es'] as const;

const parse = (text: string): Readonly<Record<TagLanguage, string>>[] => {
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  if (head.trim() !== languages.join(',')) throw new Error(`its first line is not ${languages.join(',')}`);
  return lines.map((line, index) => {
    const [en = '', pt = '', es = '', ...more] = line.split(',').map(normalizeTag);
    if (en === '' || more.length > 0) throw new Error(`line ${index + 2} is not English,Portuguese,Spanish`);
    return { en, pt, es };
  });
};

const own = new URL('./tag-names.csv', import.meta.url);

/**
 * Reads the names that are known here, and those of a file of the user's, which come first.
 * @throws ConfigurationError where that file is wrong
 */
export const readTagNames = async (path: string | undefined): Promise<NamesOfTags> => {
  const rows = parse(await readFile(own, 'utf8'));
  if (path !== undefined) {
    try {
      rows.push(...parse(await readFile(path, 'utf8')));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigurationError(
        `IMAGES_TAG_NAMES=${path}: expected lines of English,Portuguese,Spanish (${reason})`,
      );
    }
  }
  const byTag = new Map(rows.map((row) => [row.en, row]));
  const meanings = new Map<string, Set<string>>();
  for (const { en, pt, es } of byTag.values()) {
    for (const name of [pt, es]) if (name !== '') meanings.set(name, (meanings.get(name) ?? new Set()).add(en));
  }
  return {
    meanings: (name) => [...new Set([name, ...(meanings.get(name) ?? [])])],
    nameOf: (tag, language) => (language === undefined ? tag : byTag.get(tag)?.[language] || tag),
  };
};
