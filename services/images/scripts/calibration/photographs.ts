import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Photograph {
  readonly file: string;
  /** The COCO label of the subject, where there is one. */
  readonly subject: string | undefined;
  /** Everything that is known to be visible: the subject, and what was seen when the tags were reviewed by eye. */
  readonly visible: ReadonlySet<string>;
}

const rows = (csv: string): string[][] =>
  csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));

/** The photographs of `<dataFolder>/photos` with their labels, and our own review of what else they show (also-visible.csv). */
export const readPhotographs = async (dataFolder: string): Promise<Photograph[]> => {
  const labels = await readFile(join(dataFolder, 'photos', 'labels.csv'), 'utf8');
  const review = await readFile(new URL('also-visible.csv', import.meta.url), 'utf8');
  return rows(labels).map(([file = '', , subject = '']) => ({
    file,
    subject: subject || undefined,
    visible: new Set([
      ...(subject === '' ? [] : [subject]),
      ...rows(review).flatMap(([reviewed, tag = '']) => (reviewed === file ? [tag] : [])),
    ]),
  }));
};
