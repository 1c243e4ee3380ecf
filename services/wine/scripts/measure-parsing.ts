/** Measures parsing: argument 1 is a folder with the fifteen files. Prints one line of JSON, milliseconds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../src/catalogue/catalogue.ts';
import { parse } from '../src/vitibrasil/parse.ts';

const folder = process.argv[2] ?? '.';
const files = catalogue.map((series) => ({ series, bytes: readFileSync(join(folder, series.file)) }));
const once = () => {
  const began = performance.now();
  const figures = files.reduce((sum, { series, bytes }) => sum + parse(series, bytes).values.length, 0);
  return { milliseconds: performance.now() - began, figures };
};
// The first time is what an ingestion pays; the others show what the code costs once it is compiled.
const first = once();
const later = Array.from({ length: 20 }, once).map(({ milliseconds }) => milliseconds);
const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
const median = later.sort((a, b) => a - b)[10];
console.log(JSON.stringify({ first: first.milliseconds, later: median, figures: first.figures, bytes }));
