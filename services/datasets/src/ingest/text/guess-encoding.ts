import { analyse } from 'chardet';
import { decodeAll } from './encodings.ts';
import { plausibility } from './plausibility.ts';

/** The encodings of text that is not Unicode, those that are more often met first. */
const candidates = [
  'windows-1252',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
  'windows-1251',
  'koi8-r',
  'windows-1250',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'windows-1255',
  'windows-1256',
  'windows-874',
  'iso-8859-15',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'macintosh',
  'cp850',
  'cp437',
  'cp852',
  'ibm866',
  'x-mac-cyrillic',
] as const;

export interface Guess {
  readonly encoding: string;
  /** Whether another encoding would read it about as well. */
  readonly close: string | undefined;
}

/** How much the statistics of letters count beside what the words look like, if there are enough of them. */
const weightOfStatistics = 0.3;
const enoughBytes = 12;
/** What is met far more often than the rest. */
const priors: Readonly<Record<string, number>> = {
  'windows-1252': 0.1,
  'windows-1251': 0.05,
  macintosh: -0.05,
  cp437: -0.05,
};
/** Readings that are closer than this cannot be told apart. */
const margin = 0.05;

/**
 * Guesses the encoding of bytes that are no UTF-8: every candidate that can decode them is judged by how much its text looks
 * like words (`plausibility`), helped by chardet's statistics. A control character is proof that a guess is wrong.
 * @param lines the lines that have bytes beyond ASCII
 * @returns undefined where no candidate makes text of them
 */
export const guessEncoding = (lines: Uint8Array): Guess | undefined => {
  const statistics = new Map(analyse(lines).map(({ name, confidence }) => [name.toLowerCase(), confidence / 100]));
  const weight = weightOfStatistics * Math.min(1, lines.filter((byte) => byte > 127).length / enoughBytes);
  const readings = candidates.flatMap((encoding) => {
    const text = decodeAll(encoding, lines);
    const score = text === undefined ? undefined : plausibility(text);
    if (text === undefined || score === undefined) return [];
    return [{ encoding, text, score: score + weight * (statistics.get(encoding) ?? 0) + (priors[encoding] ?? 0) }];
  });
  const [best, ...others] = readings.sort((one, other) => other.score - one.score);
  if (best === undefined) return undefined;
  const close = others.find(({ score, text }) => text !== best.text && best.score - score < margin);
  return { encoding: best.encoding, close: close?.encoding };
};
