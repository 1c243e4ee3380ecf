import type { Limits } from '../../limits.ts';
import { tooLarge } from '../refuse.ts';
import type { Package } from './package.ts';
import { readXml } from './xml.ts';

/**
 * The strings that cells refer to by number. They are held in memory, so their sum is bounded by a quarter of the engine's.
 * Phonetic hints (rPh) are no part of a string.
 */
export const readSharedStrings = async (archive: Package, part: string, limits: Limits): Promise<string[]> => {
  const strings: string[] = [];
  const maximum = limits.memory / 4;
  let total = 0;
  let current = '';
  let inText = false;
  let phonetic = 0;
  await readXml(await archive.open(part), part, {
    open: (name) => {
      if (name === 'si') current = '';
      if (name === 'rPh') phonetic += 1;
      inText = name === 't' && phonetic === 0;
    },
    text: (text) => {
      if (inText) current += text;
    },
    close: (name) => {
      inText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name !== 'si') return;
      const string = decodeEscapes(current);
      total += string.length * 2 + 32;
      if (total > maximum)
        throw tooLarge('too_many_strings', 'The workbook holds more text than can be read at once.', { maximum });
      strings.push(string);
    },
  });
  return strings;
};

/**
 * Undoes `_x000D_`, how SpreadsheetML writes characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19). Half a surrogate
 * pair (`_xDC88_`) is no character: it stays as it is written.
 */
export const decodeEscapes = (text: string): string =>
  text.includes('_x')
    ? text.replace(/(_x[0-9A-Fa-f]{4}_)+/g, (run) => {
        const decoded = run.replace(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
        if (decoded.isWellFormed()) return decoded;
        return run.replace(escaped, (whole, code: string) => {
          const character = String.fromCharCode(Number.parseInt(code, 16));
          return character.isWellFormed() ? character : whole;
        });
      })
    : text;

const escaped = /_x([0-9A-Fa-f]{4})_/g;
