// Reads every case of `../shared/cases/datasets` with the service's own reading code and prints what became of each, as a
// Markdown table: right, warned (another table than expected, but said), refused, or wrong in silence.
//
//   node services/datasets/scripts/cases.ts [FOLDER] [id ...]
//
// Exit code 1 if any case is wrong in silence.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../src/engine/pool.ts';
import { defaultLimits } from '../src/limits.ts';
import { sharedData } from '../test/support/shared-data.ts';
import { type CaseExpectation, judge, type ReadTable } from './support/judge-case.ts';

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: readonly string[];
  readonly expected: CaseExpectation | string;
}

const [, , given, ...wanted] = process.argv;
const source = given || join(sharedData, '..', 'cases', 'datasets');
const cases: Case[] = JSON.parse(await readFile(join(source, 'cases.json'), 'utf8'));
const folder = await mkdtemp(join(tmpdir(), 'datasets-cases-'));
const engine = createEngine({ folder, processes: 1, waiting: 10, limits: defaultLimits });
const options = { folder, timeout: 60_000 };

const read = async (name: string): Promise<ReadTable | { refused: string }> => {
  const path = join(source, name);
  const output = join(folder, 'table.parquet');
  try {
    const input = { path, filename: name, options: {}, output };
    const { columns, warnings } = await engine.run('ingest', input, { ...options, readable: [path] });
    const { rows } = await engine.run('preview', { path: output, offset: 0, limit: 1000 }, options);
    return { columns, warnings, rows: JSON.parse(rows) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
};

const counts = new Map<string, number>();
console.log('| case | kind | outcome | what |\n| --- | --- | --- | --- |');
for (const { id, kind, input, expected } of cases) {
  const [name] = input;
  if (name === undefined || typeof expected === 'string' || (wanted.length > 0 && !wanted.includes(id))) continue;
  const { outcome, what } = judge(await read(name), expected);
  counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  console.log(`| ${id} | ${kind} | ${outcome} | ${what.replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 300)} |`);
}
console.log(`\n${[...counts].map(([outcome, count]) => `${outcome}: ${count}`).join(', ')}`);
await engine.close();
await rm(folder, { recursive: true, force: true });
process.exitCode = counts.has('wrong in silence') ? 1 : 0;
