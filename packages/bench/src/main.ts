import { existsSync, readdirSync } from 'node:fs';

/** A benchmark prints its figures and the ratio that its target is stated in. */
export type Benchmark = (args: readonly string[]) => Promise<void>;

const folder = new URL('.', import.meta.url);
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(new URL(`${name}.ts`, folder))) {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
    .map((file) => file.replace('.ts', ''));
  console.error(`usage: npm run bench -- <${names.join('|')}>`);
  process.exit(2);
}

const { default: run } = (await import(new URL(`${name}.ts`, folder).href)) as { default: Benchmark };
await run(args);
