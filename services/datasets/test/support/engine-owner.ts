// A process that has an engine at work, to be killed by a test. Tells its engines' process ids.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/pool.ts';
import { defaultLimits } from '../../src/limits.ts';

const folder = process.argv[2] ?? '';
const engine = createEngine({ folder, processes: 1, waiting: 1, limits: defaultLimits });
const path = join(folder, 'a.csv');
await writeFile(path, 'a,b\n'.concat('1,x\n'.repeat(5_000_000)));
const work = engine.run(
  'ingest',
  { path, filename: 'a.csv', options: {}, output: join(folder, 't.parquet') },
  { folder, timeout: 60_000 },
);
setTimeout(() => process.send?.(engine.processes()), 500);
await work;
