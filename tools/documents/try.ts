import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Judges the documents of a running platform, and makes and tries clients of them: `node try.ts <url> [key]`. Install here first (`npm ci`).
 */
const [url = 'http://localhost:8080', key] = process.argv.slice(2);
const room = import.meta.dirname;
const made = join(room, 'made');
const run = (program: string, ...args: string[]) =>
  execFileSync(join(room, 'node_modules/.bin', program), args, { cwd: room, stdio: 'inherit' });

const documentOf = async (path: string, name: string) => {
  const answer = await fetch(`${url}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const file = join(made, `${name}.json`);
  writeFileSync(file, await answer.text());
  return file;
};

rmSync(made, { recursive: true, force: true });
mkdirSync(made);
const whole = await documentOf('/openapi.json', 'platform');
const names = ['gateway', 'wine', 'images', 'datasets', 'inference', 'pricing'];
const files = [whole, ...(await Promise.all(names.map((name) => documentOf(`/docs/${name}/openapi.json`, name))))];
run('redocly', 'lint', '--config', 'redocly.yaml', ...files);
run('spectral', 'lint', '--ruleset', 'spectral.yaml', '--fail-severity', 'error', ...files);

run('openapi-typescript', whole, '--output', join(made, 'openapi-typescript.d.ts'));
run('openapi-ts', '--input', whole, '--output', join(made, 'hey-api'), '--client', '@hey-api/client-fetch');
run('tsc', '--project', 'tsconfig.json');
// What generators write is meant for bundlers; the one of our tests is there.
const bundler = join(room, '../../node_modules/.bin/rolldown');
for (const program of ['program-fetch', 'program-hey']) {
  const bundle = join(made, `${program}.js`);
  execFileSync(bundler, [`${program}.ts`, '--platform', 'node', '--file', bundle], { cwd: room });
  execFileSync(process.execPath, [bundle, url, ...(key === undefined ? [] : [key])], { cwd: room, stdio: 'inherit' });
}
rmSync(made, { recursive: true });
