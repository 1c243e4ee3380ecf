import { missingWords } from '../missing-words.ts';

/** What a cell looks like at a glance: enough to tell a header from what is under it, not to decide types. */
export type Look = 'empty' | 'number' | 'date' | 'time' | 'boolean' | 'word' | 'text';

const number = /^[-+]?[$€£]? ?(\d+|\d{1,3}([., '’]\d{3})+)?([.,]\d*)?([eE][-+]?\d+)? ?[%€$]?$/;
const date =
  /^(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}[- ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]\d{2,4})([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[AP]M|[-+]\d{2}:?\d{2}))?)?$/i;
const time = /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AP]M)?$/i;
const words: ReadonlySet<string> = new Set(missingWords);

export const lookOf = (cell: string): Look => {
  const text = cell.trim();
  if (text === '') return 'empty';
  const code = text.charCodeAt(0);
  // Letters first: most cells of text are told apart by their first character.
  if (code > 64 && code < 128) {
    if (words.has(text)) return 'word';
    return /^(true|false)$/i.test(text) ? 'boolean' : 'text';
  }
  if (words.has(text)) return 'word';
  if (/\d/.test(text)) {
    if (number.test(text)) return 'number';
    if (date.test(text)) return 'date';
    if (time.test(text)) return 'time';
  }
  return 'text';
};

/** The shape of a text: runs of digits, capitals and small letters as one character each, all others as they are. */
export const maskOf = (cell: string): string =>
  cell
    .trim()
    .replace(/\d+/g, '9')
    .replace(/\p{Lu}+/gu, 'A')
    .replace(/[\p{Ll}\p{Lo}]+/gu, 'a');

/** Whether a shape says something: digits or punctuation, not only words. */
export const isTelling = (mask: string): boolean => /[^\sAa'’.-]/.test(mask);
