import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packClient } from './pack.ts';

/** Installs the packed client into an empty folder, type-checks a program that uses it there, and runs it on another Node.js than ours. */
const program = `
import { createClient, VindimaError, type Client } from '@vindima/client';

const asked: string[] = [];
const client: Client = createClient({
  url: 'http://vindima.example',
  apiKey: 'k',
  fetch: async (input) => {
    asked.push(String(input));
    return Response.json(asked.length === 1 ? { items: [], next_cursor: null } : { error: 'No.', code: 'wine.no_data' }, {
      status: asked.length === 1 ? 200 : 503,
    });
  },
});
const { items } = await client.wine.getSeries({ id: 'import-wine', year_from: 2020 });
const years: number[] = items.map(({ year }) => year);
// @ts-expect-error there is no such parameter
const wrong = () => client.wine.getSeries({ id: 'import-wine', yearFrom: 2020 });
const error = await client.wine.getChecks({ id: 'production' }).catch((thrown: unknown) => thrown);
if (!(error instanceof VindimaError) || error.code !== 'wine.no_data' || years.length !== 0) throw new Error('not as it should be');
console.log(process.version, asked.join(' '), typeof wrong);
`;

const node = process.argv[2] ?? 'node';
const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'vindima-client-'));
const run = (command: string, args: string[]) => execFileSync(command, args, { cwd: folder, stdio: 'inherit' });
try {
  const archive = packClient(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), program);
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', archive]);
  const types = join(root, 'node_modules/@types');
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--target', 'es2022'];
  const modules = ['--module', 'nodenext', '--typeRoots', types, '--types', 'node'];
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...strict, ...modules, 'program.ts']);
  run(node, ['program.js']);
} finally {
  rmSync(folder, { recursive: true });
}
