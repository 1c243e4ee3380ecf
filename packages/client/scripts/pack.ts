import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const room = join(import.meta.dirname, '..');
const root = join(room, '../..');
const dist = join(room, 'dist');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

const compile = (...options: string[]) => execFileSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });

/** Declarations name each other as JavaScript, and the contracts where they lie in the package. */
const rewrite = (file: string) => {
  const contracts = relative(dirname(file), join('contracts', 'index.js')).replaceAll(sep, '/');
  const text = readFileSync(join(dist, file), 'utf8')
    .replaceAll(/(['"])(\.{1,2}\/[^'"]+)\.ts\1/g, '$1$2.js$1')
    .replaceAll(/(['"])@vindima\/contracts\1/g, `$1${contracts.startsWith('.') ? contracts : `./${contracts}`}$1`);
  writeFileSync(join(dist, file), text);
};

/**
 * Makes the package in `dist`: the client's JavaScript, and declarations of it and of the contracts, which are types only.
 *
 * @returns the path of the archive
 */
export const packClient = (folder: string): string => {
  rmSync(dist, { recursive: true, force: true });
  compile('--project', join(room, 'tsconfig.package.json'), '--rootDir', join(room, 'src'), '--outDir', dist);
  const contracts = ['--rootDir', join(root, 'packages/contracts/src'), '--outDir', join(dist, 'contracts')];
  compile('--project', join(room, 'tsconfig.contracts.json'), ...contracts);
  for (const file of globSync('**/*.d.ts', { cwd: dist })) rewrite(file);
  const { name, version, type, dependencies } = JSON.parse(readFileSync(join(room, 'package.json'), 'utf8'));
  const manifest = {
    name,
    version,
    type,
    description: 'A typed client of Vindima for Node.js and browsers',
    license: 'MIT',
    engines: { node: '>=20' },
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    sideEffects: false,
    // For its types alone.
    dependencies: { typebox: dependencies.typebox },
  };
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(room, 'README.md'), join(dist, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, dist], { encoding: 'utf8' });
  const answer = JSON.parse(packed) as { filename: string }[] | Record<string, { filename: string }>;
  const [first] = Object.values(answer);
  if (first === undefined) throw new Error(`npm pack says nothing: ${packed}`);
  return join(folder, first.filename);
};

if (import.meta.main) process.stdout.write(`${packClient(process.argv[2] ?? room)}\n`);
