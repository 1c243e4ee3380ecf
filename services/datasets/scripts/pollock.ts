// Reads the files of the Pollock benchmark (HPI-Information-Systems/Pollock) and writes what came of each where its
// evaluate.py looks for it:
//
//   node services/datasets/scripts/pollock.ts FOLDER_OF_POLLOCK [polluted_files|survey_sample] [every]
//   cd FOLDER_OF_POLLOCK && python3 evaluate.py --sut vindima --dataset polluted_files
//
// `every`: only each so manieth file, for a quick look.
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../src/engine/pool.ts';
import { defaultLimits } from '../src/limits.ts';

const [, , pollock = '', dataset = 'polluted_files', every = '1'] = process.argv;
const source = join(pollock, dataset, 'csv');
const target = join(pollock, 'results', 'vindima', dataset, 'loading');
await mkdir(target, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'datasets-pollock-'));
const engine = createEngine({ folder, processes: 1, waiting: 10, limits: defaultLimits });
const options = { folder, timeout: 60_000 };
let refused = 0;
const files = (await readdir(source)).sort().filter((_, index) => index % Number(every) === 0);
for (const name of files) {
  const path = join(source, name);
  const result = join(target, `${name}_converted.csv`);
  const table = join(folder, 'table.parquet');
  const output = join(folder, 'table.csv');
  try {
    const read = (types?: Record<string, 'string'>) =>
      engine.run(
        'ingest',
        { path, filename: `${name}.csv`, options: types === undefined ? {} : { types }, output: table },
        { ...options, readable: [path] },
      );
    let found = await read();
    // The judge compares how cells are written: 31/12/2018 must not become 2018-12-31.
    const dates = found.columns.filter(({ type }) => type === 'date' || type === 'datetime');
    if (dates.length > 0) found = await read(Object.fromEntries(dates.map(({ name }) => [name, 'string'])));
    const floats = found.dialect.float_columns;
    await engine.run('render', { path: table, format: 'csv', escapeFormulas: false, floats, output }, options);
    await rename(output, result);
  } catch (error) {
    refused += 1;
    await writeFile(result, `Application Error\n${error instanceof Error ? error.message : String(error)}`);
    console.log(name, error instanceof Error ? error.message : error);
  }
}
console.log(`${files.length} files, ${refused} refused`);
await engine.close();
await rm(folder, { recursive: true, force: true });
