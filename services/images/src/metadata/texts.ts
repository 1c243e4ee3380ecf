import { longestTag, normalizeTag } from '../tagging/tag-text.ts';

/** More keywords than these are not somebody's description of a picture. */
const mostKeywords = 64;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The text of one of the reader's tags; undefined where there is none, or nothing but space. */
export const textOf = (tag: unknown): string | undefined => {
  const described = isRecord(tag) ? tag.description : undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: cameras fill their fields up with zeros.
  const text = typeof described === 'string' ? described.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '') : '';
  return text.trim() === '' ? undefined : text.trim();
};

/** Without halving a character. */
export const boundedText = (text: string | undefined, length: number): string | null =>
  text === undefined ? null : [...text.normalize('NFC')].slice(0, length).join('');

/** `SONY` and `SONY ILCE-7` are said once. */
export const cameraOf = (make: string | undefined, model: string | undefined): string | null => {
  if (make === undefined || model === undefined) return boundedText(model ?? make, 100);
  const isNamed = model.toLowerCase().startsWith(make.toLowerCase());
  return boundedText(isNamed ? model : `${make} ${model}`, 100);
};

/** The items of a list in IPTC (the tag repeated) or XMP (a bag). */
const itemsOf = (tag: unknown): readonly unknown[] => {
  if (Array.isArray(tag)) return tag;
  return isRecord(tag) && Array.isArray(tag.value) ? tag.value : [tag];
};

/** Keywords as tags, each once, in the order of the file. Programs that write all of them into one separate them by commas. */
export const keywordsOf = (lists: readonly unknown[]): string[] => {
  const keywords = new Set<string>();
  for (const item of lists.flatMap(itemsOf)) {
    for (const word of (textOf(item) ?? '').slice(0, mostKeywords * longestTag).split(/[,;]/)) {
      const keyword = normalizeTag(word);
      if (keyword !== '' && keywords.size < mostKeywords) keywords.add(keyword);
    }
  }
  return [...keywords];
};
