import { glob, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The repository's folder. */
export const root = join(import.meta.dirname, '../../..');

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** @returns the TypeScript files that a pattern finds below the root, in the order of their paths */
export const readSources = async (pattern: string): Promise<readonly SourceFile[]> => {
  const files: SourceFile[] = [];
  for await (const path of glob(pattern, { cwd: root, exclude: ['**/node_modules'] })) {
    files.push({ path: path.split(sep).join('/'), text: await readFile(join(root, path), 'utf8') });
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
};

const verbs = 'get|post|put|patch|delete|head|options|all|route';
const byName = new RegExp(String.raw`\b(?:app|scope|instance|fastify)\s*\.\s*(?:${verbs})\s*[(<]`);
const byPath = new RegExp(String.raw`\.\s*(?:${verbs})\s*(?:<[^(]*>)?\(\s*['"\`]\/`);
const byUrl = /\.\s*route\s*\(\s*\{/;

/** Whether a text registers a route itself, as `implement` alone should. */
export const hasOwnRoute = (text: string): boolean => [byName, byPath, byUrl].some((form) => form.test(text));

const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\bresolve\s*\(\s*)['"]([^'"]+)['"]/g;

/** @returns the rooms (`services/wine`, `packages/lake`) that a file imports, its own not among them */
export const importedRooms = ({ path, text }: SourceFile, rooms: ReadonlyMap<string, string>): readonly string[] => {
  const own = path.split('/', 2).join('/');
  const found = [...text.matchAll(specifier)].flatMap(([, name = '']) => {
    if (name.startsWith('.')) {
      const target = relative(root, join(root, path, '..', name))
        .split(sep)
        .join('/');
      return [target.split('/', 2).join('/')];
    }
    return rooms.get(name.split('/', 2).join('/')) ?? [];
  });
  return [...new Set(found)].filter((room) => room !== own);
};

/** @returns the folders of all workspaces by the name of their package */
export const readRooms = async (): Promise<ReadonlyMap<string, string>> => {
  const rooms = new Map<string, string>();
  for await (const path of glob('{packages,services}/*/package.json', { cwd: root })) {
    const { name }: { name: string } = JSON.parse(await readFile(join(root, path), 'utf8'));
    rooms.set(name, path.split(sep).slice(0, 2).join('/'));
  }
  return rooms;
};
