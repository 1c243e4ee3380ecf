import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../src/plan.ts';

const read = (name: string) => readFile(join(root, name), 'utf8');

interface LockedPackage {
  readonly license?: string;
}

/** Licences that ask for no more than that their text goes along. */
const plain = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|Python-2\.0|\(?MIT OR [^)]+\)?)$/;
const withoutPlatform = (name: string) =>
  name.replace(/-(darwin|freebsd|linux|linuxmusl|win32|android|wasm32)\b.*$/, '');

describe('NOTICE', async () => {
  const notice = await read('NOTICE');
  const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(await read('package-lock.json'));

  it('names every installed package whose licence asks for more than its text', () => {
    const special = Object.entries(packages)
      .filter(([, { license }]) => license !== undefined && !plain.test(license))
      .map(([path]) => withoutPlatform(path.replace(/^.*node_modules\//, '')));
    expect(special).toContain('@img/sharp-libvips');
    expect([...new Set(special)].filter((name) => !notice.includes(name))).toEqual([]);
  });

  it.each(['LGPL-3.0-or-later', 'MPL-1.1', 'CenterNet', 'ONNX Runtime', 'DuckDB'])('names %s', (text) => {
    expect(notice).toContain(text);
  });

  it('is in every image, whose labels say so', async () => {
    const dockerfile = await read('Dockerfile');
    const [, last = ''] = dockerfile.split(/^FROM \$\{NODE_IMAGE\}$/m);
    expect(last).toMatch(/^COPY --from=build .*\/app\/NOTICE/m);
    expect(last).toContain('io.vindima.image.notice="/app/NOTICE"');
    expect(last).toMatch(/image\.licenses="MIT AND .*LGPL-3\.0-or-later AND MPL-1\.1"/);
    const ignored = (await read('.dockerignore')).split('\n');
    expect(ignored.filter((line) => /NOTICE|LICENSE/.test(line))).toEqual([]);
  });
});
