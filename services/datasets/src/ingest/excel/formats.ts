import type { Package } from './package.ts';
import { readXml } from './xml.ts';

/** What a number in a cell stands for, by the cell's format. */
export type NumberMeaning = 'number' | 'decimal-number' | 'date' | 'datetime' | 'time';

/** Formats that every program knows by number (ECMA-376 part 1, 18.8.30), the East Asian ones among them. */
const builtIn = (id: number): NumberMeaning => {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) || (id >= 50 && id <= 58))
    return 'date';
  if (id === 22) return 'datetime';
  if ((id >= 18 && id <= 21) || id === 32 || id === 33 || id === 45 || id === 47) return 'time';
  if (id === 2 || id === 4) return 'decimal-number';
  return 'number';
};

/**
 * What the code of a format makes of a number. Literal text, colours and conditions aside, y and d make it a date, h and s a
 * time; m is minutes beside h or s and months otherwise. Elapsed time ([h]) is a number of days, not a time of day.
 */
export const meaningOfFormat = (code: string): NumberMeaning => {
  const section = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';', 1)[0] ?? '';
  if (/\[(h+|m+|s+)\]/i.test(section)) return 'number';
  const plain = section
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general/gi, '')
    .replace(/AM\/PM|A\/P/gi, 'h');
  const time = /[hs]/i.test(plain);
  const date = /[ydb]/i.test(plain) || (!time && /m/i.test(plain)) || /m{3,}/i.test(plain);
  if (date && time) return 'datetime';
  if (date) return 'date';
  if (time) return 'time';
  return /[0#?]\.[0#?]/.test(plain) && !plain.includes('%') ? 'decimal-number' : 'number';
};

/** What numbers mean in each cell style, by the style's number. */
export const readNumberMeanings = async (archive: Package, part: string): Promise<NumberMeaning[]> => {
  const custom = new Map<number, NumberMeaning>();
  const styles: number[] = [];
  let inCellFormats = false;
  await readXml(await archive.open(part), part, {
    open: (name, attributes) => {
      if (name === 'numFmt') {
        custom.set(Number(attributes.numFmtId), meaningOfFormat(attributes.formatCode ?? ''));
      }
      if (name === 'cellXfs') inCellFormats = true;
      if (name === 'xf' && inCellFormats) styles.push(Number(attributes.numFmtId ?? 0));
    },
    close: (name) => {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles.map((id) => custom.get(id) ?? builtIn(id));
};
