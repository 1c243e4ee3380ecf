import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// `services/datasets` makes its codes of refused files from a reason.
const reasons = /\b(?:unreadable|wrongType|tooLarge)\(\s*'([a-z0-9_]+)'/g;
const literals =
  /'((?:gateway|wine|images|datasets|inference|pricing|sandbox|upstream|onnx|jobs|object_store|database|messaging)\.[a-z0-9_]+)'/g;
// What the kit says for every service: `${service}.unknown_job`, or a reason by its status.
const ofEveryService = /`\$\{(?:service|name)\}\.([a-z0-9_]+)`|\b4\d\d: '([a-z_]+)'/g;
// Columns of tables, written as SQL wants them; file names.
const others = /\.(id|name|date|path|parquet|csv|json|txt|db)$/;

/** The codes of errors and the kinds of jobs that the source of a repository names. */
export const codesIn = (repository: string): string[] => {
  const codes = new Set<string>();
  for (const room of ['packages', 'services']) {
    for (const name of readdirSync(join(repository, room))) {
      if (name === 'bench' || name === 'e2e' || name === 'test-servers') continue;
      for (const file of sources(join(repository, room, name, 'src'))) {
        const text = readFileSync(file, 'utf8');
        for (const [, code = ''] of text.matchAll(literals)) if (!others.test(code)) codes.add(code);
        for (const [, one, other] of text.matchAll(ofEveryService)) codes.add(`*.${one ?? other}`);
        if (name !== 'datasets') continue;
        for (const [, reason] of text.matchAll(reasons)) codes.add(`datasets.${reason}`);
      }
    }
  }
  return [...codes].sort();
};

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
