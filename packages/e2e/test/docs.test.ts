import { access, glob, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources, root } from '../src/plan.ts';

const read = (name: string) => readFile(join(root, name), 'utf8');

describe('docs/upgrading.md', async () => {
  const page = await read('docs/upgrading.md');

  it('names every variable whose name has changed', async () => {
    const files = [
      ...(await readSources('services/*/src/config.ts')),
      ...(await readSources('packages/service-kit/src/config/common.ts')),
    ];
    const former = files.flatMap(({ text }) =>
      [...text.matchAll(/formerly: '([A-Z_]+)'/g)].map(([, name = '']) => name),
    );
    expect(former.length).toBeGreaterThan(40);
    expect(former.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

describe('docs/decisions', async () => {
  const records = (await readdir(join(root, 'docs/decisions'))).filter((name) => name !== 'README.md');

  it.each(records)('%s is in the index, short, and says when to change one’s mind', async (name) => {
    const text = await read(`docs/decisions/${name}`);
    expect(await read('docs/decisions/README.md')).toContain(`(${name})`);
    expect(text.split('\n').length).toBeLessThan(40);
    for (const heading of ['Context', 'Decision', 'Consequences', "When to change one's mind"])
      expect(text).toContain(`\n## ${heading}\n`);
  });
});

describe('links between the pages', () => {
  it('lead to files that are there', async () => {
    const broken: string[] = [];
    for await (const page of glob('{*.md,{docs,packages,services,deploy,tools}/**/*.md}', {
      cwd: root,
      exclude: ['**/node_modules', '**/fixtures'],
    })) {
      for (const [, target = ''] of (await read(page)).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
        const exists = await access(join(root, dirname(page), target)).then(
          () => true,
          () => false,
        );
        if (!exists) broken.push(`${page}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });
});
